import type { Counting, Definition } from '../../metrics/definition.ts';
import { family } from '../../metrics/family.ts';
import { escapeMetric } from '../../metrics/fields.ts';
import type { Sums } from '../../metrics/sums/sums.ts';

export const paymentCounts = family({
  name: 'payments',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: [],
  cap: 10_000,
  groupOf: (field) => /^(?:orders|revenue:...):([^|]*)/.exec(field)?.[1],
  description: 'orders, and revenue by currency in minor units, by payment type',
});

/** Stands for purchases that name no payment type. */
const UNKNOWN_PAYMENT = 'unknown';

function countPayments(sums: Sums): Counting {
  return {
    event({ name, hour, dimensions, order, currency, paymentType }) {
      if (name !== 'purchase' || order === undefined) return;
      const type = escapeMetric(paymentType ?? UNKNOWN_PAYMENT);
      hour.add(sums.counter(paymentCounts, `orders:${type}`), dimensions);
      // The currency comes first, since it has a fixed length.
      hour.add(sums.counter(paymentCounts, `revenue:${currency}:${type}`), dimensions, order.revenue);
    },
  };
}

export const paymentsDefinition = {
  families: [paymentCounts],
  count: countPayments,
} satisfies Definition;
