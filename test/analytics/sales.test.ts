import { expect, test } from 'vitest';
import { foldSales, revenueCounts } from '../../src/analytics/sales.ts';
import { Writes } from '../../src/analytics/writes.ts';
import { eventFact, sumsOf } from '../support/facts.ts';

test('currencies are never added together, and a refund is no order', () => {
  const writes = new Writes();
  const order = { revenue: 100, units: 3, lines: [] };
  foldSales(eventFact({ name: 'purchase' }, { order }), writes);
  foldSales(eventFact({ name: 'purchase', currency: 'EUR' }, { order }), writes);
  foldSales(eventFact({ name: 'refund' }, { order: { ...order, revenue: 40 } }), writes);
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
