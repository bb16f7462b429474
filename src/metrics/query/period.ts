import type { Calendar } from '../../time/calendar.ts';
import type { Bucket } from '../../time/windows.ts';
import type { WindowSet } from '../reader.ts';
import { QueryProblem } from './problems.ts';

export type Interval = '15m' | 'hour' | 'day';

/** A half-open stretch of time, and in which windows it is answered. */
export interface Period {
  readonly fromMs: number;
  readonly toMs: number;
  /** Dates both included, or date-times, as they stand in `meta`. */
  readonly from: string;
  readonly to: string;
  readonly grain: Interval;
}

export const MAX_POINTS = 1_000;
/** Of all rows of an answer together. */
const MAX_ROW_POINTS = 50_000;
const MAX_DAYS = 1_100;
const DAY_MS = 86_400_000;
/** Nothing is older. */
const EARLIEST_DAY = '1970-01-01';
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

/** What `+01:00` has become where it was not encoded: in a query a bare `+` is a blank. */
const LOST_PLUS = /T[\d:.]+ \d{2}:?\d{2}$/;

export interface PeriodRules {
  readonly calendar: Calendar;
  readonly nowMs: number;
  readonly hourlyDays: number;
  readonly grain: '15m' | 'hour';
}

/** @throws QueryProblem */
export function parsePeriod(
  query: { readonly from?: string | undefined; readonly to?: string | undefined },
  rules: PeriodRules,
): Period {
  const today = rules.calendar.at(rules.nowMs).day;
  const from = query.from ?? (query.to !== undefined && !DATE.test(query.to) ? missingFrom() : query.to) ?? today;
  if (!DATE.test(from)) return parseMoments(from, query.to, rules);
  const to = query.to ?? [from, today].sort().at(-1) ?? today;
  if (!DATE.test(to)) throw new QueryProblem('to', 'must be a date, as `from` is one');
  return datePeriod(from, to, rules.calendar);
}

/** All that is kept, up to `to` where it is given. @throws QueryProblem */
export function everythingUntil(to: string | undefined, rules: PeriodRules): Period {
  const { calendar, nowMs } = rules;
  const until =
    to === undefined
      ? // Events may be some minutes ahead.
        { to: calendar.at(nowMs).day, toMs: calendar.dayStart(calendar.addDays(calendar.at(nowMs).day, 2)) }
      : DATE.test(to)
        ? datePeriod(to, to, calendar)
        : { to, toMs: checkedMoment('to', to, rules) };
  return { fromMs: 0, toMs: until.toMs, from: EARLIEST_DAY, to: until.to, grain: 'day' };
}

function missingFrom(): never {
  throw new QueryProblem('from', 'is needed where `to` is a date-time');
}

function datePeriod(from: string, to: string, calendar: Calendar): Period {
  const fromMs = checkedDay('from', from, calendar);
  checkedDay('to', to, calendar);
  if (from > to) throw new QueryProblem('to', 'must not be before `from`');
  if (calendar.daysBetween(from, to) >= MAX_DAYS)
    throw new QueryProblem('to', `must be within ${MAX_DAYS} days of \`from\``);
  return { fromMs, toMs: calendar.dayStart(calendar.addDays(to, 1)), from, to, grain: 'day' };
}

function checkedDay(path: string, day: string, calendar: Calendar): number {
  try {
    return calendar.dayStart(day);
  } catch {
    throw new QueryProblem(path, `${day} is not a date`);
  }
}

function parseMoments(from: string, to: string | undefined, rules: PeriodRules): Period {
  const { calendar, grain, nowMs } = rules;
  const fromMs = checkedMoment('from', from, rules);
  const step = grain === '15m' ? 15 * 60_000 : 3_600_000;
  const start = calendar.at(nowMs);
  const nowEndMs = (grain === '15m' ? start.quarterStartMs : start.hourStartMs) + step;
  const toMs = to === undefined ? nowEndMs : checkedMoment('to', to, rules);
  if (toMs <= fromMs) throw new QueryProblem('to', 'must be after `from`');
  if (fromMs < nowMs - rules.hourlyDays * DAY_MS) throw new QueryProblem('from', beyondHours(rules.hourlyDays));
  if (toMs - fromMs > MAX_DAYS * DAY_MS) throw new QueryProblem('to', `must be within ${MAX_DAYS} days of \`from\``);
  return { fromMs, toMs, from: calendar.format(fromMs), to: calendar.format(toMs), grain };
}

function beyondHours(days: number): string {
  return `hours are kept for ${days} days (HOURLY_DAYS); ask for dates such as 2026-11-20 before that`;
}

function checkedMoment(path: string, text: string, { calendar, grain }: PeriodRules): number {
  const ms = DATE_TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (LOST_PLUS.test(text))
    throw new QueryProblem(path, `has a blank before its offset: send + as %2B (${text.replace(' ', '%2B')})`);
  if (Number.isNaN(ms))
    throw new QueryProblem(path, 'must be a date (2026-11-20) or a date-time with an offset (2026-11-20T14:00:00Z)');
  const time = calendar.at(ms);
  if (ms !== (grain === '15m' ? time.quarterStartMs : time.hourStartMs)) {
    throw new QueryProblem(
      path,
      grain === '15m' ? 'must be on a quarter of an hour' : "must be on a whole hour of the store's time zone",
    );
  }
  return ms;
}

/**
 * The coarsest windows that make up the period: whole days,
 * and finer ones before the first and behind the last of them.
 */
export function windowsOf({ grain, fromMs, toMs }: Period, calendar: Calendar): WindowSet {
  const dayEnd = (day: string): number => calendar.dayStart(calendar.addDays(day, 1));
  const days = calendar.buckets('day', fromMs, toMs);
  if ((days[0]?.startMs ?? fromMs) < fromMs) days.shift();
  if (dayEnd(days.at(-1)?.label ?? calendar.at(fromMs).day) > toMs) days.pop();
  const labelsOf = (buckets: readonly Bucket[]): string[] => buckets.map(({ label }) => label);
  const finer = (from: number, to: number): string[] => labelsOf(calendar.buckets(grain, from, to));
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return { window: grain, labels: finer(fromMs, toMs) };
  const labels = [...finer(fromMs, first.startMs), ...labelsOf(days), ...finer(dayEnd(last.label), toMs)];
  return { window: grain, labels };
}

/**
 * The period of the same length before this one; the same number of days for dates.
 * @throws QueryProblem where its hours are not kept any more
 */
export function previousPeriod(
  period: Period,
  { calendar, nowMs, hourlyDays }: Pick<PeriodRules, 'calendar' | 'nowMs' | 'hourlyDays'>,
): Period {
  if (period.grain !== 'day') {
    const fromMs = period.fromMs - (period.toMs - period.fromMs);
    if (fromMs < nowMs - hourlyDays * DAY_MS)
      throw new QueryProblem('compare', `the period before begins too early: ${beyondHours(hourlyDays)}`);
    return {
      ...period,
      fromMs,
      toMs: period.fromMs,
      from: calendar.format(fromMs),
      to: calendar.format(period.fromMs),
    };
  }
  const days = calendar.daysBetween(period.from, period.to) + 1;
  return datePeriod(calendar.addDays(period.from, -days), calendar.addDays(period.from, -1), calendar);
}

interface Series {
  readonly windows: WindowSet;
  readonly buckets: readonly Bucket[];
}

/** The buckets of a series, each of them present. @throws QueryProblem */
export function seriesOf(
  interval: Interval,
  period: Period,
  { calendar, nowMs, hourlyDays }: { readonly calendar: Calendar; readonly nowMs: number; readonly hourlyDays: number },
): Series {
  if (interval === 'day' && period.grain !== 'day')
    throw new QueryProblem('interval', 'day needs `from` and `to` as dates');
  const finest = { '15m': 0, hour: 1, day: 2 };
  if (period.grain !== 'day' && finest[interval] > finest[period.grain] && !onHours(period, calendar)) {
    throw new QueryProblem('interval', 'hour needs `from` and `to` on whole hours');
  }
  if (interval !== 'day' && period.fromMs < calendar.dayStart(calendar.addDays(calendar.at(nowMs).day, -hourlyDays))) {
    throw new QueryProblem('interval', beyondHours(hourlyDays));
  }
  const step = { '15m': 15 * 60_000, hour: 3_600_000, day: 23 * 3_600_000 }[interval];
  if ((period.toMs - period.fromMs) / step > MAX_POINTS * 1.1) throw tooManyPoints();
  const buckets = calendar.buckets(interval, period.fromMs, period.toMs);
  if (buckets.length > MAX_POINTS) throw tooManyPoints();
  return { windows: { window: interval, labels: buckets.map((bucket) => bucket.label) }, buckets };
}

/** So many rows may have a series of so many points. */
export function mostSeries(points: number): number {
  return Math.floor(MAX_ROW_POINTS / points);
}

/** Where each row has a series. @throws QueryProblem */
export function mostRows(rows: number, points: number): void {
  if (rows * points <= MAX_ROW_POINTS) return;
  const most = mostSeries(points);
  throw new QueryProblem(
    'limit',
    `must be at most ${most} with series of ${points} points; or choose a longer interval`,
  );
}

function onHours(period: Period, calendar: Calendar): boolean {
  return [period.fromMs, period.toMs].every((ms) => calendar.at(ms).hourStartMs === ms);
}

function tooManyPoints(): QueryProblem {
  return new QueryProblem(
    'interval',
    `gives more than ${MAX_POINTS} points; choose a shorter period or a longer interval`,
  );
}
