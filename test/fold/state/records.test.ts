import { describe, expect, test } from 'vitest';
import { decodeOrder, encodeOrder } from '../../../src/fold/order-record.ts';
import {
  type CartState,
  decodeCart,
  decodeEndedCart,
  decodeSession,
  decodeUser,
  encodeCart,
  encodeEndedCart,
  encodeSession,
  encodeUser,
  type SessionState,
  type UserState,
} from '../../../src/fold/state/records.ts';
import { CorruptState } from '../../../src/fold/state/stored-tuple.ts';
import { Dictionaries } from '../../../src/metrics/sums/dictionaries.ts';

const texts = new Dictionaries();
const [oslo, bergen] = [texts.values.ofText('Oslo'), texts.values.ofText('Bergen')];

const bucketMs = Date.parse('2026-11-20T08:00:00Z');
const session: SessionState = {
  firstMs: bucketMs + 5_000,
  lastMs: bucketMs + 9_000,
  newestMs: bucketMs + 12_000,
  laneMs: bucketMs + 60_000,
  dimensions: oslo,
  events: 3,
  progress: [2, 0],
  reachedAfterMs: [4_000, 0],
  searches: [[texts.terms.ofText('red "shoes"'), bucketMs + 6_000, 2]],
};
const user: UserState = {
  newestMs: bucketMs + 12_000,
  laneMs: bucketMs + 60_000,
  hourMs: bucketMs,
  dimensions: oslo,
  stages: [0, 2],
  current: { id: texts.sessions.ofText('tab,"1"'), session },
};
const cart: CartState = {
  cartId: 'c1',
  status: 'open',
  city: 'Oslo',
  currency: 'NOK',
  openedMs: bucketMs,
  lastMs: bucketMs + 70,
  graceMs: 0,
  stage: 'checkout',
  abandonedMs: null,
  abandonedValue: 0,
  value: 1_000,
  source: 'live',
  lines: new Map([['sku', { quantity: 2, price: 5, currency: 'NOK' }]]),
};

describe('what is stored is read as it was', () => {
  test('users, with their newest session in the same city, in another, and without one', () => {
    for (const one of [
      user,
      { ...user, dimensions: bergen },
      { ...user, current: undefined },
      { ...user, current: { id: texts.sessions.ofText(''), session: { ...session, searches: [] } } },
    ])
      expect(decodeUser(encodeUser(one, bucketMs, texts), bucketMs, texts)).toEqual(one);
  });

  test('sessions, carts and orders', () => {
    expect(decodeSession(encodeSession(session, bucketMs, texts), bucketMs, texts)).toEqual(session);
    for (const graceMs of [0, 90]) expect(decodeCart(encodeCart({ ...cart, graceMs }))).toEqual({ ...cart, graceMs });
    const gone: CartState = { ...cart, status: 'abandoned', abandonedMs: bucketMs + 900, abandonedValue: 7, value: 7 };
    for (const recoveredMs of [undefined, bucketMs + 5])
      expect(decodeEndedCart(encodeEndedCart({ cart: gone, recoveredMs }))).toEqual({ cart: gone, recoveredMs });
    const lines = [
      { itemId: 'a', units: 2, revenue: 9, refunded: 4 },
      { itemId: 'b', units: 1, revenue: 1, refunded: 0 },
    ];
    const order = { laneMs: 5, currency: 'NOK', revenue: 9, units: 3, lines, refunded: 6 };
    expect(decodeOrder(encodeOrder(order))).toEqual(order);
  });

  test('of an order that was stored before refunds were kept with it, nothing is refunded', () => {
    const lines = [{ itemId: 'a', units: 2, revenue: 9, refunded: 0 }];
    const order = { laneMs: 5, currency: 'NOK', revenue: 9, units: 2, lines, refunded: 0 };
    expect(decodeOrder('[5,"NOK",9,2,[["a",2,9]]]')).toEqual(order);
    expect(encodeOrder(order)).toBe('[5,"NOK",9,2,[["a",2,9]]]');
  });
});

describe('what nobody wrote is said to be corrupt, with its place', () => {
  test.each([
    ['no JSON', '[1,', 'stored state is no JSON: "[1,"'],
    ['no list', '{"a":1}', 'a stored list is {"a":1}'],
    ['too short', '["Oslo"]', 'stored state holds nothing at place 1 where a number belongs'],
    ['a text for a number', '["Oslo","1",0,0,[]]', 'stored state holds "1" at place 1 where a number belongs'],
    ['a number for a text', '[7,1,0,0,[]]', 'stored state holds 7 at place 0 where a text belongs'],
    [
      'stages that are none',
      '["Oslo",1,0,0,["x"]]',
      'stored state holds ["x"] at place 4 where a list of numbers belongs',
    ],
    ['a session that is none', '["Oslo",1,0,0,[],["tab",5]]', 'a stored list is 5'],
  ])('%s', (_, text, message) => {
    expect(() => decodeUser(text, 0, texts)).toThrow(new CorruptState(message));
  });

  test('a status that no cart has', () => {
    const wrong = encodeCart(cart).replace('"open"', '"shut"');
    expect(() => decodeCart(wrong)).toThrow(
      new CorruptState('stored state holds "shut" at place 1 where open or abandoned belongs'),
    );
  });
});
