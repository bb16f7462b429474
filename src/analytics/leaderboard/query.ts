import type { Counts } from '../../metrics/reader.ts';
import type { QueryContext } from '../question.ts';
import { actionCounts, REALTIME_MS } from '../shared/realtime.ts';

const WINDOW_MS = 5_000;
/** The last hour. */
export const MAX_WINDOWS = REALTIME_MS / WINDOW_MS;

/** Windows of five seconds up to the open one, newest first, those without an action too. */
export async function queryLeaderboard(limit: number, { reader, calendar, nowMs }: QueryContext) {
  const openMs = Math.floor(nowMs / WINDOW_MS) * WINDOW_MS;
  const fromMs = openMs - (Math.min(limit, MAX_WINDOWS) - 1) * WINDOW_MS;
  const buckets = calendar.realtimeBuckets('5s', fromMs, openMs + WINDOW_MS).reverse();
  const windows = { window: '5s', labels: buckets.map(({ label }) => label) } as const;
  const each = await reader.counters(actionCounts, windows);
  return {
    windows: buckets.map(({ startMs }, i) => ({ start: calendar.format(startMs), counts: byCount(each[i]) })),
  };
}

/** The most frequent first; ties by name. */
function byCount(counts: Counts = new Map()): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)));
}
