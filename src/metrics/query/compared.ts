import type { Calendar } from '../../time/calendar.ts';
import { DAY_MS, datePeriod, hoursGone, type Period, type PeriodRules } from './period.ts';
import { hoursKeptFrom } from './series.ts';

/** With what a period may be compared. */
export const COMPARISONS = ['previous', 'yesterday', 'week', 'year'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** From a day to the one that it is compared with. */
type Shift = (day: string) => string;

/**
 * The other period, as long as this one. Where this one is not over, the other one is answered up to the same time of day: that
 * of the last quarter of an hour that is over, or of the last hour where there are no quarters.
 * @throws QueryProblem where its hours are not kept any more
 */
export function comparedPeriod(comparison: Comparison, period: Period, rules: PeriodRules): Period {
  const { calendar, nowMs, grain } = rules;
  if (period.grain !== 'day') return comparedMoments(comparison, period, rules);
  const shift = shiftOf(comparison, calendar, calendar.daysBetween(period.from, period.to) + 1);
  const other = datePeriod(shift(period.from), shift(period.to), calendar);
  if (nowMs >= period.toMs) return { ...other, compared: { untilMs: other.toMs, grain } };
  return { ...other, compared: { untilMs: within(other, sameTime(shift, rules)), grain } };
}

/** By dates: each day is compared with one that lies as many days, or a year, before it. */
function shiftOf(comparison: Comparison, calendar: Calendar, days: number): Shift {
  if (comparison === 'year') return (day) => calendar.yearBefore(day);
  const back = { previous: days, yesterday: 1, week: 7 }[comparison];
  return (day) => calendar.addDays(day, -back);
}

/** The time of day that it is now, where hours of that day are kept; else its beginning. */
function sameTime(shift: Shift, rules: PeriodRules): number {
  const { calendar, nowMs, grain } = rules;
  const now = calendar.at(nowMs);
  const beginMs = calendar.dayStart(shift(now.day));
  if (beginMs < hoursKeptFrom(rules)) return beginMs;
  return moved(grain === '15m' ? now.quarterStartMs : now.hourStartMs, shift, rules);
}

/** The same local time on another day, on a whole step of it. */
function moved(ms: number, shift: Shift, { calendar, grain }: PeriodRules): number {
  const at = calendar.at(calendar.sameTimeOn(shift(calendar.at(ms).day), ms));
  return grain === '15m' ? at.quarterStartMs : at.hourStartMs;
}

/** @throws QueryProblem */
function comparedMoments(comparison: Comparison, period: Period, rules: PeriodRules): Period {
  const { calendar, nowMs, grain, hourlyDays } = rules;
  const { fromMs, toMs } = period;
  const shift = shiftOf(comparison, calendar, 0);
  const move = (ms: number): number => (comparison === 'previous' ? ms - (toMs - fromMs) : moved(ms, shift, rules));
  const otherFromMs = move(fromMs);
  // Where the clock is put back, both ends may have the same local time.
  const otherToMs = move(toMs) > otherFromMs ? move(toMs) : otherFromMs + (toMs - fromMs);
  if (otherFromMs < nowMs - hourlyDays * DAY_MS)
    throw hoursGone('compare', hourlyDays, 'the period before begins too early: ');
  const now = calendar.at(nowMs);
  const other = {
    ...period,
    fromMs: otherFromMs,
    toMs: otherToMs,
    from: calendar.format(otherFromMs),
    to: calendar.format(otherToMs),
  };
  const sameMs = nowMs >= toMs ? otherToMs : move(grain === '15m' ? now.quarterStartMs : now.hourStartMs);
  return { ...other, compared: { untilMs: within(other, sameMs), grain } };
}

const within = ({ fromMs, toMs }: Pick<Period, 'fromMs' | 'toMs'>, ms: number): number =>
  Math.max(fromMs, Math.min(toMs, ms));
