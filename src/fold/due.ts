import { Writes } from '../metrics/writes.ts';
import { type FoldContext, type FoldedBatch, openLane, saveLane } from './batch.ts';
import type { CachedLane } from './state/lane-state.ts';
import type { LaneSnapshot, LaneTime, MoreDue } from './state/snapshot.ts';

/**
 * Abandons the first of very many carts that fall due together, in a unit of their own before the event whose moment they are due by:
 * lane time stands at the last deadline handled.
 * @param due the last of them
 */
export function abandonDue(
  lane: string,
  snapshot: LaneSnapshot,
  { lastMs, lastUserId }: MoreDue,
  times: ReadonlyMap<string, LaneTime>,
  context: FoldContext,
  cached: CachedLane | undefined,
): FoldedBatch {
  const writes = new Writes();
  const opened = openLane(lane, snapshot, times, context, writes, cached);
  opened.carts.abandonUpTo(lastMs, lastUserId);
  const time = times.get(lane);
  // Every deadline up to here is later than the lane's time: it would have been handled before.
  const next = time && { ...time, timeMs: opened.advance(lastMs) };
  saveLane(lane, opened, next, context, writes);
  const lanes = new Map(times);
  if (next !== undefined) lanes.set(lane, next);
  return { writes, lanes, tallies: {}, commitCache: () => opened.state.commitCache() };
}
