import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { Calendar } from '../../src/time/calendar.ts';
import { runs } from '../support/runner/runs.ts';

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
