import type { Definition } from '../../metrics/definition.ts';
import type { Fact } from '../../metrics/facts.ts';
import { family } from '../../metrics/family.ts';
import { inCurrency } from '../../metrics/fields.ts';
import type { Writes } from '../../metrics/writes.ts';

/** Orders and money by time: behind revenue and the live numbers. */
export const revenueCounts = family({
  name: 'revenue',
  kind: 'counter',
  windows: ['15m', 'hour', 'day'],
  dimensions: [],
  cap: 10_000,
  description: 'orders and units; orders, revenue and refunds by currency in minor units; also by city',
});

function foldSales(fact: Fact, writes: Writes): void {
  if (fact.kind !== 'event' || fact.order === undefined) return;
  const { event, at, order } = fact;
  const count = (metric: string, by: number): void => writes.addInCity(revenueCounts, at, metric, event.city, by);
  if (event.name === 'refund') {
    count(inCurrency('refunds', event.currency), order.revenue);
    return;
  }
  count('orders', 1);
  count('units', order.units);
  count(inCurrency('orders', event.currency), 1);
  count(inCurrency('revenue', event.currency), order.revenue);
}

export const sales = { families: [revenueCounts], fold: foldSales } satisfies Definition;
