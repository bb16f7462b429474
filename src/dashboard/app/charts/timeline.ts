import { addDays, dayAt, daysBetween, type Interval, localTime } from '../text/time.ts';

/** The buckets of a series, and how far the time has come in them. */
export interface Timeline {
  readonly starts: readonly string[];
  readonly interval: Interval | '30s';
  /** So many are over; the one behind them is under way or lies ahead. */
  readonly over: number;
  /** So many have begun; those behind lie ahead, and nothing can have happened in them. */
  readonly begun: number;
  /** What of the other period it is compared with, as the server says. */
  readonly compared?: Compared | undefined;
}

interface Compared {
  readonly from: string;
  readonly until: string;
}

interface Point {
  readonly start: string;
}

const STEP_MS = { '15m': 15 * 60_000, hour: 3_600_000 } as const;

/** @param asOf everything that happened before it is counted */
export function timelineOf(points: readonly Point[], interval: Interval, asOf: string, timezone: string): Timeline {
  const starts = points.map(({ start }) => start);
  const asOfMs = Date.parse(asOf);
  const begun = starts.filter((start) => Date.parse(start) < asOfMs).length;
  const last = starts[begun - 1];
  const isOver =
    last === undefined || interval === 'day'
      ? last !== undefined && last.slice(0, 10) < dayAt(asOf, timezone)
      : Date.parse(last) + STEP_MS[interval] <= asOfMs;
  return { starts, interval, begun, over: isOver ? begun : Math.max(0, begun - 1) };
}

/** The buckets behind the last one that has begun, up to the end of a date; local times alone, since they say no more. */
export function startsToCome(points: readonly Point[], interval: Interval, to: string, timezone: string): string[] {
  const last = points.at(-1)?.start;
  if (last === undefined || to.length !== '2026-11-28'.length) return [];
  const coming: string[] = [];
  if (interval === 'day') {
    for (let day = addDays(last.slice(0, 10), 1); day <= to; day = addDays(day, 1)) coming.push(`${day}T00:00:00`);
    return coming;
  }
  for (let ms = Date.parse(last) + STEP_MS[interval]; ; ms += STEP_MS[interval]) {
    const start = localTime(ms, timezone);
    if (start.slice(0, 10) > to) return coming;
    coming.push(start);
  }
}

/** The date and time of a bucket of the other period, moved to where it is compared. */
function moved(before: readonly Point[], { starts }: Timeline): (point: Point) => string {
  const [was = '', is = ''] = [before[0]?.start, starts[0]];
  // A year has not always as many days.
  if (was.slice(4, 10) === is.slice(4, 10))
    return ({ start }) =>
      `${Number(start.slice(0, 4)) + Number(is.slice(0, 4)) - Number(was.slice(0, 4))}${start.slice(4, 16)}`;
  const days = daysBetween(before[0]?.start.slice(0, 10) ?? '', starts[0]?.slice(0, 10) ?? '');
  return ({ start }) => `${addDays(start.slice(0, 10), days)}${start.slice(10, 16)}`;
}

/**
 * Of the other period, what is compared with each bucket: the
 * same time of day, also where a clock was changed between.
 */
export function beside<T extends Point>(before: readonly T[], timeline: Timeline): (T | undefined)[] {
  const local = moved(before, timeline);
  const byTime = new Map(before.map((point) => [local(point), point]));
  return timeline.starts.map((start) => byTime.get(start.slice(0, 16)));
}

/** Both periods as far as this one is over: what can be compared fairly. */
export function overIn<T extends Point>(
  now: readonly T[],
  before: readonly T[],
  timeline: Timeline,
): { readonly now: readonly T[]; readonly before: readonly T[] } {
  const end = timeline.starts[timeline.over]?.slice(0, 16);
  const local = moved(before, timeline);
  return {
    now: now.slice(0, timeline.over),
    before: end === undefined ? before : before.filter((point) => local(point) < end),
  };
}
