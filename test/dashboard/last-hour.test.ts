import { expect, test } from 'vitest';
import { halvesOf, joined, type Window } from '../../src/dashboard/app/api/last-hour.ts';

/** Windows of five seconds, newest first, each with one event; the newest is open. */
const windows = (newest: string, count: number, n = 1): Window[] =>
  Array.from({ length: count }, (_, i) => ({
    start: new Date(Date.parse(newest) - i * 5_000).toISOString(),
    counts: { view_item: n },
  }));

test('the half minute that is under way is left out, and so is one whose beginning is gone', () => {
  const halves = halvesOf(windows('2026-11-28T12:02:10Z', 27));
  expect(halves).toEqual([
    { start: '2026-11-28T12:00:00.000Z', events: 6 },
    { start: '2026-11-28T12:00:30.000Z', events: 6 },
    { start: '2026-11-28T12:01:00.000Z', events: 6 },
    { start: '2026-11-28T12:01:30.000Z', events: 6 },
  ]);
  expect(halvesOf(windows('2026-11-28T12:00:55Z', 6))).toEqual([]);
});

test('what is asked for later takes the place of what was known, and an hour is kept', () => {
  const known = windows('2026-11-28T12:00:00Z', 720);
  const newer = windows('2026-11-28T12:00:30Z', 18, 2);
  const all = joined(known, newer);
  expect(all.length).toBe(720);
  expect(all.slice(0, 18)).toEqual(newer);
  expect(all[18]).toEqual(known[12]);
});
