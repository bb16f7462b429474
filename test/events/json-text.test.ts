import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonText } from '../../src/events/json-text.ts';

test('a text is written as JSON.stringify writes it, whatever is in it', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[ -~]*$/)), (text) => {
      expect(jsonText(text)).toBe(JSON.stringify(text));
    }),
  );
  for (const text of ['sim-5-3bqd1u', 'New York', 'a"b', 'a\\b', 'a\nb', 'a\n', 'Zürich', '\u2028', '']) {
    expect(jsonText(text)).toBe(JSON.stringify(text));
  }
});
