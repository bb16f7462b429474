import { useMemo } from 'preact/hooks';
import { startsToCome, type Timeline, timelineOf } from '../charts/timeline.ts';
import { useShop } from '../shop.ts';
import type { Interval } from '../text/time.ts';

const NONE: readonly never[] = [];

interface Said {
  readonly as_of: string;
  readonly compared_from?: string;
  readonly compared_until?: string;
}

/** A series as far as it has begun, with the timeline of the whole period: the same objects while nothing else is to be seen. */
export function useSeries<P extends { readonly start: string }>(
  series: readonly P[] | undefined,
  interval: Interval,
  meta: Said | undefined,
): { readonly timeline: Timeline; readonly points: readonly P[] } {
  const { timezone, to } = useShop();
  const all = series ?? NONE;
  const { over, begun } = timelineOf(all, interval, meta?.as_of ?? '', timezone);
  const [from, until] = [meta?.compared_from, meta?.compared_until];
  return useMemo(() => {
    const starts = [...all.map(({ start }) => start), ...startsToCome(all, interval, to, timezone)];
    const compared = from === undefined || until === undefined ? undefined : { from, until };
    return { timeline: { starts, interval, over, begun, compared }, points: all.slice(0, begun) };
  }, [all, interval, over, begun, to, timezone, from, until]);
}
