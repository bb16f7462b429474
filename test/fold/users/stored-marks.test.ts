import { expect, test } from 'vitest';
import { CorruptState } from '../../../src/fold/state/stored-tuple.ts';
import { type MarkState, readMarks, writeMarks } from '../../../src/fold/users/stored-marks.ts';
import { ByteText } from '../../../src/metrics/sums/byte-text.ts';
import { Dictionaries } from '../../../src/metrics/sums/dictionaries.ts';
import { NO_VALUE } from '../../../src/metrics/sums/dimension-values.ts';

const texts = new Dictionaries({ dimensions: ['city', 'channel'] });
const oslo = texts.values.ofTexts(['Oslo "W"', 'Direct']);
const bergen = texts.values.ofTexts(['Bergen', '']);
const bucketMs = Date.parse('2026-11-20T00:00:00Z');
const HOUR = 3_600_000;

const mark = (hour: number, dimensions: number, stages: number[], importId?: string): MarkState => ({
  hourMs: bucketMs + hour * HOUR,
  changedMs: bucketMs + hour * HOUR + 7,
  dimensions,
  stages,
  importId,
});

function written(states: readonly MarkState[]): string {
  const into = new ByteText();
  writeMarks(states, bucketMs, texts, into);
  return into.bytes.toString('utf8', 0, into.size);
}

test.each<[string, MarkState[]]>([
  ['one hour', [mark(9, oslo, [0, 2])]],
  ['hours of the same values, and of others', [mark(9, oslo, [0]), mark(8, oslo, [0, 31, 32]), mark(8, bergen, [1])]],
  ['an hour before the bucket', [mark(-30, bergen, [0])]],
  ['values, none, and values again', [mark(9, oslo, [0]), mark(8, NO_VALUE, [0]), mark(7, oslo, [0])]],
  ['what an import has brought', [mark(9, oslo, [0]), mark(9, oslo, [0], 'imp,"1"'), mark(8, oslo, [0])]],
])('where a user is counted is read as it was: %s', (_, states) => {
  expect(readMarks(written(states), bucketMs, texts)).toEqual(states);
});

test('values that are those of the mark before it are written once', () => {
  expect(written([mark(9, oslo, [0]), mark(8, oslo, [0])])).toBe(
    '[[32400000,7,[0],["Oslo \\"W\\"","Direct"]],[28800000,7,[0]]]',
  );
});

test('what nobody wrote is said to be corrupt', () => {
  expect(() => readMarks('[[1,"x",[]]]', 0, texts)).toThrow(CorruptState);
});
