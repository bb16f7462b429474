import { expect, test } from 'vitest';
import {
  couponDiscount,
  couponOrders,
  couponRevenue,
  couponsDefinition,
} from '../../../src/analytics/coupons/definition.ts';
import { CountOf } from '../../support/core/facts.ts';

const order = (coupon: string | undefined, discount: number) => ({
  order: { revenue: 1_000, units: 1_000, lines: [], parts: { shipping: 0, tax: 0, discount, coupon } },
});

test('every order counts under one coupon, or under none; refunds and other events under no one', () => {
  const count = new CountOf(couponsDefinition);
  count.event({ name: 'purchase' }, order('SPRING', 250));
  count.event({ name: 'purchase' }, order('SPRING', 0));
  count.event({ name: 'purchase', currency: 'EUR' }, order(undefined, 100));
  count.event({ name: 'purchase' }, { order: { revenue: 500, units: 0, lines: [] } });
  count.event({ name: 'refund' }, order('SPRING', 250));
  count.event({ name: 'add_to_cart' });
  expect(count.of(couponOrders)).toEqual({ SPRING: 2, '(none)': 2 });
  expect(count.of(couponRevenue, 'USD')).toEqual({ SPRING: 2_000, '(none)': 500 });
  expect(count.of(couponRevenue, 'EUR')).toEqual({ '(none)': 1_000 });
  expect(count.of(couponDiscount, 'USD')).toEqual({ SPRING: 250 });
  expect(count.of(couponDiscount, 'EUR')).toEqual({ '(none)': 100 });
});
