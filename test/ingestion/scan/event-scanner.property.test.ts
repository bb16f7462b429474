import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../../support/runner/runs.ts';
import { arrived, bytesOf, parsed, scanned } from './both-readings.ts';

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
    { numRuns: runs(5_000, 30_000) },
  );
  // Both did occur.
  expect(read).toBeGreaterThan(250);
  expect(left).toBeGreaterThan(300);
}, 60_000);
