import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Columns } from '../../../src/fold/columns/columns.ts';
import { EventStep } from '../../../src/fold/event-step.ts';
import { decodeRecord } from '../../../src/ingestion/decode.ts';
import { EventScanner } from '../../../src/ingestion/scan/event-scanner.ts';
import { DEFAULT_DIMENSIONS, type Dimension, DimensionReader } from '../../../src/metrics/dimension.ts';
import { Dictionaries } from '../../../src/metrics/sums/dictionaries.ts';
import { landing } from '../../docs/landing/landing.ts';
import { record } from '../../support/fakes/still-log.ts';
import { runs } from '../../support/runner/runs.ts';

const arrived = Date.parse('2026-11-20T12:00:00Z');
const dimensions = new DimensionReader(DEFAULT_DIMENSIONS);
const partition = { topic: 'events', index: 0 } as const;

/** What the scanner reads, or that it leaves it to the schema. The record lies in the middle of other bytes. */
function scanned(bytes: Buffer) {
  const columns = new Columns(
    new Dictionaries({ hashSeed: 7, dimensions: DEFAULT_DIMENSIONS.map(({ name }) => name) }),
  );
  const around = Buffer.concat([Buffer.from('{"a":"'), bytes, Buffer.from('","b":1}')]);
  const from = '{"a":"'.length;
  if (!new EventScanner(columns, 'NOK', dimensions).scan(around, from, from + bytes.length, arrived)) return undefined;
  columns.addRow('live', 0, arrived);
  const step = new EventStep(columns);
  step.begin(0);
  const { texts } = columns.dictionaries.values;
  // What the event itself names; an event counts under its session's values.
  const values = texts.map((of, i) => of.text(step.valueOf(i)) || undefined);
  return { ...step.event, values };
}

/** What the schema makes of it. */
function parsed(bytes: Buffer) {
  const decoded = decodeRecord(
    { ...record(0, '', arrived), value: bytes },
    { partition, storeCurrency: 'NOK', dimensions },
    () => '0',
  );
  return decoded.outcome === 'parsed' ? decoded.event : decoded.reason;
}

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
const bytesOf = (event: unknown) => Buffer.from(typeof event === 'string' ? event : JSON.stringify(event));

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

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('ann', 'NOK', '  A b ', 'ß', '\u2028'),
);
const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, 1, 0.1, 12.5, 1e9, 1e9 + 1, 123456.789012345));
const anything = fc.oneof(text, number, fc.constantFrom(null, true, [], {}));
/** Mostly what belongs there, so that many are good. */
const mostly = (good: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 40, arbitrary: good }, { weight: 1, arbitrary: anything });
const amount = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 0, max: 1e6 }).map((n) => n / 1_000) },
  { weight: 1, arbitrary: fc.double({ min: 0, max: 1e9, noNaN: true }) },
);
const title = fc.constantFrom('Kitchen', 'Tœpfe', '(none)');
const item = fc.record(
  {
    item_id: mostly(fc.constantFrom('a', 'b/c', 'ü')),
    item_name: mostly(text),
    item_category: mostly(title),
    item_category2: mostly(title),
    item_category5: mostly(title),
    item_brand: mostly(title),
    item_variant: mostly(title),
    price: mostly(amount),
    quantity: mostly(
      fc.oneof(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 20_000 }).map((n) => n / 1_000),
      ),
    ),
  },
  { requiredKeys: ['item_id'] },
);
const event = fc.record(
  {
    event_id: mostly(fc.constantFrom('e1', 'é', 'x'.repeat(64), 'x'.repeat(65))),
    name: mostly(fc.constantFrom('view_item', 'search', 'purchase', 'refund', 'stock_update', 'own_1')),
    timestamp: mostly(
      fc.oneof(
        fc.integer({ min: arrived - 20 * 366 * 86_400_000, max: arrived + 600_000 }),
        fc
          .date({ min: new Date(0), max: new Date(arrived) })
          .map((date) => (Number.isNaN(date.getTime()) ? 0 : date.toISOString())),
        fc.constantFrom(
          '2026-11-20T10:00:00+01:00',
          '2026-02-29T00:00:00Z',
          '2024-02-29T00:00:00Z',
          '2026-11-20T24:00:00Z',
        ),
      ),
    ),
    user_id: mostly(fc.constantFrom('ann', 'böb', 'c')),
    session_id: mostly(text),
    city: mostly(text),
    currency: mostly(fc.constantFrom('NOK', 'EUR', 'JPY', 'XXX', 'nok')),
    value: mostly(amount),
    items: mostly(fc.array(item, { maxLength: 3 })),
    transaction_id: mostly(text),
    payment_type: mostly(text),
    shipping: mostly(amount),
    tax: mostly(amount),
    discount: mostly(amount),
    coupon: mostly(fc.constantFrom('SPRING', 'Frühling')),
    search_term: mostly(fc.oneof(text, fc.constant(''))),
    results_count: mostly(fc.nat()),
  },
  { requiredKeys: ['event_id', 'name', 'timestamp', 'user_id'] },
);
/** A byte changed here or there, as a careless producer or a bad line would. */
const bytes = fc
  .tuple(
    event,
    fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 255 })), { maxLength: 2 }),
  )
  .map(([value, changes]) => {
    const written = bytesOf(value);
    if (written.length % 5 === 0)
      for (const [where, byte] of changes)
        written[Math.min(written.length - 1, Math.floor(where * written.length))] = byte;
    return written;
  });

test('whatever is sent: where the scanner says yes, the schema says yes, and both read the same', () => {
  let [read, left] = [0, 0];
  fc.assert(
    fc.property(bytes, (written) => {
      const found = scanned(written);
      if (found === undefined) left++;
      else {
        read++;
        expect(found).toEqual(parsed(written));
      }
    }),
    { numRuns: runs(5_000, 50_000) },
  );
  // Both did occur.
  expect(read).toBeGreaterThan(250);
  expect(left).toBeGreaterThan(300);
}, 60_000);
