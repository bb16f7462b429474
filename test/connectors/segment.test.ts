import { describe, expect, test } from 'vitest';
import { mapped, read, reading } from './reading.ts';

const way = 'segment';
const track = (event: string, properties: object, more: object = {}): unknown =>
  read(way, JSON.stringify({ event, properties, anonymousId: 'a1', ...more }), { path: '/v1/track' })[0];

describe('what the e-commerce spec calls', () => {
  test.each([
    ['Products Searched', 'search'],
    ['Product List Viewed', 'view_item_list'],
    ['Product Clicked', 'select_item'],
    ['Product Viewed', 'view_item'],
    ['Product Added to Wishlist', 'add_to_wishlist'],
    ['Product Added', 'add_to_cart'],
    ['Product Removed', 'remove_from_cart'],
    ['Cart Viewed', 'view_cart'],
    ['Checkout Started', 'begin_checkout'],
    ['Payment Info Entered', 'add_payment_info'],
    ['Order Completed', 'purchase'],
    ['Order Refunded', 'refund'],
    ['order_completed', 'purchase'],
    ['Viewed Product', 'view_item'],
    ['Added Product', 'add_to_cart'],
    ['Completed Order', 'purchase'],
    ['Refunded Order', 'refund'],
    ['Coupon Applied', 'coupon_applied'],
  ])('%s is %s', (event, name) => {
    expect(track(event, {})).toMatchObject({ name });
  });
});

const PRODUCT = { product_id: 'p1', sku: 's1', name: 'Tee', price: 19.9, quantity: 2, brand: 'B', category: 'C' };
const LINE = { item_id: 'p1', item_name: 'Tee', item_brand: 'B', item_category: 'C', price: 19.9, quantity: 2 };

test('an order has its lines, and is worth its revenue, not its total', () => {
  const order = { order_id: 'o1', total: 45, revenue: 39.8, currency: 'EUR', products: [PRODUCT] };
  expect(track('Order Completed', order)).toMatchObject({
    name: 'purchase',
    transaction_id: 'o1',
    value: 39.8,
    items: [LINE],
    params: { currency: 'EUR' },
  });
});

test('an order that says its total alone is worth that; one with lines what they add up to', () => {
  expect(track('Order Completed', { order_id: 'o1', total: 45 })).toMatchObject({ value: 45 });
  expect(track('Order Completed', { order_id: 'o1', total: 45, products: [PRODUCT] })).not.toHaveProperty('value');
});

test('a product that the properties describe is the one line', () => {
  expect(track('Product Viewed', PRODUCT)).toMatchObject({ items: [LINE] });
  expect(track('Product Viewed', { sku: 's1' })).toMatchObject({ items: [{ item_id: 's1' }] });
});

test('a product has whichever id or name it is sent with, in the list, alone in its place or as the properties', () => {
  const spellings = [
    [
      { productId: 'p1', name: 'Tee' },
      { item_id: 'p1', item_name: 'Tee' },
    ],
    [
      { id: 'p1', name: 'Tee' },
      { item_id: 'p1', item_name: 'Tee' },
    ],
    [
      { name: 'Tee', price: 5 },
      { item_name: 'Tee', price: 5 },
    ],
  ] as const;
  for (const [product, line] of spellings) {
    expect(track('Product Viewed', product)).toMatchObject({ items: [line] });
    expect(track('Cart Viewed', { products: [product] })).toMatchObject({ items: [line] });
    expect(track('Cart Viewed', { products: product })).toMatchObject({ items: line });
  }
  expect(track('Quiz Answered', { id: 'q1', name: 'Shoes' })).not.toHaveProperty('items');
});

test('an order has its number also as orderId, which Segment’s destinations read', () => {
  expect(track('Order Refunded', { orderId: 12345 })).toMatchObject({ name: 'refund', transaction_id: 12345 });
});

test.each(['Order Cancelled', 'Order Canceled', 'Cancelled Order'])(
  '%s refunds what is left of the order, whatever it says of it',
  (event) => {
    const order = { order_id: 'o1', revenue: 39.8, value: 39.8, shipping: 5, currency: 'EUR', products: [PRODUCT] };
    const { name, transaction_id, ...rest } = Object(track(event, order));
    expect({ name, transaction_id }).toEqual({ name: 'refund', transaction_id: 'o1' });
    for (const field of ['value', 'items', 'params']) expect(rest).not.toHaveProperty(field);
  },
);

test('an order that is cancelled is found by the project’s own name as well', () => {
  expect(track('Order Cancelled', { transaction_id: 'o1' })).toMatchObject({ name: 'refund', transaction_id: 'o1' });
});

test('properties in the project’s own names are found as params', () => {
  const properties = { transaction_id: 'o1', items: [LINE] };
  expect(track('purchase', properties)).toMatchObject({ name: 'purchase', params: properties });
});

test('a message has its id, visitor, moment, session, place and the query that was searched', () => {
  const context = { sessionId: 7, location: { city: 'Oslo', country: 'NO' }, userAgent: 'Shop/1' };
  const more = { messageId: 'm1', userId: 'u1', originalTimestamp: '2026-11-28T10:00:00.000Z', context };
  expect(track('Products Searched', { query: 'tee' }, more)).toEqual({
    name: 'search',
    event_id: 'm1',
    user_id: 'u1',
    anonymous_id: 'a1',
    timestamp: '2026-11-28T10:00:00.000Z',
    session_id: '7',
    city: 'Oslo',
    country: 'NO',
    search_term: 'tee',
    context,
    params: { query: 'tee' },
  });
});

test('an id that is too long for ours becomes the same short one each time', () => {
  const idOf = (messageId: string) => track('Cart Viewed', {}, { messageId });
  expect(idOf('m'.repeat(65))).toEqual(idOf('m'.repeat(65)));
  expect(idOf('m'.repeat(65))).not.toEqual(idOf('m'.repeat(66)));
  expect(idOf('m'.repeat(65))).toMatchObject({ event_id: expect.stringMatching(/^.{14}$/) });
});

test.each(['/v1/page', '/v1/p', '/v1/screen', '/v1/s'])('%s is a page view', (path) => {
  const properties = { url: 'https://shop.example/a', referrer: 'https://search.example/' };
  expect(read(way, JSON.stringify({ anonymousId: 'a1', properties }), { path })).toEqual([
    {
      name: 'page_view',
      anonymous_id: 'a1',
      session_id: '(running)',
      page_location: 'https://shop.example/a',
      page_referrer: 'https://search.example/',
      params: properties,
    },
  ]);
});

test.each(['identify', 'group', 'alias'])('%s is nothing that is counted', (type) => {
  expect(read(way, '{"userId": "u1"}', { path: `/v1/${type}` })).toEqual(['ignored']);
});

test.each(['/v1/batch', '/v1/b'])('%s is its messages in order, with the key and the clock of its envelope', (path) => {
  // Where a message names no session, it is of the one that the visitor is in.
  const running = { session_id: '(running)' };
  const messages = [
    { type: 'track', event: 'Cart Viewed', userId: 'u1' },
    { type: 'identify', userId: 'u1' },
    { type: 'page', userId: 'u1', sentAt: 'its own' },
    'no message',
  ];
  const text = JSON.stringify({ batch: messages, writeKey: 'wk', sentAt: '2026-11-28T10:00:00Z' });
  expect(reading(way, text, { path })).toMatchObject({ outcome: 'read', key: 'wk', sent: 4 });
  expect(mapped(way, text, { path })).toEqual([
    { outcome: 'event', event: { name: 'view_cart', user_id: 'u1', ...running }, sentAt: '2026-11-28T10:00:00Z' },
    { outcome: 'ignored' },
    { outcome: 'event', event: { name: 'page_view', user_id: 'u1', ...running }, sentAt: 'its own' },
    { outcome: 'event', event: {} },
  ]);
});

test.each([
  ['/v1/track', '[]'],
  ['/v1/batch', '{}'],
])('%s refuses %s', (path, text) => {
  expect(reading(way, text, { path })).toMatchObject({ outcome: 'unreadable' });
});

test.each([
  ['identify', { userId: 7, anonymousId: 'a1' }, { user_id: '7', anonymous_id: 'a1' }],
  ['alias', { userId: 'u1', previousId: 7 }, { user_id: 'u1', anonymous_id: '7' }],
])('%s links also where an id is a number', (type, message, link) => {
  expect(read(way, JSON.stringify(message), { path: `/v1/${type}` })).toEqual([{ name: 'identify', ...link }]);
});
