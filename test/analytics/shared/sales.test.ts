import { expect, test } from 'vitest';
import { revenueCounts, sales } from '../../../src/analytics/shared/sales.ts';
import { Writes } from '../../../src/metrics/writes.ts';
import { eventFact, sumsOf } from '../../support/core/facts.ts';

test('currencies are never added together, and a refund is no order', () => {
  const writes = new Writes();
  const order = { revenue: 100, units: 3, lines: [] };
  sales.fold(eventFact({ name: 'purchase' }, { order }), writes);
  sales.fold(eventFact({ name: 'purchase', currency: 'EUR' }, { order }), writes);
  sales.fold(eventFact({ name: 'refund' }, { order: { ...order, revenue: 40 } }), writes);
  expect(sumsOf(writes, revenueCounts)).toMatchObject({
    orders: 2,
    units: 6,
    'orders:USD': 1,
    'revenue:USD': 100,
    'revenue:EUR': 100,
    'refunds:USD': 40,
    'refunds:USD|Pune': 40,
  });
});
