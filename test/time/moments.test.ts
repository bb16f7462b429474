import { expect, test } from 'vitest';
import { Calendar } from '../../src/time/calendar.ts';
import { momentOf } from '../../src/time/moments.ts';

const berlin = new Calendar('Europe/Berlin');

test.each([
  ['2026-11-20', '2026-11-19T23:00:00.000Z'],
  ['2026-11-20T14:05', '2026-11-20T13:05:00.000Z'],
  ['2026-11-20 14:05:06', '2026-11-20T13:05:06.000Z'],
  ['2026-11-20T14:05Z', '2026-11-20T14:05:00.000Z'],
  ['2026-11-20T14:05:06.25+01:00', '2026-11-20T13:05:06.250Z'],
  ['2026-11-20T14:05:06.7', '2026-11-20T13:05:06.700Z'],
  ['2026-11-20 14:05:06 UTC', '2026-11-20T14:05:06.000Z'],
])('%s is a moment, in the store’s time where it has no offset', (text, moment) => {
  expect(new Date(momentOf(text, berlin) ?? Number.NaN).toISOString()).toBe(moment);
});

test.each(['', 'yesterday', '2026-02-30', '2026-02-30T10:00Z', '2026-11-20T25:00', '20.11.2026'])(
  '“%s” is none',
  (text) => {
    expect(momentOf(text, berlin)).toBeUndefined();
  },
);
