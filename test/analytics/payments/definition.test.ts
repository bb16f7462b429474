import { expect, test } from 'vitest';
import { paymentCounts, paymentsDefinition } from '../../../src/analytics/payments/definition.ts';
import { escapeMetric, unescapeMetric } from '../../../src/metrics/fields.ts';
import { CountOf } from '../../support/core/facts.ts';

test('a purchase counts for its payment type, over all cities and for its own; without one it is unknown', () => {
  const count = new CountOf(paymentsDefinition);
  const order = { revenue: 700, units: 1, lines: [] };
  count.event({ name: 'purchase', paymentType: 'card' }, { order }).event({ name: 'purchase' }, { order });
  count.event({ name: 'refund', paymentType: 'card' }, { order });
  expect(count.of(paymentCounts)).toEqual({
    'orders:card': 1,
    'orders:card|Pune': 1,
    'revenue:USD:card': 700,
    'revenue:USD:card|Pune': 700,
    'orders:unknown': 1,
    'orders:unknown|Pune': 1,
    'revenue:USD:unknown': 700,
    'revenue:USD:unknown|Pune': 700,
  });
});

test.each(['a|b', '50%', '%7C', 'a:b'])('%s is a payment type like any other', (type) => {
  expect(escapeMetric(type)).not.toContain('|');
  expect(unescapeMetric(escapeMetric(type))).toBe(type);
  expect(paymentCounts.groupOf?.(`revenue:USD:${escapeMetric(type)}|Pune`)).toBe(escapeMetric(type));
  expect(paymentCounts.groupOf?.(`orders:${escapeMetric(type)}`)).toBe(escapeMetric(type));
});
