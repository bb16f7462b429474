import type { Calendar } from '../../time/calendar.ts';
import type { Bucket } from '../../time/windows.ts';
import type { WindowSet } from '../reader.ts';
import { QueryProblem } from './problems.ts';
import { because } from './reason.ts';

export type Interval = '15m' | 'hour' | 'day';

/** A half-open stretch of time, and in which windows it is answered. */
export interface Period {
  readonly fromMs: number;
  readonly toMs: number;
  /** Dates both included, or date-times, as they stand in `meta`. */
  readonly from: string;
  readonly to: string;
  readonly grain: Interval;
  /** Of a period that another one is compared with. */
  readonly compared?: Compared;
}

interface Compared {
  /** Up to where it is answered: its end, or less of it where the other one is not over. */
  readonly untilMs: number;
  /** In which windows the last day is answered, where not all of it is. */
  readonly grain: '15m' | 'hour';
}

const MAX_DAYS = 1_100;
export const DAY_MS = 86_400_000;
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
  if (!DATE.test(to)) throw new QueryProblem('to', 'must be a date, as `from` is one', because('not-a-date'));
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

export function datePeriod(from: string, to: string, calendar: Calendar): Period {
  const fromMs = checkedDay('from', from, calendar);
  checkedDay('to', to, calendar);
  if (from > to) throw new QueryProblem('to', 'must not be before `from`', because('before-from'));
  if (calendar.daysBetween(from, to) >= MAX_DAYS) throw tooLongFor(MAX_DAYS);
  return { fromMs, toMs: calendar.dayStart(calendar.addDays(to, 1)), from, to, grain: 'day' };
}

function checkedDay(path: string, day: string, calendar: Calendar): number {
  try {
    return calendar.dayStart(day);
  } catch {
    throw new QueryProblem(path, `${day} is not a date`, because('not-a-date'));
  }
}

function parseMoments(from: string, to: string | undefined, rules: PeriodRules): Period {
  const { calendar, grain, nowMs } = rules;
  const fromMs = checkedMoment('from', from, rules);
  const step = grain === '15m' ? 15 * 60_000 : 3_600_000;
  const start = calendar.at(nowMs);
  const nowEndMs = (grain === '15m' ? start.quarterStartMs : start.hourStartMs) + step;
  const toMs = to === undefined ? nowEndMs : checkedMoment('to', to, rules);
  if (toMs <= fromMs) throw new QueryProblem('to', 'must be after `from`', because('before-from'));
  if (fromMs < nowMs - rules.hourlyDays * DAY_MS) throw hoursGone('from', rules.hourlyDays);
  if (toMs - fromMs > MAX_DAYS * DAY_MS) throw tooLongFor(MAX_DAYS);
  return { fromMs, toMs, from: calendar.format(fromMs), to: calendar.format(toMs), grain };
}

export function hoursGone(path: string, days: number, before = ''): QueryProblem {
  const message = `${before}hours are kept for ${days} days (HOURLY_DAYS); ask for dates such as 2026-11-20 before that`;
  return new QueryProblem(path, message, because('hours-gone', { days }));
}

export function tooLongFor(days: number): QueryProblem {
  return new QueryProblem('to', `must be within ${days} days of \`from\``, because('period-too-long', { days }));
}

/** @throws QueryProblem where a period is one of hours */
export function wholeDays({ grain }: Period): void {
  if (grain !== 'day') throw new QueryProblem('from', 'must be a date, such as 2026-11-20', because('whole-days-only'));
}

function checkedMoment(path: string, text: string, { calendar, grain }: PeriodRules): number {
  const ms = DATE_TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (LOST_PLUS.test(text))
    throw new QueryProblem(path, `has a blank before its offset: send + as %2B (${text.replace(' ', '%2B')})`);
  if (Number.isNaN(ms))
    throw new QueryProblem(
      path,
      'must be a date (2026-11-20) or a date-time with an offset (2026-11-20T14:00:00Z)',
      because('not-a-date'),
    );
  const time = calendar.at(ms);
  if (ms !== (grain === '15m' ? time.quarterStartMs : time.hourStartMs)) {
    throw new QueryProblem(
      path,
      grain === '15m' ? 'must be on a quarter of an hour' : "must be on a whole hour of the store's time zone",
      because('off-step'),
    );
  }
  return ms;
}

/**
 * The coarsest windows that make up the period: whole days,
 * and finer ones before the first and behind the last of them.
 */
export function windowsOf(period: Period, calendar: Calendar): WindowSet {
  const { fromMs, toMs, grain } = answeredOf(period);
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

/** What of a period is answered, and in which windows. */
function answeredOf({ fromMs, toMs, grain, compared }: Period): Pick<Period, 'fromMs' | 'toMs' | 'grain'> {
  if (compared === undefined || compared.untilMs === toMs) return { fromMs, toMs, grain };
  return { fromMs, toMs: compared.untilMs, grain: compared.grain };
}
