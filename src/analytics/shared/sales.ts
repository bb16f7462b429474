import type { Counting, Definition } from '../../metrics/definition.ts';
import type { OrderFacts, OrderRecountFact } from '../../metrics/facts.ts';
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

type Sold = Pick<OrderRecountFact, 'quarter' | 'dimensions' | 'currency'>;

function countSales(sums: Sums): Counting {
  const [orders, units] = [sums.counter(revenueCounts, 'orders'), sums.counter(revenueCounts, UNITS_SOLD)];
  const add = ({ quarter, dimensions, currency }: Sold, metric: string, by: number): void =>
    quarter.add(sums.counter(revenueCounts, inCurrency(metric, currency)), dimensions, by);
  const count = (sold: Sold, order: OrderFacts, sign: 1 | -1): void => {
    sold.quarter.add(orders, sold.dimensions, sign);
    sold.quarter.add(units, sold.dimensions, sign * order.units);
    add(sold, 'orders', sign);
    add(sold, 'revenue', sign * order.revenue);
    if (order.parts === undefined) return;
    for (const part of MONEY_PARTS) add(sold, part, sign * order.parts[part]);
  };
  return {
    event(fact) {
      const { name, order } = fact;
      if (order === undefined) return;
      if (name === 'refund') add(fact, 'refunds', order.revenue);
      else count(fact, order, 1);
    },
    orderRecount: (fact) => count(fact, fact.order, fact.sign),
    refunded: (fact) => add(fact, 'refunds', fact.order.revenue),
  };
}

export const sales = { families: [revenueCounts], count: countSales } satisfies Definition;
