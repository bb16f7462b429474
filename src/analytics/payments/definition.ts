import type { Counting, Definition } from '../../metrics/definition.ts';
import type { OrderRecountFact } from '../../metrics/facts.ts';
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

type Paid = Pick<OrderRecountFact, 'hour' | 'dimensions' | 'order' | 'currency' | 'paymentType'>;

/** Stands for purchases that name no payment type. */
const UNKNOWN_PAYMENT = 'unknown';

function countPayments(sums: Sums): Counting {
  const count = ({ hour, dimensions, order, currency, paymentType }: Paid, sign: 1 | -1): void => {
    const type = escapeMetric(paymentType ?? UNKNOWN_PAYMENT);
    hour.add(sums.counter(paymentCounts, `orders:${type}`), dimensions, sign);
    // The currency comes first, since it has a fixed length.
    hour.add(sums.counter(paymentCounts, `revenue:${currency}:${type}`), dimensions, sign * order.revenue);
  };
  return {
    event(fact) {
      const { name, order } = fact;
      if (name !== 'purchase' || order === undefined) return;
      const { hour, dimensions, currency, paymentType } = fact;
      count({ hour, dimensions, order, currency, paymentType }, 1);
    },
    orderRecount: (fact) => count(fact, fact.sign),
  };
}

export const paymentsDefinition = {
  families: [paymentCounts],
  count: countPayments,
} satisfies Definition;
