import { describe, expect, test } from 'vitest';
import { type Comparison, comparedPeriod } from '../../../src/metrics/query/compared.ts';
import { parsePeriod, windowsOf } from '../../../src/metrics/query/period.ts';
import { QueryProblem } from '../../../src/metrics/query/problems.ts';
import { seriesOf } from '../../../src/metrics/query/series.ts';
import { Calendar } from '../../../src/time/calendar.ts';

const rulesAt = (now: string, zone = 'UTC', grain: 'hour' | '15m' = '15m') => ({
  calendar: new Calendar(zone),
  nowMs: Date.parse(now),
  hourlyDays: 8,
  grain,
});
type Rules = ReturnType<typeof rulesAt>;

/** Friday afternoon. */
const now = rulesAt('2026-11-20T15:38:00Z');

const other = (comparison: Comparison, from: string, to: string, rules: Rules = now) =>
  comparedPeriod(comparison, parsePeriod({ from, to }, rules), rules);

function spanOf(comparison: Comparison, from: string, to: string, rules: Rules = now): readonly string[] {
  const { calendar } = rules;
  const { fromMs, compared } = other(comparison, from, to, rules);
  return [fromMs, compared?.untilMs ?? 0].map((ms) => calendar.format(ms).slice(0, 16));
}

describe('a period that is over is compared with a whole one', () => {
  test.each<[Comparison, string, string, string, string]>([
    ['previous', '2026-11-17', '2026-11-19', '2026-11-14T00:00', '2026-11-17T00:00'],
    ['yesterday', '2026-11-19', '2026-11-19', '2026-11-18T00:00', '2026-11-19T00:00'],
    ['week', '2026-11-17', '2026-11-19', '2026-11-10T00:00', '2026-11-13T00:00'],
    ['year', '2026-11-17', '2026-11-19', '2025-11-17T00:00', '2025-11-20T00:00'],
    ['year', '2024-02-28', '2024-02-29', '2023-02-28T00:00', '2023-03-01T00:00'],
    ['previous', '2026-11-19T05:00:00Z', '2026-11-19T09:00:00Z', '2026-11-19T01:00', '2026-11-19T05:00'],
    ['week', '2026-11-19T05:00:00Z', '2026-11-19T09:00:00Z', '2026-11-12T05:00', '2026-11-12T09:00'],
  ])('%s, from %s to %s', (comparison, from, to, ...span) => {
    // Hours are kept from the moment eight days ago.
    const rules = { ...now, hourlyDays: 9 };
    expect(spanOf(comparison, from, to, rules)).toEqual(span);
  });
});

describe('where it is not over, the other one ends at the same time of day', () => {
  test.each<[Comparison, string, string, string, string]>([
    ['previous', '2026-11-20', '2026-11-20', '2026-11-19T00:00', '2026-11-19T15:30'],
    ['yesterday', '2026-11-20', '2026-11-20', '2026-11-19T00:00', '2026-11-19T15:30'],
    ['week', '2026-11-20', '2026-11-20', '2026-11-13T00:00', '2026-11-13T15:30'],
    ['previous', '2026-11-18', '2026-11-20', '2026-11-15T00:00', '2026-11-17T15:30'],
    ['previous', '2026-11-20T10:00:00Z', '2026-11-20T18:00:00Z', '2026-11-20T02:00', '2026-11-20T07:30'],
  ])('%s, from %s to %s', (comparison, from, to, ...span) => {
    expect(spanOf(comparison, from, to)).toEqual(span);
  });

  test('of the last hour that is over, where there are no quarters', () => {
    const rules = rulesAt('2026-11-20T15:38:00Z', 'UTC', 'hour');
    expect(spanOf('previous', '2026-11-20', '2026-11-20', rules)).toEqual(['2026-11-19T00:00', '2026-11-19T15:00']);
  });

  test('of the last day that is over, where its hours are not kept', () => {
    expect(spanOf('year', '2026-11-18', '2026-11-20')).toEqual(['2025-11-18T00:00', '2025-11-20T00:00']);
    expect(spanOf('year', '2026-11-20', '2026-11-20')).toEqual(['2025-11-20T00:00', '2025-11-20T00:00']);
  });

  test('by the local clock, also where it was changed between', () => {
    // In Berlin clocks went back on the 25th: 15:30 is 14:30 UTC now, and was 13:30 UTC a week ago.
    const rules = rulesAt('2026-10-27T14:38:00Z', 'Europe/Berlin');
    const { compared } = other('week', '2026-10-27', '2026-10-27', rules);
    expect(compared?.untilMs).toBe(Date.parse('2026-10-20T13:30:00Z'));
  });

  test('and nothing of it where the period has not begun', () => {
    expect(spanOf('week', '2026-11-21', '2026-11-22')).toEqual(['2026-11-14T00:00', '2026-11-14T00:00']);
  });

  test('it is read in whole days, and finer windows behind the last of them', () => {
    const { labels } = windowsOf(other('previous', '2026-11-19', '2026-11-20'), now.calendar);
    expect(labels.slice(0, 2)).toEqual(['2026-11-17', '2026-11-18T00:00']);
    expect(labels.at(-1)).toBe('2026-11-18T15:15');
    expect(windowsOf(other('year', '2026-11-20', '2026-11-20'), now.calendar).labels).toEqual([]);
  });
});

test('an hour that comes twice, as the clock is put back, is compared with one of the same length', () => {
  const rules = rulesAt('2026-10-25T12:00:00Z', 'Europe/Berlin');
  const span = (from: string, to: string) => {
    const { fromMs, compared } = other('yesterday', from, to, rules);
    return [fromMs, compared?.untilMs ?? 0].map((ms) => new Date(ms).toISOString());
  };
  expect(span('2026-10-25T02:00:00+02:00', '2026-10-25T02:00:00+01:00')).toEqual([
    '2026-10-24T00:00:00.000Z',
    '2026-10-24T01:00:00.000Z',
  ]);
  expect(span('2026-10-25T02:45:00+02:00', '2026-10-25T02:15:00+01:00')).toEqual([
    '2026-10-24T00:45:00.000Z',
    '2026-10-24T01:15:00.000Z',
  ]);
});

test('it is refused where its hours are not kept any more: a part of it would be compared with the whole', () => {
  const early = (): unknown => other('previous', '2026-11-15T05:00:00Z', '2026-11-20T05:00:00Z');
  expect(early).toThrow(QueryProblem);
  expect(early).toThrow(
    'the period before begins too early: hours are kept for 8 days (HOURLY_DAYS); ask for dates such as 2026-11-20 before that',
  );
});

describe('the series of the other one', () => {
  const starts = (interval: '15m' | 'hour' | 'day', comparison: Comparison, from: string, to: string) =>
    seriesOf(interval, other(comparison, from, to), now).times.map(({ start }) => start.slice(0, 16));

  test('has the points that are answered whole', () => {
    expect(starts('15m', 'previous', '2026-11-20', '2026-11-20').at(-1)).toBe('2026-11-19T15:15');
    expect(starts('hour', 'previous', '2026-11-20', '2026-11-20').at(-1)).toBe('2026-11-19T14:00');
    expect(starts('day', 'previous', '2026-11-19', '2026-11-20')).toEqual(['2026-11-17T00:00']);
    expect(starts('hour', 'previous', '2026-11-19', '2026-11-19')).toHaveLength(24);
  });

  test('has none where its hours are not kept', () => {
    expect(starts('hour', 'year', '2026-11-19', '2026-11-19')).toEqual([]);
  });
});
