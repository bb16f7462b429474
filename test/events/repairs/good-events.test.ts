import fc from 'fast-check';
import { expect, test } from 'vitest';
import { repair } from '../../../src/events/repairs/repair.ts';
import { shopEventSchema } from '../../../src/events/schema.ts';
import { validateEvent } from '../../../src/events/validation/validate.ts';
import { arrivalAt } from '../../support/traffic/arrival.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
const arrival = arrivalAt(now);

const id = fc.string({ minLength: 1, maxLength: 128, unit: 'grapheme' }).filter((text) => [...text].length <= 128);
const label = fc.string({ minLength: 1, maxLength: 64 });
const amount = fc.integer({ min: 0, max: 1_000_000 }).map((cents) => cents / 100);
const moment = fc.integer({ min: Date.parse('2000-01-01'), max: now + 300_000 });
const timestamp = fc.oneof(
  moment,
  moment.map((ms) => new Date(ms).toISOString()),
  moment.map((ms) => new Date(ms).toISOString().replace(/\.\d+Z$/, '+00:00')),
);
const item = fc.record(
  {
    item_id: id,
    item_name: label,
    item_brand: label,
    price: amount,
    quantity: fc.integer({ min: 1, max: 99 }),
    item_url: label,
  },
  { requiredKeys: ['item_id'] },
);
const event = fc.record(
  {
    name: fc.constantFrom('page_view', 'view_item', 'add_to_cart', 'wheel_spun'),
    user_id: id,
    anonymous_id: id,
    event_id: label,
    timestamp,
    session_id: id,
    city: label,
    currency: fc.constantFrom('EUR', 'JPY', 'CHW'),
    value: amount,
    items: fc.array(item, { maxLength: 5 }),
    search_term: fc.string({ maxLength: 100 }),
    results_count: fc.nat(),
    shipping: amount,
    page_location: label,
    utm_source: label,
    device: label,
  },
  { requiredKeys: ['name', 'user_id'] },
);

test('a good event is never changed by a repair, nor told to be one', () => {
  fc.assert(
    fc.property(event, (good) => {
      expect(shopEventSchema.safeParse(good).success).toBe(true);
      expect(repair({ fields: good, places: new Map() }, arrival)).toEqual({ fields: good, repairs: [] });
      const result = validateEvent(good, arrival);
      expect(result).toMatchObject({ outcome: 'valid', repairs: [] });
      // The very same object: nothing was copied on its way.
      expect('event' in result && result.event).toBe(good);
    }),
  );
});

test('what was repaired once needs no repair', () => {
  const value = fc.constantFrom<unknown>(
    null,
    '',
    7,
    '9,50',
    '$3',
    'eur',
    'x'.repeat(3_000),
    '2026-11-20 11:00Z',
    now / 1_000,
    {},
    [],
  );
  const fields = Object.keys(shopEventSchema.shape).filter((field) => field !== 'sent_at');
  const odd = fc
    .tuple(event, fc.constantFrom(...fields), value)
    .map(([good, field, sent]) => ({ ...good, [field]: sent }));
  fc.assert(
    fc.property(odd, (sent) => {
      const once = validateEvent(sent, arrival);
      if (once.outcome !== 'valid') return;
      expect(validateEvent(once.event, arrival)).toEqual({ ...once, repairs: [] });
    }),
    { numRuns: 500 },
  );
});
