import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packRecords, unpackRecords } from '../../../src/adapters/redis-streams/packed-records.ts';

const text = fc.string({ unit: 'grapheme' });
const record = fc.record({ key: fc.option(text), value: text });

test('what was packed is unpacked as it was: keys that are absent, empty texts, texts of all alphabets', () => {
  fc.assert(
    fc.property(fc.array(record, { minLength: 1 }), (records) => {
      const unpacked = unpackRecords(Buffer.from(packRecords(records)));
      expect(unpacked.map(({ key, value }) => ({ key, value: String(value) }))).toEqual(records);
    }),
  );
});

test('a key with half a character in it does not shift what lies behind it', () => {
  const records = ['\ud83d', '\ude00'].map((key) => ({ key, value: JSON.stringify({ user_id: key }) }));
  const unpacked = unpackRecords(Buffer.from(packRecords(records)));
  expect(unpacked.map(({ value }) => JSON.parse(String(value)).user_id)).toEqual(['\ud83d', '\ude00']);
});

test('values are handed out where they lie, not copied', () => {
  const packed = Buffer.from(packRecords([{ key: 'k', value: '{"name":"page_view"}' }]));
  const [only] = unpackRecords(packed);
  expect(only?.value?.buffer).toBe(packed.buffer);
});

test('a packed text begins as no JSON array does, and a version that reads JSON alone fails on it instead of passing it over', () => {
  for (const key of [null, '', '[']) {
    const packed = packRecords([{ key, value: '[]' }]);
    expect(packed).not.toMatch(/^\[/);
    expect(() => JSON.parse(packed)).toThrow();
  }
});
