import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPacked, packRecords, unpackRecords } from '../../../src/adapters/redis-streams/packed-records.ts';

const text = fc.string({ unit: 'grapheme' });
const record = fc.record({ key: fc.option(text), value: text });

test('what was packed is unpacked as it was: keys that are absent, empty texts, texts of all alphabets', () => {
  fc.assert(
    fc.property(fc.array(record, { minLength: 1 }), (records) => {
      const unpacked = unpackRecords(packRecords(records));
      expect(unpacked.map(({ key, value }) => ({ key, value: String(value) }))).toEqual(records);
    }),
  );
});

test('values are handed out where they lie, not copied', () => {
  const packed = packRecords([{ key: 'k', value: '{"name":"page_view"}' }]);
  const [only] = unpackRecords(packed);
  expect(only?.value?.buffer).toBe(packed.buffer);
});

test('a packed text is told from JSON, and a version that knows JSON alone fails on it', () => {
  const packed = packRecords([{ key: '['.repeat(91), value: '[]' }]);
  expect([isPacked(packed), isPacked(Buffer.from('["k","v"]'))]).toEqual([true, false]);
  expect(() => JSON.parse(packed.toString())).toThrow();
});
