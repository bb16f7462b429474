import { describe, expect, test } from 'vitest';
import { everythingUntil, parsePeriod, windowsOf } from '../../../src/metrics/query/period.ts';
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
