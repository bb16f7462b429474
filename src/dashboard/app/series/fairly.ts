import { overIn, type Timeline } from '../charts/timeline.ts';
import { clock, formatDay } from '../text/time.ts';
import { said } from '../words/said.ts';

interface Sums<S, P> {
  readonly timeline: Timeline;
  readonly now: S & { readonly series?: readonly P[] };
  readonly before: (S & { readonly series?: readonly P[] }) | undefined;
  /** Adds buckets up to what the whole answer says of all. */
  readonly sum: (points: readonly P[]) => S;
}

/**
 * Both periods as far as they can be compared: whole where this one is over, else
 * up to the last bucket that is. Nothing where there is none, or no period before.
 */
export function fairly<S, P extends { readonly start: string }>({ timeline, now, before, sum }: Sums<S, P>) {
  if (before === undefined) return undefined;
  const { compared } = timeline;
  if (timeline.over === timeline.starts.length) return { now, before };
  if (compared !== undefined && compared.from === compared.until) return undefined;
  if (isCutByServer(timeline)) return { now, before };
  if (timeline.over === 0) return undefined;
  const over = overIn(now.series ?? [], before.series ?? [], timeline);
  return { now: sum(over.now), before: sum(over.before) };
}

/** Days are too long to be compared as buckets: the server answers the last of them up to the same time of day. */
const isCutByServer = ({ interval, compared }: Timeline): boolean => interval === 'day' && compared !== undefined;

/** How far changes are reckoned, to be said where the period is not over. */
export function untilOf(timeline: Timeline): string {
  const { starts, interval, over, compared } = timeline;
  const end = starts[over];
  if (end === undefined) return '';
  if (compared !== undefined && compared.from === compared.until) return said('; too early to compare');
  if (compared !== undefined && isCutByServer(timeline))
    return said('; changes against the time up to {day}, {time}', {
      day: formatDay(compared.until),
      time: clock(compared.until),
    });
  if (over === 0) return said('; too early to compare');
  const isSameDay = starts[0]?.slice(0, 10) === end.slice(0, 10);
  const moment = isSameDay ? clock(end) : `${formatDay(end)}, ${clock(end)}`;
  const until = interval === 'day' ? said('the end of {day}', { day: formatDay(starts[over - 1] ?? '') }) : moment;
  return said('; changes up to {until}, against the same time before', { until });
}

export const addUp = <K extends string>(points: readonly { readonly [N in K]: number }[], key: K): number =>
  points.reduce((sum, point) => sum + point[key], 0);

/** The mean of a ratio over buckets, each with the weight of what it is a ratio of. */
export function meanOf<P>(
  points: readonly P[],
  ratio: (point: P) => number | null,
  weight: (point: P) => number,
): number | null {
  const [sum, weights] = points.reduce<readonly [number, number]>(
    ([all, of], point) => [all + (ratio(point) ?? 0) * weight(point), of + weight(point)],
    [0, 0],
  );
  return weights === 0 ? null : sum / weights;
}
