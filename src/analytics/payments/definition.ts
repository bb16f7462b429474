import type { Definition } from '../../metrics/definition.ts';
import type { Fact } from '../../metrics/facts.ts';
import { family } from '../../metrics/family.ts';
import { escapeMetric } from '../../metrics/fields.ts';
import type { Writes } from '../../metrics/writes.ts';

export const paymentCounts = family({
  name: 'payments',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: [],
  cap: 10_000,
  groupOf: (field) => /^(?:orders|revenue:...):([^|]*)/.exec(field)?.[1],
  description: 'orders, and revenue by currency in minor units, by payment type; also by city',
});

/** Stands for purchases that name no payment type. */
const UNKNOWN_PAYMENT = 'unknown';

function foldPayments(fact: Fact, writes: Writes): void {
  if (fact.kind !== 'event' || fact.event.name !== 'purchase' || fact.order === undefined) return;
  const { event, at, order } = fact;
  const type = escapeMetric(event.paymentType ?? UNKNOWN_PAYMENT);
  const count = (metric: string, by: number): void => writes.addInCity(paymentCounts, at, metric, event.city, by);
  count(`orders:${type}`, 1);
  // The currency comes first, since it has a fixed length.
  count(`revenue:${event.currency}:${type}`, order.revenue);
}

export const paymentsDefinition = {
  families: [paymentCounts],
  fold: foldPayments,
} satisfies Definition;
