import type { Fact } from '../facts.ts';
import { inCity, inCurrency } from '../fields.ts';
import type { Writes } from '../writes.ts';
import { revenueCounts } from './keys.ts';

export function foldRevenue(fact: Fact, writes: Writes): void {
  if (fact.kind !== 'event' || fact.order === undefined) return;
  const { event, at, order } = fact;
  const count = (metric: string, by: number): void => {
    writes.add(revenueCounts, at, metric, by);
    writes.add(revenueCounts, at, inCity(metric, event.city), by);
  };
  if (event.name === 'refund') {
    count(inCurrency('refunds', event.currency), order.revenue);
    return;
  }
  count('orders', 1);
  count('units', order.units);
  count(inCurrency('orders', event.currency), 1);
  count(inCurrency('revenue', event.currency), order.revenue);
}
