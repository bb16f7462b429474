import { expect, test } from 'vitest';
import { intervalsOf } from '../../../src/analytics/revenue/intervals.ts';
import { type Interval, parsePeriod } from '../../../src/metrics/query/period.ts';
import { seriesOf } from '../../../src/metrics/query/series.ts';
import { Calendar } from '../../../src/time/calendar.ts';

const ALL: readonly Interval[] = ['15m', 'hour', 'day'];

test.each(['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'Pacific/Auckland'])(
  'the intervals of a period are those by which it can be cut, in %s',
  (timezone) => {
    const calendar = new Calendar(timezone);
    const nowMs = Date.parse('2026-10-29T11:40:00Z');
    for (const hourlyDays of [8, 60]) {
      const rules = { calendar, nowMs, hourlyDays, grain: '15m' as const };
      const today = calendar.at(nowMs).day;
      for (const [from, to] of [
        [0, 0],
        [8, 8],
        [9, 9],
        [6, 0],
        [10, 0],
        [40, 0],
        [41, 0],
        [1_001, 0],
      ] as const) {
        const period = parsePeriod({ from: calendar.addDays(today, -from), to: calendar.addDays(today, -to) }, rules);
        expect([timezone, from, intervalsOf(period, rules)]).toEqual([
          timezone,
          from,
          ALL.filter((interval) => canCut(interval, period, rules)),
        ]);
      }
      const quarters = parsePeriod({ from: '2026-10-29T10:15:00Z', to: '2026-10-29T11:00:00Z' }, rules);
      expect(intervalsOf(quarters, rules)).toEqual(ALL.filter((interval) => canCut(interval, quarters, rules)));
    }
  },
);

function canCut(
  interval: Interval,
  ...[period, rules]: [Parameters<typeof seriesOf>[1], Parameters<typeof seriesOf>[2]]
) {
  try {
    seriesOf(interval, period, rules);
    return true;
  } catch {
    return false;
  }
}
