import { describe, expect, test } from 'vitest';
import { decodeOrder, encodeOrder } from '../../../src/fold/orders/order-record.ts';
import {
  type CartState,
  decodeCart,
  decodeEndedCart,
  encodeCart,
  encodeEndedCart,
} from '../../../src/fold/state/records.ts';
import { CorruptState } from '../../../src/fold/state/stored-tuple.ts';

const bucketMs = Date.parse('2026-11-20T08:00:00Z');
const cart: CartState = {
  cartId: 'c1',
  status: 'open',
  values: ['Oslo', 'Norway'],
  currency: 'NOK',
  openedMs: bucketMs,
  lastMs: bucketMs + 70,
  changedMs: bucketMs + 500,
  isTakenOver: false,
  countedAs: undefined,
  graceMs: 0,
  stage: 'checkout',
  abandonedMs: null,
  abandonedValue: 0,
  value: 1_000,
  source: 'live',
  lines: new Map([['sku', { thousandths: 2_000, price: 5, currency: 'NOK' }]]),
};

describe('what is stored is read as it was', () => {
  test('carts and orders', () => {
    for (const graceMs of [0, 90])
      for (const changedMs of [cart.openedMs, cart.lastMs]) {
        for (const isTakenOver of [false, true]) {
          const one = { ...cart, graceMs, changedMs, isTakenOver };
          expect(decodeCart(encodeCart(one))).toEqual(one);
        }
        const was = {
          stage: 'cart' as const,
          lines: new Map([['old', { thousandths: 500, price: 2, currency: 'NOK' }]]),
        };
        const counted = { ...cart, graceMs, changedMs, isTakenOver: true, abandonedMs: bucketMs + 900, countedAs: was };
        expect(decodeCart(encodeCart(counted))).toEqual(counted);
      }
    const gone: CartState = { ...cart, status: 'abandoned', abandonedMs: bucketMs + 900, abandonedValue: 7, value: 7 };
    for (const recoveredMs of [undefined, bucketMs + 5])
      expect(decodeEndedCart(encodeEndedCart({ cart: gone, recoveredMs }))).toEqual({ cart: gone, recoveredMs });
    const lines = [
      { itemId: 'a', units: 2, revenue: 9, refunded: 4 },
      { itemId: 'b', units: 1, revenue: 1, refunded: 0 },
    ];
    const order = { laneMs: 5, currency: 'NOK', revenue: 9, units: 3, lines, refunded: 6 };
    const places = [
      undefined,
      { timestampMs: 3, values: ['Oslo', ''], paymentType: undefined, session: undefined, parts: undefined },
      {
        timestampMs: 9,
        values: [],
        paymentType: 'card',
        session: { id: '', beganMs: 2 },
        parts: { shipping: 1, tax: 2, discount: 3, coupon: undefined },
      },
      {
        timestampMs: 9,
        values: [],
        paymentType: 'card',
        session: undefined,
        parts: { shipping: 0, tax: 0, discount: 0, coupon: 'SPRING' },
      },
    ];
    for (const counted of places)
      for (const refunds of [[], ['r1', 'r2']])
        expect(decodeOrder(encodeOrder({ ...order, counted, refunds }))).toEqual({ ...order, counted, refunds });
  });

  test('of an order that was stored before refunds were kept with it, nothing is refunded', () => {
    const lines = [{ itemId: 'a', units: 2, revenue: 9, refunded: 0 }];
    const order = {
      laneMs: 5,
      currency: 'NOK',
      revenue: 9,
      units: 2,
      lines,
      refunded: 0,
      counted: undefined,
      refunds: [],
    };
    expect(decodeOrder('[5,"NOK",9,2,[["a",2,9]]]')).toEqual(order);
    expect(encodeOrder(order)).toBe('[5,"NOK",9,2,[["a",2,9]]]');
  });
});

describe('what nobody wrote is said to be corrupt, with its place', () => {
  test('a status that no cart has', () => {
    const wrong = encodeCart(cart).replace('"open"', '"shut"');
    expect(() => decodeCart(wrong)).toThrow(
      new CorruptState('stored state holds "shut" at place 1 where open or abandoned belongs'),
    );
  });
});
