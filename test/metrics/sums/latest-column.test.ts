import { expect, test } from 'vitest';
import { Interner } from '../../../src/metrics/sums/interner.ts';
import { LatestColumn } from '../../../src/metrics/sums/latest-column.ts';

const QUARTER_MS = 900_000;

/** What is to be written of an item after each unit. */
function written(grainMs: number, ...units: (readonly [atMs: number, text: string])[][]) {
  const texts = new Interner();
  const column = new LatestColumn(texts, grainMs);
  return units.map((unit) => {
    for (const [atMs, text] of unit) column.keep(3, atMs, texts.ofText(text));
    const kept = column.members.map((member) => [column.atMs(member), column.text(member)]);
    column.clear();
    return kept;
  });
}

test('what is said again within a quarter of an hour is written once; what is said otherwise, or later, is written', () => {
  const said = written(
    QUARTER_MS,
    [
      [10, 'Kitchen'],
      [20, 'Kitchen'],
    ],
    [[30, 'Kitchen']],
    [[40, 'Table']],
    [[50, 'Kitchen']],
    [[QUARTER_MS + 5, 'Kitchen']],
    [[60, 'late']],
  );
  expect(said).toEqual([[[0, 'Kitchen']], [], [[0, 'Table']], [[0, 'Kitchen']], [[QUARTER_MS, 'Kitchen']], []]);
});

test('to the millisecond, the newest stays, whatever unit it is in', () => {
  expect(written(1, [[20, 'b']], [[10, 'a']], [[21, 'b']])).toEqual([[[20, 'b']], [], [[21, 'b']]]);
});
