import { z } from '@hono/zod-openapi';
import type { Calendar } from '../../time/calendar.ts';
import type { Bucket } from '../../time/windows.ts';
import type { WindowSet } from '../reader.ts';
import { hoursGone, type Interval, type Period } from './period.ts';
import { QueryProblem } from './problems.ts';
import { because } from './reason.ts';

export const MAX_POINTS = 1_000;
/** Of all rows of an answer together. */
const MAX_ROW_POINTS = 50_000;

/** When a point of a series begins, and whether it may still grow. */
export interface PointTime {
  readonly start: string;
  readonly partial?: true;
}

interface Series {
  readonly windows: WindowSet;
  /** One for each window. */
  readonly times: readonly PointTime[];
}

interface SeriesRules {
  readonly calendar: Calendar;
  readonly nowMs: number;
  readonly hourlyDays: number;
}

/** A point of a series. Named first, its start makes the object thirty times quicker than spread first, and there are thousands of them. */
export function pointOf<T extends object>({ start, partial }: PointTime, figures: T): PointTime & T {
  return partial === undefined ? { start, ...figures } : { start, partial, ...figures };
}

/** Of the schema of a point. */
export const pointTime = {
  start: z.string(),
  partial: z.literal(true).optional().openapi({ description: 'the point is not over' }),
};

/** A point of a series: its local start and the same fields. */
export function seriesSchema<T extends z.ZodRawShape>(shape: T) {
  return z.array(z.object({ ...pointTime, ...shape })).optional();
}

/**
 * The buckets of a series, each of them present that has begun. Of a period that another
 * one is compared with those that are answered whole; none where its hours are not kept.
 * @throws QueryProblem
 */
export function seriesOf(interval: Interval, period: Period, rules: SeriesRules): Series {
  const { calendar, nowMs } = rules;
  const { fromMs, toMs, grain, compared } = period;
  if (interval === 'day' && grain !== 'day')
    throw new QueryProblem('interval', 'day needs `from` and `to` as dates', because('whole-days-only'));
  const finest = { '15m': 0, hour: 1, day: 2 };
  if (grain !== 'day' && finest[interval] > finest[grain] && !onHours(period, calendar)) {
    throw new QueryProblem('interval', 'hour needs `from` and `to` on whole hours', because('off-step'));
  }
  if (interval !== 'day' && fromMs < hoursKeptFrom(rules)) {
    if (compared !== undefined) return { windows: { window: interval, labels: [] }, times: [] };
    throw hoursGone('interval', rules.hourlyDays);
  }
  const step = { '15m': 15 * 60_000, hour: 3_600_000, day: 23 * 3_600_000 }[interval];
  if ((toMs - fromMs) / step > MAX_POINTS * 1.1) throw tooManyPoints();
  const all = calendar.buckets(interval, fromMs, toMs);
  if (all.length > MAX_POINTS) throw tooManyPoints();
  const endOf = (i: number): number => all[i + 1]?.startMs ?? toMs;
  const shown = all.filter(({ startMs }, i) =>
    compared === undefined ? startMs <= nowMs : endOf(i) <= compared.untilMs,
  );
  return {
    windows: { window: interval, labels: shown.map(({ label }) => label) },
    times: shown.map((bucket, i) => timeOf(bucket, endOf(i) > nowMs, calendar)),
  };
}

function timeOf({ startMs }: Bucket, isPartial: boolean, calendar: Calendar): PointTime {
  const start = calendar.format(startMs);
  return isPartial ? { start, partial: true } : { start };
}

/** The first moment of which hours are kept. */
export function hoursKeptFrom({ calendar, nowMs, hourlyDays }: SeriesRules): number {
  return calendar.dayStart(calendar.addDays(calendar.at(nowMs).day, -hourlyDays));
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
    because('too-large', { most }),
  );
}

function onHours(period: Period, calendar: Calendar): boolean {
  return [period.fromMs, period.toMs].every((ms) => calendar.at(ms).hourStartMs === ms);
}

function tooManyPoints(): QueryProblem {
  return new QueryProblem(
    'interval',
    `gives more than ${MAX_POINTS} points; choose a shorter period or a longer interval`,
    because('too-many-points', { points: MAX_POINTS }),
  );
}
