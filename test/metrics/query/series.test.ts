import { expect, test } from 'vitest';
import { parsePeriod } from '../../../src/metrics/query/period.ts';
import { mostRows, seriesOf } from '../../../src/metrics/query/series.ts';
import { Calendar } from '../../../src/time/calendar.ts';

const rules = {
  calendar: new Calendar('UTC'),
  nowMs: Date.parse('2026-11-20T15:38:00Z'),
  hourlyDays: 8,
  grain: '15m',
} as const;

const timesOf = (interval: '15m' | 'hour' | 'day', from: string, to: string) =>
  seriesOf(interval, parsePeriod({ from, to }, rules), rules).times;

test.each([
  ['15m', 63, '2026-11-20T15:30:00+00:00'],
  ['hour', 16, '2026-11-20T15:00:00+00:00'],
  ['day', 1, '2026-11-20T00:00:00+00:00'],
] as const)('points by %s end with the one that is not over, which says so', (interval, points, last) => {
  const times = timesOf(interval, '2026-11-20', '2026-11-20');
  expect(times).toHaveLength(points);
  expect(times.at(-1)).toEqual({ start: last, partial: true });
  expect(times.slice(0, -1).filter(({ partial }) => partial)).toEqual([]);
});

test('a period that is over has every point, and one that lies ahead has none', () => {
  expect(timesOf('hour', '2026-11-19', '2026-11-19')).toHaveLength(24);
  expect(timesOf('day', '2026-11-19', '2026-11-22')).toHaveLength(2);
  expect(timesOf('day', '2026-11-21', '2026-11-22')).toEqual([]);
});

test('where each row has a series, an answer holds at most fifty thousand points', () => {
  expect(() => mostRows(50, 1_000)).not.toThrow();
  expect(() => mostRows(51, 1_000)).toThrow('must be at most 50 with series of 1000 points');
});
