import { expect, test } from 'vitest';
import { cartsMoved, cartsOf, ordersBetween, told } from '../../src/dashboard/app/feed/feed.ts';

const snapshot = (at: string, orders_today: number, revenue_today: number) => ({
  at,
  as_of: at,
  active_users: 0,
  events_per_second: 0,
  window: { start: at, counts: {} },
  open_carts: 0,
  open_carts_value: 0,
  orders_today,
  revenue_today,
  refunds_today: 0,
  currency: 'USD',
});

test('orders that came between two moments are what the day’s sums grew by', () => {
  const before = snapshot('2026-11-28T15:00:00+00:00', 3, 90);
  expect(ordersBetween(before, snapshot('2026-11-28T15:00:01+00:00', 5, 150))).toMatchObject({ count: 2, amount: 60 });
  expect(ordersBetween(before, snapshot('2026-11-28T15:00:01+00:00', 3, 90))).toBeUndefined();
  expect(ordersBetween(undefined, before)).toBeUndefined();
  // Behind midnight the sums begin anew.
  expect(ordersBetween(before, snapshot('2026-11-29T00:00:01+00:00', 9, 150))).toBeUndefined();
});

test('what is put into a cart is news, what is left or bought is not', () => {
  const before = { ...snapshot('2026-11-28T15:00:00+00:00', 3, 90), open_carts: 4, open_carts_value: 80 };
  const moved = (now: object) => cartsMoved(before, { ...before, ...now });
  expect(moved({ open_carts: 5 })).toBe(true);
  expect(moved({ open_carts_value: 81 })).toBe(true);
  expect(moved({ window: { start: before.at, counts: { add_to_cart: 1 } } })).toBe(true);
  expect(moved({ window: { start: before.at, counts: { remove_from_cart: 1 } } })).toBe(true);
  expect(moved({ open_carts: 3, open_carts_value: 60, window: { start: before.at, counts: { purchase: 1 } } })).toBe(
    false,
  );
  // What is there when the page opens is asked for without any news.
  expect(cartsMoved(undefined, before)).toBe(false);
});

const cart = (cart_id: string, value: number, at: string) => ({
  cart_id,
  user_id: 'u',
  city: 'Pune',
  value,
  currency: 'USD',
  items: [{ item_id: 'A', quantity: 1, price: value }],
  stage: 'cart' as const,
  opened_at: at,
  last_activity_at: at,
});

test('a cart is told anew when its worth changes, newest first, and once', () => {
  const first = told([], cartsOf([cart('a', 5, '2026-11-28T15:00:00Z'), cart('b', 7, '2026-11-28T15:01:00Z')]));
  expect(first.map(({ amount }) => amount)).toEqual([7, 5]);
  expect(told(first, cartsOf([cart('a', 5, '2026-11-28T15:02:00Z')]))).toBe(first);
  const more = told(first, cartsOf([cart('a', 12, '2026-11-28T15:03:00Z')]));
  expect(more.map(({ amount }) => amount)).toEqual([12, 7, 5]);
});
