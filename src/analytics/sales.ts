import type { Fact } from './facts.ts';
import { family } from './families.ts';
import { inCurrency } from './fields.ts';
import type { Writes } from './writes.ts';

/** Orders and money by time: behind revenue and the live numbers, so it belongs to the core and to no slice. */
export const revenueCounts = family({
  name: 'revenue',
  kind: 'counter',
  windows: ['15m', 'hour', 'day'],
  dimensions: [],
  cap: 10_000,
  holds: 'orders and units; orders, revenue and refunds by currency in minor units; also by city',
});

export const salesFamilies = [revenueCounts];

export function foldSales(fact: Fact, writes: Writes): void {
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
