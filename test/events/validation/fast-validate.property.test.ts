import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { itemSchema, shopEventSchema } from '../../../src/events/schema.ts';
import { isSurelyValid, knownPart } from '../../../src/events/validation/fast-validate.ts';
import { Random } from '../../../src/simulator/random.ts';
import { runs } from '../../support/runner/runs.ts';

const pick = <T>(all: readonly T[], random: Random): T | undefined => all[random.below(all.length)];

const NASTY: readonly unknown[] = [
  undefined,
  null,
  '',
  'x',
  'x'.repeat(64),
  'x'.repeat(65),
  'x'.repeat(128),
  'x'.repeat(129),
  'x'.repeat(257),
  'x'.repeat(513),
  '\ud800',
  'Pune',
  'purchase',
  'refund',
  'EUR',
  'eur',
  'XYZ',
  '2026-02-29T00:00:00Z',
  '2026-02-28T23:59:59.123456+05:45',
  '2026-02-28 23:59:59Z',
  '2026-02-28T23:59:59',
  0,
  -0,
  1,
  -1,
  0.1,
  0.001,
  0.0001,
  0.1 + 0.2,
  1e6,
  1e6 + 1,
  1e9,
  1e9 + 1,
  8.64e15,
  8.64e15 + 2,
  2 ** 53,
  Number.POSITIVE_INFINITY,
  Number.NaN,
  true,
  [],
  {},
  [null],
  [{}],
  [{ item_id: 'a' }],
  [{ item_id: 'a', price: 1e9, quantity: 2 }],
  // In floats exactly 10⁹, in decimals a little more.
  [{ item_id: 'a', price: 142_857_142.857_142_87, quantity: 7 }],
  [{ item_id: 'a', price: 999_000_999.000_999_1, quantity: 1.001 }],
  [{ item_id: 'a', price: 1e9, quantity: 0.999 }],
  [{ item_id: 'a', price: 5, discount: 5 }],
  [{ item_id: 'a', discount: 1 }],
  [{ item_id: 'a', price: -5 }],
  'x'.repeat(2_049),
  '🧦'.repeat(65),
  '🧦'.repeat(64),
  [{ item_id: 'a', price: 5e8, quantity: 2, item_brand: 'b', colour: 'red' }],
];
const FIELDS = [...Object.keys(shopEventSchema.shape), 'colour'];
const ITEM_FIELDS = [...Object.keys(itemSchema.shape), 'colour'];
const whole = {
  event_id: 'e1',
  name: 'purchase',
  user_id: 'u1',
  session_id: 's1',
  timestamp: '2026-11-20T12:00:00.000Z',
  city: 'Pune',
  country: 'IN',
  currency: 'INR',
  value: 10.5,
  items: [{ item_id: 'i1', item_name: 'A cup', item_category: 'Cups', item_brand: 'B', price: 5.25, quantity: 2 }],
  transaction_id: 't1',
  payment_type: 'card',
  search_term: '',
  results_count: 3,
};

/** A good event with up to two of its fields, or of its line's, made into something else. */
function spoilt(random: Random): Record<string, unknown> {
  const event: Record<string, unknown> = { ...whole };
  for (let times = random.below(3); times > 0; times--) {
    if (random.chance(0.3))
      event['items'] = [{ ...whole.items[0], [pick(ITEM_FIELDS, random) ?? '']: pick(NASTY, random) }];
    else event[pick(FIELDS, random) ?? ''] = pick(NASTY, random);
  }
  return event;
}

test('what is plainly good is what the schema takes, field by field; of what it takes nearly all is plainly good', () => {
  const random = new Random(11);
  const seen = { good: 0, bad: 0, unsure: 0 };
  const tries = runs(12_000, 40_000);
  for (let i = 0; i < tries; i++) {
    const event = spoilt(random);
    if (event['name'] === 'stock_update' || event['name'] === 'price_change') continue;
    const checked = shopEventSchema.safeParse(event);
    const isGood = isSurelyValid(event);
    if (checked.success && !isGood) {
      seen.unsure += 1;
      continue;
    }
    // Compared with an assertion each, they would take several times as long.
    if (isGood !== checked.success) expect([isGood, event]).toEqual([checked.success, event]);
    if (checked.success && isGood && !isDeepStrictEqual(knownPart(event), checked.data))
      expect(knownPart(event)).toEqual(checked.data);
    seen[checked.success ? 'good' : 'bad'] += 1;
  }
  expect(seen.good).toBeGreaterThan(tries / 4);
  expect(seen.bad).toBeGreaterThan(tries / 8);
  // A price below 0 and a time with more than milliseconds are left to the schema.
  expect(seen.unsure).toBeLessThan(tries / 50);
});

test('events about the stock are left to their own schemas', () => {
  expect(isSurelyValid({ name: 'stock_update', user_id: 'u1' })).toBe(false);
});
