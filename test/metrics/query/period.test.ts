import { describe, expect, test } from 'vitest';
import {
  everythingUntil,
  mostRows,
  type Period,
  parsePeriod,
  previousPeriod,
  windowsOf,
} from '../../../src/metrics/query/period.ts';
import { QueryProblem } from '../../../src/metrics/query/problems.ts';
import { Calendar } from '../../../src/time/calendar.ts';

const nowMs = Date.parse('2026-11-20T15:30:00Z');
const rulesOf = (zone: string, grain: 'hour' | '15m' = 'hour') => ({
  calendar: new Calendar(zone),
  nowMs,
  hourlyDays: 8,
  grain,
});

function labelsOf(from: string, to: string, zone = 'UTC', grain: 'hour' | '15m' = 'hour'): readonly string[] {
  const rules = rulesOf(zone, grain);
  return windowsOf(parsePeriod({ from, to }, rules), rules.calendar).labels;
}

describe('a period is read in the coarsest windows that make it up', () => {
  test('by date-times: the whole days in it, and the hours before and behind them', () => {
    expect(labelsOf('2026-11-17T22:00:00Z', '2026-11-20T02:00:00Z')).toEqual([
      '2026-11-17T22',
      '2026-11-17T23',
      '2026-11-18',
      '2026-11-19',
      '2026-11-20T00',
      '2026-11-20T01',
    ]);
  });

  test('by date-times that begin and end with a day: its days alone', () => {
    expect(labelsOf('2026-11-17T00:00:00Z', '2026-11-19T00:00:00Z')).toEqual(['2026-11-17', '2026-11-18']);
    expect(labelsOf('2026-11-17T18:30:00Z', '2026-11-18T18:30:00Z', 'Asia/Kolkata')).toEqual(['2026-11-18']);
  });

  test.each([
    [
      'within one day',
      '2026-11-17T05:00:00Z',
      '2026-11-17T08:00:00Z',
      ['05', '06', '07'].map((h) => `2026-11-17T${h}`),
    ],
    [
      'over midnight',
      '2026-11-17T23:00:00Z',
      '2026-11-18T02:00:00Z',
      ['2026-11-17T23', '2026-11-18T00', '2026-11-18T01'],
    ],
    ['up to a day’s end', '2026-11-17T22:00:00Z', '2026-11-18T00:00:00Z', ['2026-11-17T22', '2026-11-17T23']],
  ])('%s: hours', (_, from, to, labels) => {
    expect(labelsOf(from, to)).toEqual(labels);
  });

  test('by quarters of an hour: quarters on both sides of the days', () => {
    expect(labelsOf('2026-11-17T23:45:00Z', '2026-11-19T00:15:00Z', 'UTC', '15m')).toEqual([
      '2026-11-17T23:45',
      '2026-11-18',
      '2026-11-19T00:00',
    ]);
  });

  test('by dates: days', () => {
    expect(labelsOf('2026-11-17', '2026-11-19')).toEqual(['2026-11-17', '2026-11-18', '2026-11-19']);
  });
});

describe('a bare + of an offset, which arrives as a blank, is refused with what to do', () => {
  const problem = 'has a blank before its offset: send + as %2B';
  test.each([
    ['from', { from: '2026-11-20T00:00:00 00:00' }],
    ['from', { from: '2026-11-20T00:00 01:00', to: '2026-11-20T01:00:00 00:00' }],
    ['to', { from: '2026-11-20T00:00:00Z', to: '2026-11-20T01:00:00.000 00:00' }],
  ])('in `%s`: %j', (path, query) => {
    expect(() => parsePeriod(query, rulesOf('UTC'))).toThrow(
      expect.objectContaining({ path, message: expect.stringContaining(problem) }),
    );
  });

  test('in `to` alone', () => {
    expect(() => everythingUntil('2026-11-20T00:00:00 00:00', rulesOf('UTC'))).toThrow(problem);
  });

  test('another blank is no date-time', () => {
    expect(() => parsePeriod({ from: '2026-11-20 00:00' }, rulesOf('UTC'))).toThrow('must be a date (2026-11-20)');
  });
});

describe('the period before', () => {
  const earlier = (from: string, to: string): Period => {
    const rules = rulesOf('UTC');
    return previousPeriod(parsePeriod({ from, to }, rules), rules);
  };

  test('is as long, by hours or by days', () => {
    expect(earlier('2026-11-19T05:00:00Z', '2026-11-19T09:00:00Z')).toMatchObject({
      fromMs: Date.parse('2026-11-19T01:00:00Z'),
      toMs: Date.parse('2026-11-19T05:00:00Z'),
    });
    expect(earlier('2026-11-01', '2026-11-19')).toMatchObject({ from: '2026-10-13', to: '2026-10-31' });
  });

  test('is refused where its hours are not kept any more: a part of it would be compared with the whole', () => {
    expect(() => earlier('2026-11-15T05:00:00Z', '2026-11-20T05:00:00Z')).toThrow(QueryProblem);
    expect(() => earlier('2026-11-15T05:00:00Z', '2026-11-20T05:00:00Z')).toThrow(
      'the period before begins too early: hours are kept for 8 days (HOURLY_DAYS); ask for dates such as 2026-11-20 before that',
    );
  });
});

test('where each row has a series, an answer holds at most fifty thousand points', () => {
  expect(() => mostRows(50, 1_000)).not.toThrow();
  expect(() => mostRows(51, 1_000)).toThrow('must be at most 50 with series of 1000 points');
});
