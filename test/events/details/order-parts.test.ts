import { expect, test } from 'vitest';
import { orderPartsOf } from '../../../src/events/details/order-parts.ts';

const order = (more: object) => orderPartsOf({ name: 'purchase', user_id: 'ann', transaction_id: 't1', ...more });

test('an order says what it says; what it leaves out is 0', () => {
  expect(order({ shipping: 4.9, coupon: 'SPRING' })).toEqual({
    shipping: 4.9,
    tax: 0,
    discount: 0,
    coupon: 'SPRING',
  });
  expect(order({})).toBeUndefined();
});

test('where it names no discount and no coupon, its items do: a discount for each unit, the first coupon', () => {
  const items = [
    { item_id: 'a', discount: 0.1, quantity: 3 },
    { item_id: 'b', coupon: 'B', discount: 1.005 },
    { item_id: 'c', coupon: 'C' },
  ];
  expect(order({ items })).toMatchObject({ discount: 1.305, coupon: 'B' });
  expect(order({ items, discount: 1, coupon: 'A' })).toMatchObject({ discount: 1, coupon: 'A' });
});

test('of other events nothing is told', () => {
  expect(orderPartsOf({ name: 'refund', user_id: 'ann', transaction_id: 't1', shipping: 5 })).toBeUndefined();
});
