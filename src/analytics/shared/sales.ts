import type { Counting, Definition } from '../../metrics/definition.ts';
import { family } from '../../metrics/family.ts';
import { inCurrency } from '../../metrics/fields.ts';
import type { Sums } from '../../metrics/sums/sums.ts';

/** The counter of units sold, in thousandths; earlier versions had one of whole units, `units`. */
export const UNITS_SOLD = 'thousandths';

/** What orders say beside their revenue. */
export const MONEY_PARTS = ['shipping', 'tax', 'discount'] as const;

/** Orders and money by time: behind revenue and the live numbers. */
export const revenueCounts = family({
  name: 'revenue',
  kind: 'counter',
  windows: ['15m', 'hour', 'day'],
  dimensions: [],
  cap: 10_000,
  description:
    'orders and units in thousandths; orders, revenue, refunds, shipping, tax and discounts by currency in minor units',
});

function countSales(sums: Sums): Counting {
  const [orders, units] = [sums.counter(revenueCounts, 'orders'), sums.counter(revenueCounts, UNITS_SOLD)];
  return {
    event({ name, quarter, dimensions, order, currency }) {
      if (order === undefined) return;
      const add = (metric: string, by: number): void =>
        quarter.add(sums.counter(revenueCounts, inCurrency(metric, currency)), dimensions, by);
      if (name === 'refund') {
        add('refunds', order.revenue);
        return;
      }
      quarter.add(orders, dimensions);
      quarter.add(units, dimensions, order.units);
      add('orders', 1);
      add('revenue', order.revenue);
      if (order.parts === undefined) return;
      for (const part of MONEY_PARTS) add(part, order.parts[part]);
    },
  };
}

export const sales = { families: [revenueCounts], count: countSales } satisfies Definition;
