import { useMemo } from 'preact/hooks';
import { type Timeline, timelineOf } from '../charts/timeline.ts';
import { useShop } from '../shop.ts';
import type { Interval } from '../text/time.ts';

const NONE: readonly never[] = [];

/** A series as far as it has begun, with its timeline: the same objects while nothing else is to be seen. */
export function useSeries<P extends { readonly start: string }>(
  series: readonly P[] | undefined,
  interval: Interval,
  asOf: string | undefined,
): { readonly timeline: Timeline; readonly points: readonly P[] } {
  const { timezone } = useShop();
  const all = series ?? NONE;
  const { over, begun } = timelineOf(all, interval, asOf ?? '', timezone);
  return useMemo(
    () => ({ timeline: { starts: all.map(({ start }) => start), interval, over, begun }, points: all.slice(0, begun) }),
    [all, interval, over, begun],
  );
}
