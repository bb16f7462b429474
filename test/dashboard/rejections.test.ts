import { expect, test } from 'vitest';
import { rejectionIn } from '../../src/dashboard/app/text/rejection.ts';
import { rejections } from '../../src/dashboard/app/words/de/refusals/rejections.ts';
import { decodeRecord } from '../../src/ingestion/decode.ts';
import { DimensionReader } from '../../src/metrics/dimension.ts';

const decoding = {
  partition: { topic: 'events', index: 0 } as const,
  storeCurrency: 'USD',
  dimensions: new DimensionReader([]),
};
const now = Date.parse('2026-11-20T12:00:00Z');
const good = { name: 'purchase', user_id: 'u', transaction_id: 't' };
const line = { item_id: 'a', price: 1 };

/** Why a message is a dead letter. */
function reasonOf(message: string | Uint8Array | object | null): string {
  const text = typeof message === 'object' && !(message instanceof Uint8Array) ? JSON.stringify(message) : message;
  const value = message === null ? null : Buffer.from(text as string);
  const decoded = decodeRecord({ value, arrivedAtMs: now, importId: undefined }, decoding, () => 'id');
  return decoded.outcome === 'rejected' ? decoded.reason : 'it was counted';
}

const COMMON = /\b(the|is|not|must|be|at|least|most|more|than|of|have|has|only|may|belongs|on|it)\b/;

test.each([
  [null],
  ['{"'],
  [Uint8Array.of(0x22, 0xff, 0x22)],
  ['x'.repeat(1_100_000)],
  ['7'],
  [{ ...good, user_id: undefined, userId: 'u' }],
  [{ ...good, user_id: undefined }],
  [{ ...good, transaction_id: undefined }],
  [{ ...good, name: 'Purchase!' }],
  [{ ...good, name: '' }],
  [{ ...good, user_id: 'x'.repeat(200) }],
  [{ ...good, user_id: { a: 1 } }],
  [{ ...good, user_id: '\ud800' }],
  [{ ...good, value: 'much' }],
  [{ ...good, value: -1 }],
  [{ ...good, value: 1e12 }],
  [{ ...good, currency: 'dollars' }],
  [{ ...good, currency: 'XQQ' }],
  [{ ...good, items: 'none' }],
  [{ ...good, items: Array.from({ length: 2_001 }, () => line) }],
  [{ ...good, items: [{ ...line, discount: 2 }] }],
  [{ ...good, items: [{ ...line, price: -1 }] }],
  [{ ...good, items: [{ ...line, quantity: 0 }] }],
  [{ ...good, name: 'search', search_term: 'a', results_count: 1.5 }],
  [{ ...good, timestamp: 'yesterday' }],
  [{ ...good, timestamp: now + 3 * 86_400_000 }],
  [{ ...good, timestamp: '1999-01-01T00:00:00Z' }],
  [{ name: 'stock_update', item_id: 'a', stock_level: 1 }],
  [{ control: 'dance' }],
])('a dead letter such as %j says why in German', (message) => {
  const reason = reasonOf(message);
  expect(reason).not.toBe('it was counted');
  const german = rejectionIn(rejections, reason);
  expect([reason, german.replace(/^\S+: /, '')]).toEqual([reason, expect.not.stringMatching(COMMON)]);
});

test('what has no words stays as it is said, and a place stays before it', () => {
  expect(rejectionIn(rejections, 'something else: entirely')).toBe('something else: entirely');
  expect(rejectionIn({}, 'user_id: is missing')).toBe('user_id: is missing');
  expect(rejectionIn(rejections, 'items.0.price: must be at least 0')).toBe('items.0.price: muss mindestens 0 sein');
  expect(rejectionIn(rejections, 'must be one of a, b')).toBe('muss eines davon sein: a, b');
});
