import { Writes } from '../metrics/writes.ts';
import type { FoldedBatch, LoadedLane } from './batch.ts';
import { type FoldContext, openLane, saveLane } from './open-lane.ts';
import type { LaneTime, MoreDue } from './state/snapshot.ts';

/**
 * Abandons the first of very many carts that fall due together, in a unit of their own before the event whose moment they are due by:
 * lane time stands at the last deadline handled.
 * @param due the last of them
 */
export function abandonDue(
  loaded: LoadedLane,
  { lastMs, lastUserId }: MoreDue,
  times: ReadonlyMap<string, LaneTime>,
  context: FoldContext,
): FoldedBatch {
  const writes = new Writes(context.memory.sums, context.memory.texts);
  const { lane } = loaded.needs;
  const opened = openLane(lane, loaded, lastMs + 1, times, context, writes);
  // By the record that waits behind this unit.
  const arrivedMs = context.memory.columns.arrivedAtMs.at(0);
  opened.carts.abandonUpTo(lastMs, lastUserId, arrivedMs);
  const time = times.get(lane);
  // Every deadline up to here is later than the lane's time: it would have been handled before.
  opened.advanceTo(lastMs, arrivedMs);
  const next = opened.timesOf(time?.arrivedAtMs);
  saveLane(lane, opened, next, context, writes);
  const lanes = new Map(times);
  if (next !== undefined) lanes.set(lane, next);
  return { writes, lanes, tallies: {}, isMemoryTrue: true };
}
