import { describe, expect, test } from 'vitest';
import { Calendar } from '../../src/time/calendar.ts';

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
    ['Europe/Berlin', '2026-03-29', 23, 92],
    ['Europe/Berlin', '2026-10-25', 25, 100],
    ['Europe/Berlin', '2026-11-20', 24, 96],
    ['Australia/Lord_Howe', '2026-10-04', 24, 94],
    ['Australia/Lord_Howe', '2026-04-05', 25, 98],
    ['Antarctica/Troll', '2026-03-29', 22, 88],
    ['Antarctica/Troll', '2026-10-25', 26, 104],
    ['Africa/Cairo', '2026-10-29', 25, 100],
    ['America/Havana', '2026-11-01', 25, 100],
    ['Pacific/Apia', '2011-12-29', 24, 96],
  ])(
    'in %s, %s has %i hours and %i quarters, each with a name and a beginning of its own',
    (zone, day, hours, quarters) => {
      const calendar = new Calendar(zone);
      const [fromMs, toMs] = [calendar.dayStart(day), calendar.dayStart(calendar.addDays(day, 1))];
      for (const [window, count] of [
        ['hour', hours],
        ['15m', quarters],
      ] as const) {
        const buckets = calendar.buckets(window, fromMs, toMs);
        expect(buckets.length).toBe(count);
        expect(new Set(buckets.map(({ label }) => label)).size).toBe(count);
        const starts = buckets.map(({ startMs }) => startMs);
        expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
        expect(starts[0]).toBe(fromMs);
        // A bucket begins where it says.
        for (const { label, startMs } of buckets)
          expect(calendar.format(startMs).slice(0, 13)).toBe(label.slice(0, 13));
      }
    },
  );

  test('where half an hour is skipped, the hour begins behind it, and seconds are those of the clock', () => {
    const calendar = new Calendar('Australia/Lord_Howe');
    const { hourStartMs } = calendar.at(Date.parse('2026-10-03T15:40:00Z'));
    expect(calendar.format(hourStartMs)).toBe('2026-10-04T02:30:00+11:00');
    expect(calendar.realtime(Date.parse('2026-10-03T15:40:07Z')).fiveSeconds).toBe('2026-10-04T02:40:05');
  });

  test('where clocks go back by two hours, both hours come twice, each with its offset', () => {
    const calendar = new Calendar('Antarctica/Troll');
    const labels = calendar
      .buckets('hour', calendar.dayStart('2026-10-25'), calendar.dayStart('2026-10-26'))
      .map(({ label }) => label.slice('2026-10-25T'.length));
    expect(labels.slice(0, 6)).toEqual(['00', '01+02:00', '02+02:00', '01+00:00', '02+00:00', '03']);
  });

  test('a zone that does not exist is refused', () => {
    expect(() => new Calendar('Mars/Olympus')).toThrow(RangeError);
  });
});
