import type { Fact } from '../facts.ts';
import { escapeMetric } from '../fields.ts';
import type { Writes } from '../writes.ts';
import { paymentCounts } from './keys.ts';

/** Stands for purchases that name no payment type. */
export const UNKNOWN_PAYMENT = 'unknown';

export function foldPayments(fact: Fact, writes: Writes): void {
  if (fact.kind !== 'event' || fact.event.name !== 'purchase' || fact.order === undefined) return;
  const { event, at, order } = fact;
  const type = escapeMetric(event.paymentType ?? UNKNOWN_PAYMENT);
  const count = (metric: string, by: number): void => writes.addInCity(paymentCounts, at, metric, event.city, by);
  count(`orders:${type}`, 1);
  // The currency comes first, since it has a fixed length.
  count(`revenue:${event.currency}:${type}`, order.revenue);
}
