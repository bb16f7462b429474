import { describe, expect, test } from 'vitest';
import { parseRecord } from '../../src/events/parse.ts';
import { validateEvent } from '../../src/events/validation/validate.ts';
import { arrivalAt } from '../support/traffic/arrival.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
const view = { name: 'view_item', user_id: 'u1', timestamp: now };
const context = {
  ...arrivalAt(now),
  fallbackEventId: () => 'events-0-7',
  storeCurrency: 'EUR',
  valuesOf: ({ city }: { city?: string | undefined }) => [city],
};

const refused = (event: unknown): [string, string] | undefined => {
  const result = validateEvent(event, arrivalAt(now));
  return result.outcome === 'rejected' ? [result.path, result.message] : undefined;
};

describe('accepted', () => {
  test.each([
    ['the least that an event needs', { name: 'page_view', user_id: 'u1' }],
    ['a custom event', { ...view, name: 'wheel_spun_2' }],
    ['ISO 8601 with an offset', { ...view, timestamp: '2026-11-20T14:30:00+05:45' }],
    ['5 minutes after arrival', { ...view, timestamp: now + 300_000 }],
    ['an event_id of 64 characters', { ...view, event_id: 'x'.repeat(64) }],
    ['an event_id of 64 characters, each of two UTF-16 units', { ...view, event_id: '🧦'.repeat(64) }],
    ['a visitor of whom only an anonymous_id is known', { name: 'page_view', anonymous_id: 'a1' }],
    ['a city of 128 characters', { ...view, city: 'x'.repeat(128) }],
    ['value 10⁹', { ...view, value: 1e9 }],
    ['2,000 items', { ...view, items: Array.from({ length: 2_000 }, (_, i) => ({ item_id: `i${i}` })) }],
    ['quantity 10⁶', { ...view, items: [{ item_id: 'i', quantity: 1e6 }] }],
    ['quantity 0.001', { ...view, items: [{ item_id: 'i', quantity: 0.001 }] }],
    ['quantity 999,999.999', { ...view, items: [{ item_id: 'i', quantity: 999_999.999 }] }],
    ['an empty search', { ...view, name: 'search', search_term: '', results_count: 0 }],
    ['a stock level without a user', { name: 'stock_update', item_id: 'i', stock_level: 0 }],
    ['a price of 0', { name: 'price_change', item_id: 'i', price: 0, currency: 'JPY' }],
    ['a price of 10¹⁰', { name: 'price_change', item_id: 'i', price: 1e10 }],
    ['fields that nobody knows', { ...view, colour: 'red' }],
    ['a purchase with its transaction', { ...view, name: 'purchase', transaction_id: 't1', payment_type: 'card' }],
  ])('%s', (_, event) => {
    expect(refused(event)).toBeUndefined();
  });

  test('GA4’s data-layer form is the same event', () => {
    const plain = { ...view, name: 'add_to_cart', currency: 'EUR', value: 3, items: [{ item_id: 'i' }] };
    const { name, currency, value, items, ...rest } = plain;
    const layered = { ...rest, event: name, ecommerce: { currency, value, items } };
    expect(parseRecord(layered, context)).toEqual(parseRecord(plain, context));
  });

  test('what is absent gets its default', () => {
    expect(parseRecord({ name: 'view_item', user_id: 'u', items: [{ item_id: 'i' }] }, context)).toMatchObject({
      outcome: 'parsed',
      event: {
        eventId: 'events-0-7',
        timestampMs: now,
        values: [undefined],
        currency: 'EUR',
        items: [{ quantity: 1, price: undefined }],
      },
    });
  });
});

describe('rejected, and the error names the path', () => {
  test.each([
    ['', 'no object'],
    ['', ['an array']],
    ['', null],
    ['name', { user_id: 'u1' }],
    ['name', { ...view, name: 'View Item' }],
    ['name', { ...view, name: 'x'.repeat(65) }],
    ['name', { ...view, name: '' }],
    ['user_id', { name: 'view_item' }],
    ['user_id', { ...view, user_id: '' }],
    ['user_id', { ...view, user_id: 'x'.repeat(129) }],
    ['user_id', { ...view, user_id: '\ud800' }],
    ['user_id', { ...view, user_id: true }],
    ['user_id', { ...view, user_id: 2 ** 53 }],
    ['event_id', { ...view, event_id: 'x'.repeat(65) }],
    ['event_id', { ...view, event_id: '🧦'.repeat(65) }],
    ['anonymous_id', { ...view, anonymous_id: ['a'] }],
    ['session_id', { ...view, session_id: 'x'.repeat(129) }],
    ['timestamp', { ...view, timestamp: 'yesterday' }],
    ['timestamp', { ...view, timestamp: '2026-11-20T12:00:00' }],
    ['timestamp', { ...view, timestamp: 1.5 }],
    ['timestamp', { ...view, timestamp: -1 }],
    ['timestamp', { ...view, timestamp: now + 86_400_001 }],
    ['timestamp', { ...view, timestamp: '1999-12-31T23:59:59.999Z' }],
    ['timestamp', { ...view, timestamp: '1960-01-01T00:00:00Z' }],
    ['city', { ...view, city: { name: 'Oslo' } }],
    ['country', { ...view, country: '\ud800' }],
    ['currency', { ...view, currency: 'euro' }],
    ['currency', { ...view, currency: 'XQQ' }],
    ['value', { ...view, value: -0.01 }],
    ['value', { ...view, value: 1e9 + 1 }],
    ['value', { ...view, value: 'three' }],
    ['items', { ...view, items: Array.from({ length: 2_001 }, () => ({ item_id: 'i' })) }],
    ['items', { ...view, items: [{ item_id: 'i', price: 1e9, quantity: 2 }] }],
    [
      'items',
      {
        ...view,
        name: 'purchase',
        transaction_id: 't',
        items: [
          { item_id: 'i', price: -1e9, quantity: 2 },
          { item_id: 'j', price: 1e9, quantity: 2 },
        ],
      },
    ],
    ['items.1.item_id', { ...view, items: [{ item_id: 'i' }, {}] }],
    ['items.0.price', { ...view, items: [{ item_id: 'i', price: -1 }] }],
    ['items.0.quantity', { ...view, items: [{ item_id: 'i', quantity: 0 }] }],
    ['items.0.quantity', { ...view, items: [{ item_id: 'i', quantity: 0.0005 }] }],
    ['items.0.quantity', { ...view, items: [{ item_id: 'i', quantity: 1.2345 }] }],
    ['items.0.quantity', { ...view, items: [{ item_id: 'i', quantity: 0.1 + 0.2 }] }],
    ['items.0.quantity', { ...view, items: [{ item_id: 'i', quantity: 1e6 + 0.001 }] }],
    ['items.0.quantity', { ...view, items: [{ item_id: 'i', quantity: 'some' }] }],
    ['items.0.quantity', { ...view, items: [{ item_id: 'i', quantity: 1e6 + 1 }] }],
    ['transaction_id', { ...view, name: 'purchase' }],
    ['transaction_id', { ...view, name: 'refund' }],
    ['payment_type', { ...view, payment_type: 'x'.repeat(65) }],
    ['search_term', { ...view, search_term: ['x'] }],
    ['results_count', { ...view, results_count: -1 }],
    ['item_id', { name: 'stock_update', stock_level: 1 }],
    ['stock_level', { name: 'stock_update', item_id: 'i', stock_level: 0.5 }],
    ['price', { name: 'price_change', item_id: 'i', price: -1 }],
    ['event', { event: 'No Good', user_id: 'u' }],
  ])('%s', (path, event) => {
    expect(refused(event)?.[0]).toBe(path);
    expect(refused(event)?.[1]).not.toBe('');
  });

  test('a prototype in the input stays data', () => {
    const event: unknown = JSON.parse(
      '{"name":"view_item","user_id":"u1","__proto__":{"admin":true},"ecommerce":{"__proto__":{}}}',
    );
    expect(refused(event)).toBeUndefined();
    expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false);
  });
});
