import { describe, expect, test } from 'vitest';
import type { Arrival } from '../../../src/events/repairs/rule.ts';
import { RULE_NAMES } from '../../../src/events/repairs/rules.ts';
import { validateEvent } from '../../../src/events/validation/validate.ts';
import { arrivalAt } from '../../support/traffic/arrival.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
const arrival = arrivalAt(now);
const seconds = now / 1_000 - 60;
const iso = '2026-11-20T11:59:00.000Z';
const family = '👩‍👩‍👧';

type Fields = Record<string, unknown>;
const event = (fields: Fields): Fields => ({ name: 'view_item', user_id: 'u1', ...fields });
const line = (fields: Fields): Fields => event({ items: [{ item_id: 'i', ...fields }] });

function taken(sent: Fields, at: Arrival = arrival) {
  const result = validateEvent(sent, at);
  if (result.outcome !== 'valid') return result;
  const { event: taken, timestampMs, repairs } = result;
  return { event: taken, timestampMs, repairs: repairs.map(({ rule, path }) => `${rule} ${path}`) };
}

describe('what can only mean one thing is taken as that', () => {
  const cases: readonly [rule: string, what: string, sent: Fields, taken: Fields, paths: readonly string[]][] = [
    ['null', 'null is absent', event({ city: null, value: null }), event({}), ['city', 'value']],
    ['null', 'null is absent in a line', line({ price: null }), line({}), ['items.0.price']],
    [
      'null',
      'a line that is null is absent',
      event({ items: [null, { item_id: 'i' }] }),
      event({ items: [{ item_id: 'i' }] }),
      ['items.0'],
    ],
    [
      'currency_sign',
      'a code in lower case',
      event({ value: '12.50 usd', currency: 'USD' }),
      event({ value: 12.5, currency: 'USD' }),
      ['value'],
    ],
    ['null', 'items that are null are absent', event({ items: null }), event({}), ['items']],
    ['empty_text', 'an empty text is absent', event({ city: '', session_id: '' }), event({}), ['session_id', 'city']],
    ['empty_text', 'an empty brand is absent', line({ item_brand: '' }), line({}), ['items.0.item_brand']],
    [
      'empty_text',
      'an empty user_id beside an anonymous_id is absent',
      event({ user_id: '', anonymous_id: 'a' }),
      { name: 'view_item', anonymous_id: 'a' },
      ['user_id'],
    ],
    [
      'number_as_text',
      'an item_id that is a number',
      line({ item_id: 7 }),
      line({ item_id: '7' }),
      ['items.0.item_id'],
    ],
    [
      'number_as_text',
      'a session_id that is a number',
      event({ session_id: 9 }),
      event({ session_id: '9' }),
      ['session_id'],
    ],
    [
      'number_as_text',
      'a brand that is a number',
      line({ item_brand: 4711 }),
      line({ item_brand: '4711' }),
      ['items.0.item_brand'],
    ],
    ['text_as_number', 'a price as text', line({ price: '9.50' }), line({ price: 9.5 }), ['items.0.price']],
    ['text_as_number', 'a comma before the cents', event({ value: '9,5' }), event({ value: 9.5 }), ['value']],
    ['text_as_number', 'no digit before the separator', line({ price: '.5' }), line({ price: 0.5 }), ['items.0.price']],
    ['text_as_number', 'shipping as text', event({ shipping: '7,97' }), event({ shipping: 7.97 }), ['shipping']],
    ['empty_text', 'no tax', event({ tax: '', discount: '' }), event({}), ['tax', 'discount']],
    ['left_out', 'shipping that is none', event({ shipping: 'free' }), event({}), ['shipping']],
    ['left_out', 'a discount below 0', event({ discount: -5 }), event({}), ['discount']],
    ['currency_sign', 'a dollar of one country', line({ price: 'US$9.50' }), line({ price: 9.5 }), ['items.0.price']],
    ['one_line', 'one object', event({ items: { item_id: 'i' } }), event({ items: [{ item_id: 'i' }] }), ['items']],
    ['false', 'a brand that there is none of', line({ item_brand: false }), line({}), ['items.0.item_brand']],
    [
      'list_of_one',
      'a category',
      line({ item_category: ['Oils'] }),
      line({ item_category: 'Oils' }),
      ['items.0.item_category'],
    ],
    ['list_of_one', 'no category', line({ item_category: [] }), line({}), ['items.0.item_category']],
    ['list_of_one', 'a coupon', event({ coupon: ['SPRING'] }), event({ coupon: 'SPRING' }), ['coupon']],
    ['left_out', 'two coupons', event({ coupon: ['SPRING', 'NEW'] }), event({}), ['coupon']],
    [
      'older_data_layer',
      'a line as gtag’s older form has it',
      event({ items: [{ id: 'i', name: 'Mug', price: 2 }] }),
      event({ items: [{ item_id: 'i', item_name: 'Mug', price: 2 }] }),
      ['items.0'],
    ],
    ['text_as_number', 'a quantity as text', line({ quantity: ' 2 ' }), line({ quantity: 2 }), ['items.0.quantity']],
    ['text_as_number', 'a weight as text', line({ quantity: '1,85' }), line({ quantity: 1.85 }), ['items.0.quantity']],
    ['currency_sign', 'a sign around a price', line({ price: '$9.50' }), line({ price: 9.5 }), ['items.0.price']],
    [
      'currency_sign',
      'the sign of the event’s currency',
      { ...line({ price: '9,50 €' }), currency: 'EUR' },
      { ...line({ price: 9.5 }), currency: 'EUR' },
      ['items.0.price'],
    ],
    ['currency_case', 'a currency in lower case', event({ currency: 'eur' }), event({ currency: 'EUR' }), ['currency']],
    [
      'cut',
      'a name that is too long',
      line({ item_name: 'x'.repeat(600) }),
      line({ item_name: 'x'.repeat(512) }),
      ['items.0.item_name'],
    ],
    ['cut', 'a city that is too long', event({ city: 'ü'.repeat(200) }), event({ city: 'ü'.repeat(128) }), ['city']],
    [
      'cut',
      'a cut never splits what a reader sees as one character',
      event({ city: `${'x'.repeat(126)}${family}` }),
      event({ city: 'x'.repeat(126) }),
      ['city'],
    ],
    ['left_out', 'a link that is too long', line({ item_url: 'x'.repeat(3_000) }), line({}), ['items.0.item_url']],
    ['left_out', 'a device that is no text', event({ device: { os: 'x' } }), event({}), ['device']],
    [
      'name_as_id',
      'a line with a name and no id',
      event({ items: [{ item_name: 'Mug' }] }),
      event({ items: [{ item_name: 'Mug', item_id: 'Mug' }] }),
      ['items.0.item_id'],
    ],
    [
      'time_as_digits',
      'digits as text',
      event({ timestamp: String(now - 1) }),
      event({ timestamp: now - 1 }),
      ['timestamp'],
    ],
    ['time_unit', 'seconds', event({ timestamp: seconds }), event({ timestamp: seconds * 1_000 }), ['timestamp']],
    [
      'time_unit',
      'seconds with decimals',
      event({ timestamp: seconds + 0.25 }),
      event({ timestamp: seconds * 1_000 + 250 }),
      ['timestamp'],
    ],
    [
      'time_unit',
      'nanoseconds',
      event({ timestamp: seconds * 1e9 + 256 }),
      event({ timestamp: seconds * 1_000 }),
      ['timestamp'],
    ],
    [
      'time_spelling',
      'no separators',
      event({ timestamp: '20261120T125900+0100' }),
      event({ timestamp: '2026-11-20T12:59:00+01:00' }),
      ['timestamp'],
    ],
    [
      'time_spelling',
      'UTC',
      event({ timestamp: '2026-11-20 11:59:00 UTC' }),
      event({ timestamp: '2026-11-20T11:59:00Z' }),
      ['timestamp'],
    ],
    [
      'time_unit',
      'microseconds',
      event({ timestamp: seconds * 1e6 + 999 }),
      event({ timestamp: seconds * 1_000 }),
      ['timestamp'],
    ],
    [
      'time_unit',
      'parts of a millisecond',
      event({ timestamp: now - 0.5 }),
      event({ timestamp: now - 1 }),
      ['timestamp'],
    ],
    [
      'time_spelling',
      '+0000',
      event({ timestamp: '2026-11-20T11:59:00.000+0000' }),
      event({ timestamp: '2026-11-20T11:59:00.000+00:00' }),
      ['timestamp'],
    ],
    [
      'time_spelling',
      '+01',
      event({ timestamp: '2026-11-20T12:59:00+01' }),
      event({ timestamp: '2026-11-20T12:59:00+01:00' }),
      ['timestamp'],
    ],
    [
      'time_spelling',
      'a space for T',
      event({ timestamp: '2026-11-20 11:59:00Z' }),
      event({ timestamp: '2026-11-20T11:59:00Z' }),
      ['timestamp'],
    ],
    [
      'time_spelling',
      'no seconds',
      event({ timestamp: '2026-11-20T11:59Z' }),
      event({ timestamp: '2026-11-20T11:59:00Z' }),
      ['timestamp'],
    ],
    [
      'time_spelling',
      'nine decimals',
      event({ timestamp: '2026-11-20T11:59:00.000999999Z' }),
      event({ timestamp: iso }),
      ['timestamp'],
    ],
    [
      'clock_by_sent_at',
      'a clock that is ahead, set right by sent_at',
      event({ timestamp: now + 3_600_000 - 500, sent_at: now + 3_600_000 }),
      event({ timestamp: now - 500, sent_at: now + 3_600_000 }),
      ['timestamp'],
    ],
    [
      'clock_by_sent_at',
      'a clock that is a month ahead',
      event({ timestamp: '2026-12-20T11:59:00Z', sent_at: '2026-12-20T12:00:00Z' }),
      event({ timestamp: iso, sent_at: '2026-12-20T12:00:00Z' }),
      ['timestamp'],
    ],
    ['clock_ahead', 'six minutes ahead', event({ timestamp: now + 360_000 }), event({ timestamp: now }), ['timestamp']],
    [
      'older_data_layer',
      'GA’s older data layer',
      { event: 'addToCart', user_id: 'u1', ecommerce: { add: { products: [{ id: 'i', name: 'Mug' }] } } },
      event({ name: 'add_to_cart', items: [{ item_id: 'i', item_name: 'Mug' }] }),
      ['ecommerce.add'],
    ],
  ];

  test.each(cases)('%s: %s', (rule, _, sent, wanted, paths) => {
    const result = taken(sent);
    expect(result).toMatchObject({ repairs: paths.map((path) => `${rule} ${path}`) });
    expect(result).toMatchObject({ event: wanted });
    const gone = (name: string) => !(name in wanted) && 'event' in result && name in result.event;
    expect(Object.keys(sent).filter((name) => name !== 'event' && name !== 'ecommerce' && gone(name))).toEqual([]);
  });

  test('each rule has a case', () => {
    expect(new Set(cases.map(([rule]) => rule))).toEqual(new Set(RULE_NAMES));
  });

  test('several rules may be needed for one value, and each is told', () => {
    expect(taken(event({ timestamp: String(seconds) }))).toMatchObject({
      timestampMs: seconds * 1_000,
      repairs: ['time_as_digits timestamp', 'time_unit timestamp'],
    });
  });

  test('sent_at may stand in the envelope', () => {
    const sentAt = '2026-11-20T13:00:00+0000';
    expect(taken(event({ timestamp: now + 3_600_000 - 5 }), { ...arrival, sentAt })).toMatchObject({
      timestampMs: now - 5,
    });
  });

  test('a sent_at that is not ahead moves nothing: what is ahead has come now', () => {
    expect(taken(event({ timestamp: now + 600_000, sent_at: now - 5 }))).toMatchObject({
      timestampMs: now,
      repairs: ['clock_ahead timestamp'],
    });
  });
});

describe('what could mean two things is refused', () => {
  test.each<[path: string, what: string, sent: Fields]>([
    ['value', 'two separators', event({ value: '4,245.42' })],
    ['value', 'a thousand, or thousandths', event({ value: '1.234' })],
    ['value', 'no number', event({ value: '' })],
    ['items.0.price', 'the sign of another currency', line({ price: '€9.50' })],
    ['items.0.price', 'a dollar of another country', line({ price: 'CA$9.50' })],
    ['value', 'a separator alone', event({ value: '.' })],
    ['items', 'lines under numbers', event({ items: { 0: { item_id: 'i' } } })],
    ['items.0.price', 'a sign on either side', line({ price: '$9.50$' })],
    ['items.0.price', 'below 0 where nothing is bought', line({ price: -1 })],
    [
      'items',
      'lines that add up to less than 0',
      event({ name: 'purchase', transaction_id: 't', items: [{ item_id: 'i', price: -1 }] }),
    ],
    ['items.0.discount', 'a discount of more than the price', line({ price: 5, discount: 6 })],
    ['items.0.item_id', 'a line without id and name', event({ items: [{ price: 5 }] })],
    ['items.0.item_id', 'a name too long for an id', event({ items: [{ item_name: 'x'.repeat(129) }] })],
    ['user_id', 'an id that is too long', event({ user_id: 'x'.repeat(129) })],
    ['transaction_id', 'no order', event({ name: 'purchase', transaction_id: '' })],
    ['currency', 'four letters', event({ currency: 'euro' })],
    ['timestamp', 'no offset and no separators', event({ timestamp: '20261120T115900' })],
    ['timestamp', 'no offset', event({ timestamp: '2026-11-20 11:59:00' })],
    ['timestamp', 'before 2000', event({ timestamp: '1999-12-31T23:59:59Z' })],
    ['timestamp', 'a small number', event({ timestamp: 1_000 })],
    ['timestamp', 'more than a day ahead', event({ timestamp: now + 86_400_001 })],
    ['timestamp', 'a day that is none', event({ timestamp: '2026-02-30 00:00Z' })],
    ['quantity', 'no quantity', { name: 'stock_update', item_id: 'i', stock_level: '', quantity: 1 }],
  ])('%s: %s', (path, _, sent) => {
    expect(validateEvent(sent, arrival)).toMatchObject({
      outcome: 'rejected',
      path: path === 'quantity' ? 'stock_level' : path,
    });
  });

  test('a quantity of more than three decimals is refused with what it may be', () => {
    expect(validateEvent(line({ quantity: 1.8505 }), arrival)).toMatchObject({
      path: 'items.0.quantity',
      message: 'must be a number from 0.001 to 1000000, with at most three decimals',
    });
    // A thousand, or 1.85 with a zero behind it.
    expect(validateEvent(line({ quantity: '1.850' }), arrival)).toMatchObject({ path: 'items.0.quantity' });
  });

  test('all that is wrong is told, the first of it beside the event', () => {
    const result = validateEvent(event({ city: {}, items: [{ price: 'x' }, { item_id: 'i', quantity: -1 }] }), arrival);
    expect(result).toMatchObject({ path: 'city' });
    expect('problems' in result && result.problems?.map(({ path }) => path)).toEqual([
      'city',
      'items.0.item_id',
      'items.0.price',
      'items.1.quantity',
    ]);
  });

  test('a live event older than the days that are kept; an import may be older', () => {
    const old = event({ timestamp: '2011-11-20T12:00:00Z' });
    const oldestMs = now - 400 * 86_400_000;
    expect(validateEvent(old, { ...arrival, oldestMs })).toMatchObject({ outcome: 'rejected', path: 'timestamp' });
    expect(validateEvent(old, { ...arrival, oldestMs, isLive: false })).toMatchObject({ outcome: 'valid' });
  });

  test('an import has no clock to set right, and its numbers are milliseconds', () => {
    const imported = { ...arrival, isLive: false };
    expect(validateEvent(event({ timestamp: now + 360_000 }), imported)).toMatchObject({ outcome: 'rejected' });
    expect(validateEvent(event({ timestamp: seconds }), imported)).toMatchObject({ timestampMs: seconds });
  });
});
