import { describe, expect, test } from 'vitest';
import { decodeClaim, encodeClaim, type OrderClaim } from '../../../src/fold/orders/order-claim.ts';
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
  firstAbandoned: undefined,
  abandonedValue: 0,
  value: 1_000,
  source: 'live',
  lines: new Map([['sku', { thousandths: 2_000, price: 5, currency: 'NOK' }]]),
};

const mug = { itemId: 'mug', price: undefined, quantity: 2 };

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
        const abandonedMs = bucketMs + 900;
        for (const isTakenOver of [false, true])
          for (const countedAs of [undefined, was])
            for (const firstAbandoned of [undefined, { atMs: bucketMs + 300, arrivedMs: bucketMs + 2_000 }]) {
              const one = { ...cart, graceMs, changedMs, isTakenOver, abandonedMs, firstAbandoned, countedAs };
              expect(decodeCart(encodeCart(one))).toEqual(one);
            }
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
      { kind: 'taken-back' as const, fullness: 5 },
      {
        kind: 'counts' as const,
        fullness: 4,
        timestampMs: 3,
        values: ['Oslo', ''],
        paymentType: undefined,
        session: undefined,
        parts: undefined,
      },
      {
        kind: 'counts' as const,
        fullness: 6,
        timestampMs: 9,
        values: [],
        paymentType: 'card',
        session: { id: '', beganMs: 2 },
        parts: { shipping: 1, tax: 2, discount: 3, coupon: undefined },
      },
      {
        kind: 'counts' as const,
        fullness: 6,
        timestampMs: 9,
        values: [],
        paymentType: 'card',
        session: undefined,
        parts: { shipping: 0, tax: 0, discount: 0, coupon: 'SPRING' },
      },
    ];
    const refund = { id: 'r3', atMs: 4, values: ['Oslo'], currency: 'NOK', value: 3, items: [mug] };
    const known = { itemId: 'mug', revenue: 2, isOther: true };
    const counts = { currency: 'NOK', amount: 3, isBeyond: true, lines: [known, { ...known, itemId: 'pen' }] };
    for (const standing of places)
      for (const settled of [[], ['r1', 'r2']])
        for (const taken of [[], [refund, { ...refund, value: undefined, counts }]])
          for (const more of [{}, { importId: 'imp-1' }]) {
            const one = { ...order, standing, settled, taken, ...more };
            expect(decodeOrder(encodeOrder(one))).toEqual(one);
          }
  });

  test('who has reported an order', () => {
    const waiting = [{ id: 'r', atMs: 4, values: ['Oslo'], currency: 'NOK', value: undefined, items: [mug] }];
    const claims: OrderClaim[] = [
      { kind: 'report', userId: 'ann', isGuest: true, fullness: 3, known: 3, atMs: 5, sent: [] },
      { kind: 'report', userId: 'ann', isGuest: false, fullness: 0, known: 0, atMs: 5, sent: ['r1', 'r2'] },
      { kind: 'report', userId: 'ann', isGuest: false, fullness: 4, known: 6, atMs: 5, sent: [] },
      { kind: 'nobodys', atMs: 5, fullness: 4, whose: 'hash' },
      { kind: 'unreported', atMs: 5, waiting },
    ];
    for (const claim of claims) expect(decodeClaim(encodeClaim(claim))).toEqual(claim);
    // An earlier version has left of who was erased how much they had said.
    expect(decodeClaim('["",1,2,5]')).toEqual({ kind: 'nobodys', atMs: 5, fullness: 2, whose: '' });
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
      standing: { kind: 'taken-back' as const, fullness: 7 },
      settled: [],
      taken: [],
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
