import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { Calendar } from '../../src/time/calendar.ts';
import { runs } from '../support/runner/runs.ts';

const at = (timezone: string, iso: string) => new Calendar(timezone).at(Date.parse(iso));

describe('a moment falls into the store’s local windows', () => {
  test.each([
    ['UTC', '2026-11-20T14:16:00Z', '2026-11-20T14:15', '2026-11-20T14', '2026-11-20'],
    ['Asia/Kolkata', '2026-11-20T18:45:00Z', '2026-11-21T00:15', '2026-11-21T00', '2026-11-21'],
    ['Asia/Kathmandu', '2026-11-20T18:14:59Z', '2026-11-20T23:45', '2026-11-20T23', '2026-11-20'],
    ['America/Sao_Paulo', '2026-11-20T02:59:00Z', '2026-11-19T23:45', '2026-11-19T23', '2026-11-19'],
    ['Europe/Berlin', '2026-03-29T01:05:00Z', '2026-03-29T03:00', '2026-03-29T03', '2026-03-29'],
  ])('%s %s', (timezone, iso, quarter, hour, day) => {
    expect(at(timezone, iso)).toMatchObject({ quarter, hour, day });
  });

  test('the hour that daylight saving doubles is told apart by its offset', () => {
    expect(at('Europe/Berlin', '2026-10-25T00:30:00Z').hour).toBe('2026-10-25T02+02:00');
    expect(at('Europe/Berlin', '2026-10-25T01:30:00Z').hour).toBe('2026-10-25T02+01:00');
    expect(at('Europe/Berlin', '2026-10-25T02:30:00Z').hour).toBe('2026-10-25T03');
  });

  test.each([
    ['2026-03-29', 23],
    ['2026-10-25', 25],
    ['2026-11-20', 24],
  ])('%s has %i hours in Berlin', (day, hours) => {
    const calendar = new Calendar('Europe/Berlin');
    const buckets = calendar.buckets('hour', calendar.dayStart(day), calendar.dayStart(calendar.addDays(day, 1)));
    expect(new Set(buckets.map(({ label }) => label)).size).toBe(hours);
    expect(buckets.length).toBe(hours);
  });

  test('a zone that does not exist is refused', () => {
    expect(() => new Calendar('Mars/Olympus')).toThrow(RangeError);
  });
});

test.each(['UTC', 'Asia/Kathmandu', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe'])(
  'moments are written with the offset that %s has then',
  (timezone) => {
    const calendar = new Calendar(timezone);
    const start = Date.parse('2026-01-01T00:00:00Z');
    const moments = runs(600, 3_000);
    // All through the year, at any time of the day, and with milliseconds as well as without.
    const stepMs = Math.floor((367 * 86_400_000) / moments) - 877;
    for (let i = 0; i < moments; i++) {
      const ms = start + i * stepMs - (i % 2) * 123;
      const at = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timezone);
      const smallestUnit = at.millisecond === 0 ? 'second' : 'millisecond';
      expect(calendar.format(ms)).toBe(`${at.toPlainDateTime().toString({ smallestUnit })}${at.offset}`);
    }
  },
);
