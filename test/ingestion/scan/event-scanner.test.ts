import { describe, expect, test } from 'vitest';
import { Columns } from '../../../src/fold/columns/columns.ts';
import { EventScanner } from '../../../src/ingestion/scan/event-scanner.ts';
import { DEFAULT_DIMENSIONS, type Dimension, DimensionReader } from '../../../src/metrics/dimension.ts';
import { Dictionaries } from '../../../src/metrics/sums/dictionaries.ts';
import { landing } from '../../docs/landing/landing.ts';
import { arrived, bytesOf, parsed, scanned } from './both-readings.ts';

const EVENT = {
  event_id: 'e1',
  name: 'view_item',
  timestamp: arrived,
  user_id: 'ann',
  session_id: 's1',
  city: 'Tromsø',
  country: 'NO',
  currency: 'NOK',
  value: 12.5,
  items: [{ item_id: 'mug', item_name: 'A “mug”', item_category: 'c', item_brand: 'b', price: 12.5, quantity: 2 }],
};

test('a field that a dimension makes something of is left to the schema, where the scanner does not know how', () => {
  const region = {
    ...landing,
    name: 'region',
    reads: ['country'],
    valueOf: ({ country }) => (country === 'NO' ? 'north' : undefined),
  } satisfies Dimension;
  const reader = new DimensionReader([...DEFAULT_DIMENSIONS, region]);
  const columns = new Columns(new Dictionaries({ dimensions: reader.dimensions.map(({ name }) => name) }));
  const scanner = new EventScanner(columns, 'NOK', reader);
  const scan = (event: object) => {
    const bytes = Buffer.from(JSON.stringify(event));
    return scanner.scan(bytes, 0, bytes.length, arrived);
  };
  const { country: _, ...elsewhere } = EVENT;
  expect([scan(EVENT), scan(elsewhere)]).toEqual([false, true]);
});

describe('what is plainly a good event is read without the schema', () => {
  test.each([
    ['with all that a visit says', EVENT],
    [
      'with every level of a category, and a variant',
      {
        ...EVENT,
        items: [
          {
            item_id: 'mug',
            item_category: 'Kitchen',
            item_category2: 'Tœpferei',
            item_category3: 'Mugs',
            item_category4: 'large',
            item_category5: 'blue',
            item_variant: 'glazed',
          },
          { item_category3: 'of no higher level', item_id: 'cup' },
        ],
      },
    ],
    ['with a time as text', { ...EVENT, timestamp: '2026-11-20T11:59:59.123Z' }],
    ['a purchase', { ...EVENT, name: 'purchase', transaction_id: 't 1', payment_type: 'card' }],
    [
      'a purchase with what it says beside its worth',
      { ...EVENT, name: 'purchase', transaction_id: 't', shipping: 4.9, tax: 2, discount: 0.5, coupon: 'SPRING' },
    ],
    ['a purchase with a coupon alone', { ...EVENT, name: 'purchase', transaction_id: 't', coupon: 'SPRING' }],
    ['a view with a coupon, of which nothing comes', { ...EVENT, shipping: 4.9, coupon: 'SPRING' }],
    ['a search for an address', { ...EVENT, name: 'search', search_term: 'Mug of ann@shop.example' }],
    ['a search for oneself', { search_term: ' ANN ', ...EVENT, name: 'search' }],
    ['a search', { ...EVENT, name: 'search', search_term: '  Blue   MUG ', results_count: 0 }],
    ['without a session, city, currency and lines', { event_id: 'e', name: 'x', timestamp: arrived, user_id: 'u' }],
    ['with no lines', { ...EVENT, items: [] }],
    ['a store, and a device by its name', { ...EVENT, store: 'north', device: 'iPhone' }],
    [
      'what brought the visitor',
      {
        ...EVENT,
        page_location: 'https://shop.example/?utm_source=news&utm_medium=email',
        page_referrer: 'https://www.google.com/',
        user_agent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148 Safari/604.1',
      },
    ],
    ['a campaign by its fields', { ...EVENT, utm_source: 'google', utm_medium: 'cpc', utm_campaign: 'spring' }],
  ])('%s', (_, event) => {
    expect(scanned(bytesOf(event))).toEqual(parsed(bytesOf(event)));
  });
});

describe('all else is left to the schema', () => {
  test.each([
    ['a field twice', '{"event_id":"a","event_id":"b","name":"x","timestamp":5,"user_id":"u"}'],
    ['a field that is not known', { ...EVENT, colour: 'red' }],
    ['an escape', { ...EVENT, user_id: 'a"b' }],
    ['a blank', '{"event_id":"a", "name":"x","timestamp":5,"user_id":"u"}'],
    ['a number with an exponent', '{"event_id":"a","name":"x","timestamp":5,"user_id":"u","value":1e2}'],
    ['a number of many digits', '{"event_id":"a","name":"x","timestamp":5,"user_id":"u","value":1.0049999999999999}'],
    ['a leading zero', '{"event_id":"a","name":"x","timestamp":5,"user_id":"u","value":01}'],
    ['a currency that is none', { ...EVENT, currency: 'XQQ' }],
    ['a purchase without a transaction', { ...EVENT, name: 'purchase' }],
    ['an inventory event', { ...EVENT, name: 'stock_update' }],
    ['a time that lies ahead', { ...EVENT, timestamp: arrived + 5 * 60_000 + 1 }],
    ['a day that is none', { ...EVENT, timestamp: '2026-02-30T11:59:59Z' }],
    ['an empty id', { ...EVENT, user_id: '' }],
    ['a line without an item', { ...EVENT, items: [{ price: 1 }] }],
    ['a quantity of four decimals', { ...EVENT, items: [{ item_id: 'a', quantity: 0.5005 }] }],
    [
      'lines that are worth the most',
      { ...EVENT, items: [{ item_id: 'a', price: 142_857_142.857_142_87, quantity: 7 }] },
    ],
    ['a quantity of 0', { ...EVENT, items: [{ item_id: 'a', quantity: 0 }] }],
    ['something behind', `${JSON.stringify(EVENT)} `],
    ['a control record', { control: 'tick', at: arrived }],
    ['no bytes', ''],
    ['a text that does not end', '{"event_id":"a'],
  ])('%s', (_, event) => {
    expect(scanned(bytesOf(event))).toBeUndefined();
  });

  test('bytes that are no UTF-8', () => {
    const bytes = bytesOf({ ...EVENT, user_id: 'anX' });
    bytes[bytes.indexOf('anX') + 2] = 0xff;
    expect(scanned(bytes)).toBeUndefined();
  });
});
