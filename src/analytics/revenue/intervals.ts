import type { Interval, Period } from '../../metrics/query/period.ts';
import { hoursKeptFrom, MAX_POINTS } from '../../metrics/query/series.ts';
import type { QueryContext } from '../question.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * The intervals by which the period can be cut, so that nobody
 * has to try: the rules of `seriesOf`, without making a bucket.
 */
export function intervalsOf(
  { fromMs, toMs, grain }: Period,
  context: Pick<QueryContext, 'calendar' | 'nowMs' | 'hourlyDays'>,
): Interval[] {
  const keptFromMs = hoursKeptFrom(context);
  const fits = (stepMs: number): boolean => fromMs >= keptFromMs && (toMs - fromMs) / stepMs <= MAX_POINTS;
  const isOnHours = [fromMs, toMs].every((ms) => context.calendar.at(ms).hourStartMs === ms);
  return [
    ...(fits(15 * MINUTE_MS) ? (['15m'] as const) : []),
    ...(fits(HOUR_MS) && isOnHours ? (['hour'] as const) : []),
    ...(grain === 'day' && Math.round((toMs - fromMs) / DAY_MS) <= MAX_POINTS ? (['day'] as const) : []),
  ];
}
