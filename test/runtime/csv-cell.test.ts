import { expect, test } from 'vitest';
import { cell } from '../../src/runtime/csv-cell.ts';

test.each([
  ['plain', 'plain'],
  [12.5, '12.5'],
  [null, ''],
  ['a,b', '"a,b"'],
  ['a;b', '"a;b"'],
  ['a\tb', '"a\tb"'],
  ['say "so"', '"say ""so"""'],
  ['two\nlines', '"two\nlines"'],
  ['=1+1', "'=1+1"],
  ['=a;b', `"'=a;b"`],
  [-5, '-5'],
])('%j is written as %s', (value, written) => {
  expect(cell(value)).toBe(written);
});
