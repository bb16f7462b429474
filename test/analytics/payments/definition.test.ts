import { expect, test } from 'vitest';
import { paymentCounts, paymentsDefinition } from '../../../src/analytics/payments/definition.ts';
import { escapeMetric, unescapeMetric } from '../../../src/metrics/fields.ts';
import { Writes } from '../../../src/metrics/writes.ts';
import { eventFact, sumsOf } from '../../support/core/facts.ts';

test('a purchase counts for its payment type, over all cities and for its own; without one it is unknown', () => {
  const writes = new Writes();
  const order = { revenue: 700, units: 1, lines: [] };
  paymentsDefinition.fold(eventFact({ name: 'purchase', paymentType: 'card' }, { order }), writes);
  paymentsDefinition.fold(eventFact({ name: 'purchase' }, { order }), writes);
  paymentsDefinition.fold(eventFact({ name: 'refund', paymentType: 'card' }, { order }), writes);
  expect(sumsOf(writes, paymentCounts)).toEqual({
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
