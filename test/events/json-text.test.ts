import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonText } from '../../src/events/json-text.ts';

/** Any unit of UTF-16, halves of pairs among them; fast-check's own would take a second to be made. */
const unit = (max: number) => fc.integer({ min: 0, max }).map((code) => String.fromCharCode(code));
const texts = fc.oneof(...[0x7f, 0xff, 0xffff].map((max) => fc.string({ unit: unit(max) })));

test('a text is written as JSON.stringify writes it, whatever is in it', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(jsonText(text)).toBe(JSON.stringify(text));
    }),
  );
  for (const text of ['sim-5-3bqd1u', 'New York', 'a"b', 'a\\b', 'a\nb', 'a\n', 'Zürich', '\u2028', '']) {
    expect(jsonText(text)).toBe(JSON.stringify(text));
  }
});
