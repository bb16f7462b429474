import { expect, test } from 'vitest';
import { revenueCounts, sales } from '../../../src/analytics/shared/sales.ts';
import { CountOf } from '../../support/core/facts.ts';

test('currencies are never added together, and a refund is no order', () => {
  const count = new CountOf(sales);
  const order = { revenue: 100, units: 3_000, lines: [] };
  count.event({ name: 'purchase' }, { order }).event({ name: 'purchase', currency: 'EUR' }, { order });
  count.event({ name: 'refund' }, { order: { ...order, revenue: 40 } });
  expect(count.of(revenueCounts)).toMatchObject({
    orders: 2,
    thousandths: 6_000,
    'orders:USD': 1,
    'revenue:USD': 100,
    'revenue:EUR': 100,
    'refunds:USD': 40,
    'refunds:USD|Pune': 40,
  });
});
