import { describe, expect, test } from 'vitest';
import { type Mark, markedBuckets, markedMoments } from '../../src/dashboard/app/charts/marks/mark.ts';
import { joined, type Place } from '../../src/dashboard/app/charts/marks/place.ts';
import type { Timeline } from '../../src/dashboard/app/charts/timeline.ts';

const mark = (at: string): Mark => ({ id: at, kind: 'note', at, text: at });
const line = (interval: Timeline['interval'], ...starts: string[]): Timeline => ({
  starts,
  interval,
  over: 0,
  begun: 0,
});
const bucketsOf = (timeline: Timeline, ...moments: string[]) =>
  markedBuckets(timeline, moments.map(mark)).map(({ bucket, marks }) => [bucket, ...marks.map(({ at }) => at)]);

describe('what happened is marked', () => {
  const hours = line('hour', '2026-11-28T00:00:00+01:00', '2026-11-28T01:00:00+01:00', '2026-11-28T02:00:00');

  test('in the bucket in which it happened, that of an hour to come as well', () => {
    const [first, second, third] = [
      '2026-11-28T00:00:00+01:00',
      '2026-11-28T00:59:59+01:00',
      '2026-11-28T02:30:00+01:00',
    ];
    expect(bucketsOf(hours, third, second, first)).toEqual([
      [0, first, second],
      [2, third],
    ]);
  });

  test('in the one of two hours of the same name in which it happened, where the clock is put back', () => {
    const night = line('hour', '2026-10-25T02:00:00+02:00', '2026-10-25T02:00:00+01:00', '2026-10-25T03:00:00+01:00');
    const [first, second] = ['2026-10-25T02:30:00+02:00', '2026-10-25T02:30:00+01:00'];
    expect(bucketsOf(night, first, second)).toEqual([
      [0, first],
      [1, second],
    ]);
  });

  test('nowhere where it lies before the chart or behind it', () => {
    expect(bucketsOf(hours, '2026-11-27T23:59:59+01:00', '2026-11-28T03:00:00+01:00')).toEqual([]);
    expect(bucketsOf(line('hour'), '2026-11-28T03:00:00+01:00')).toEqual([]);
  });

  test('on the last day up to its end, and in the half minute in which it happened', () => {
    const days = line('day', '2026-11-27T00:00:00+01:00', '2026-11-28T00:00:00+01:00');
    expect(bucketsOf(days, '2026-11-28T23:59:59+01:00')).toEqual([[1, '2026-11-28T23:59:59+01:00']]);
    const halves = line('30s', '2026-11-28T10:00:00Z', '2026-11-28T10:00:30Z');
    expect(bucketsOf(halves, '2026-11-28T10:00:29Z', '2026-11-28T10:01:00Z')).toEqual([[0, '2026-11-28T10:00:29Z']]);
  });

  test('beside the last change of stock before it, or the first', () => {
    const moments = ['2026-11-28T10:00:00Z', '2026-11-28T12:00:00Z'];
    const at = ['2026-11-28T09:00:00Z', '2026-11-28T11:00:00Z', '2026-11-29T00:00:00Z'].map(mark);
    expect(markedMoments(moments, at).map(({ bucket, marks }) => [bucket, marks.length])).toEqual([
      [0, 2],
      [1, 1],
    ]);
    expect(markedMoments([], at)).toEqual([]);
  });
});

test('marks that lie too near to each other are one, where the first is', () => {
  const place = (x: number): Place => ({ x, y: 0, marks: [mark(String(x))] });
  const found = joined([0, 10, 23, 24, 47, 80].map(place));
  expect(found.map(({ x, marks }) => [x, marks.length])).toEqual([
    [0, 3],
    [24, 2],
    [80, 1],
  ]);
});
