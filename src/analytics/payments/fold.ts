import type { Fact } from '../facts.ts';
import { escapeMetric, inCity } from '../fields.ts';
import type { Writes } from '../writes.ts';
import { paymentCounts } from './keys.ts';

/** Stands for purchases that name no payment type. */
export const UNKNOWN_PAYMENT = 'unknown';

export function foldPayments(fact: Fact, writes: Writes): void {
  if (fact.kind !== 'event' || fact.event.name !== 'purchase' || fact.order === undefined) return;
  const { event, at, order } = fact;
  const type = escapeMetric(event.paymentType ?? UNKNOWN_PAYMENT);
  const count = (metric: string, by: number): void => {
    writes.add(paymentCounts, at, metric, by);
    writes.add(paymentCounts, at, inCity(metric, event.city), by);
  };
  count(`orders:${type}`, 1);
  // The currency comes first, since it has a fixed length.
  count(`revenue:${event.currency}:${type}`, order.revenue);
}
