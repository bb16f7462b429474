import { type PartitionId, partitionName } from '../events/partition.ts';
import { partitionOf } from '../events/partitioner.ts';
import { repairTally } from '../events/repairs/rules.ts';
import { Writes } from '../metrics/writes.ts';
import type { Calendar } from '../time/calendar.ts';
import { hashInventoryId } from './columns/columns.ts';
import { type FoldOutcome, Lane } from './lane.ts';
import type { NeededLane } from './needs.ts';
import { type FoldSettings, LIVE } from './settings.ts';
import type { LaneRead } from './state/lane-state.ts';
import type { Memory } from './state/memory.ts';
import type { LaneSnapshot, LaneTime } from './state/snapshot.ts';
import { laneTimes } from './state/state-families.ts';

export interface FoldContext {
  readonly partition: PartitionId;
  readonly partitions: number;
  readonly settings: FoldSettings;
  readonly calendar: Calendar;
  readonly memory: Memory;
}

export interface FoldedBatch {
  readonly writes: Writes;
  readonly lanes: Map<string, LaneTime>;
  readonly tallies: Record<string, number>;
  /** To be called when the writes are stored. */
  readonly commitCache?: () => void;
}

/** What a unit needed to know of one lane, and what the store knew of it. */
export interface LoadedLane extends NeededLane {
  readonly snapshot: LaneSnapshot;
}

const TALLIES: Readonly<Record<FoldOutcome, string>> = {
  applied: 'events',
  duplicate: 'duplicates',
  'unknown-refund': 'unknown_refunds',
};

const NO_REPAIRS: readonly string[] = [];

/** Folds the events in the memory's columns: (state, events) → writes. Knows no store and no clock, so any cut of the log gives the same. */
export function foldBatch(
  loaded: readonly LoadedLane[],
  times: ReadonlyMap<string, LaneTime>,
  context: FoldContext,
): FoldedBatch {
  const { memory } = context;
  const { columns, step } = memory;
  const writes = new Writes(memory.sums);
  const tallies: Record<string, number> = {};
  const tally = (name: string, by = 1): void => {
    tallies[name] = (tallies[name] ?? 0) + by;
  };
  const nextTimes = new Map(times);
  const lanes = loaded.map((one) => openLane(one.needs.lane, one, one.needs.untilMs, times, context, writes));
  for (let row = 0; row < columns.rows; row++) {
    const number = columns.lane.at(row);
    const lane = lanes[number];
    if (lane === undefined) continue;
    const outcome = foldRow(row, lane, context);
    if (outcome !== undefined) tally(TALLIES[outcome]);
    // Those of an event that is sent again count as well: they are what came in.
    for (const rule of columns.repaired.get(row) ?? NO_REPAIRS) tally(repairTally(rule));
    const rare = columns.rare.get(row);
    if (rare?.kind === 'ignored') tally('ignored', rare.count);
    if (rare === undefined && isMisplaced(step.userId, context)) tally('wrong_partition');
    if (lane.time !== undefined)
      nextTimes.set(columns.lanes[number] ?? LIVE, { timeMs: lane.time, arrivedAtMs: columns.arrivedAtMs.at(row) });
  }
  for (const [i, lane] of lanes.entries()) {
    const name = columns.lanes[i] ?? LIVE;
    saveLane(name, lane, nextTimes.get(name), context, writes);
  }
  const commitCache = (): void => {
    for (const { state } of lanes) state.commitCache();
  };
  return { writes, lanes: nextTimes, tallies, commitCache };
}

function foldRow(row: number, lane: Lane, { memory: { columns, step, id } }: FoldContext): FoldOutcome | undefined {
  const rare = columns.rare.get(row);
  if (rare === undefined) {
    step.begin(row);
    return lane.foldShop(step, columns.hashId(row, id));
  }
  if (rare.kind === 'tick') lane.advanceTo(rare.atMs);
  if (rare.kind !== 'inventory') return undefined;
  return lane.foldInventory(rare, hashInventoryId(rare, id), columns.arrivedAtMs.at(row));
}

function isMisplaced(userId: string, { partition, partitions }: FoldContext): boolean {
  return partitionOf(userId, partitions) !== partition.index;
}

export function openLane(
  name: string,
  read: LaneRead,
  untilMs: number,
  times: ReadonlyMap<string, LaneTime>,
  { partition, settings, calendar, memory }: FoldContext,
  writes: Writes,
): Lane {
  return new Lane({ name, partition, read, time: times.get(name), untilMs, settings, calendar, memory, writes });
}

export const dimensionsOf = (partition: PartitionId, lane: string): string => `${partitionName(partition)}:${lane}`;

export function saveLane(
  name: string,
  lane: Lane,
  time: LaneTime | undefined,
  { partition }: FoldContext,
  writes: Writes,
): void {
  lane.save(dimensionsOf(partition, name), name === LIVE);
  if (time !== undefined)
    writes.put(laneTimes, partitionName(partition), name, JSON.stringify([time.timeMs, time.arrivedAtMs]));
}
