import type { LogEvent, ShopEvent } from '../events/event.ts';
import { type PartitionId, partitionName } from '../events/partition.ts';
import { partitionOf } from '../events/partitioner.ts';
import { repairTally } from '../events/repairs/rules.ts';
import type { Fact } from '../metrics/facts.ts';
import { Writes } from '../metrics/writes.ts';
import type { Calendar } from '../time/calendar.ts';
import type { FoldOutcome } from './lane.ts';
import { Lane } from './lane.ts';
import type { FoldSettings } from './settings.ts';
import { LIVE } from './settings.ts';
import type { LaneCache, PartitionCache } from './state/lane-cache.ts';
import type { CachedLane } from './state/lane-state.ts';
import type { LaneNeeds, LaneSnapshot, LaneTime } from './state/snapshot.ts';
import { laneTimes } from './state/state-families.ts';
import { inventoryKeysOf, type StateKeys, sessionField, sessionIdOf, stateKeysOf } from './state/state-keys.ts';

export interface BatchEvent {
  readonly lane: string;
  readonly event: LogEvent;
  readonly keys: StateKeys | undefined;
  readonly arrivedAtMs: number;
}

/** @param record what the log tells of it: when it arrived, and the import that it belongs to */
export function toBatchEvent(
  record: { readonly arrivedAtMs: number; readonly importId: string | undefined },
  event: LogEvent,
): BatchEvent {
  const keys =
    event.kind === 'shop' ? stateKeysOf(event) : event.kind === 'inventory' ? inventoryKeysOf(event) : undefined;
  return { lane: record.importId ?? LIVE, event, keys, arrivedAtMs: record.arrivedAtMs };
}

export interface FoldContext {
  readonly partition: PartitionId;
  readonly partitions: number;
  readonly settings: FoldSettings;
  readonly calendar: Calendar;
  /** Hands a fact to every question's fold. */
  readonly foldFact: (fact: Fact, writes: Writes) => void;
}

export interface FoldedBatch {
  readonly writes: Writes;
  readonly lanes: Map<string, LaneTime>;
  readonly tallies: Record<string, number>;
  /** To be called when the writes are stored. */
  readonly commitCache?: () => void;
}

/** What the batch needs to know, lane by lane; of that, what its owner has in memory need not be read. */
export function needsOf(
  events: readonly BatchEvent[],
  lanes: ReadonlyMap<string, LaneTime>,
  caches: PartitionCache,
): LaneNeeds[] {
  const byLane = new Map<string, BatchEvent[]>();
  for (const event of events) {
    const known = byLane.get(event.lane);
    if (known) known.push(event);
    else byLane.set(event.lane, [event]);
  }
  return [...byLane].map(([lane, of]) => laneNeeds(lane, of, lanes.get(lane)?.timeMs, caches.get(lane)));
}

function laneNeeds(
  lane: string,
  events: readonly BatchEvent[],
  timeMs: number | undefined,
  cache: LaneCache | undefined,
): LaneNeeds {
  const visitors = new Set<string>();
  const users = new Set<string>();
  // Ids hardly ever repeat within a batch; asked for twice, one is answered twice.
  const seen: string[] = [];
  const orders = new Set<string>();
  let untilMs = timeMs ?? 0;
  for (const { event, keys } of events) {
    if (event.kind === 'close' || event.kind === 'erase' || event.kind === 'ignored') continue;
    untilMs = Math.max(untilMs, event.kind === 'tick' ? event.atMs : event.timestampMs);
    if (keys === undefined) continue;
    seen.push(keys.seen);
    if (event.kind !== 'shop') continue;
    users.add(event.userId);
    visitors.add(keys.user);
    const sessionId = sessionIdOf(event);
    if (cache?.isCurrent(keys.user, sessionId) !== true) visitors.add(sessionField(event.userId, sessionId));
    if (keys.order !== undefined) orders.add(keys.order);
  }
  const known = [...users];
  return { lane, timeMs, visitors: [...visitors], users: known, seen, orders: [...orders], known, untilMs };
}

/** Folds a batch: (state, events) → writes. Knows no store and no clock, so any cut of the log gives the same. */
export function foldBatch(
  events: readonly BatchEvent[],
  times: ReadonlyMap<string, LaneTime>,
  snapshots: ReadonlyMap<string, LaneSnapshot>,
  context: FoldContext,
  cached: ReadonlyMap<string, CachedLane> = new Map(),
): FoldedBatch {
  const writes = new Writes();
  const tallies: Record<string, number> = {};
  const tally = (name: string, by = 1): void => {
    tallies[name] = (tallies[name] ?? 0) + by;
  };
  const lanes = new Map<string, Lane>();
  const nextTimes = new Map(times);
  for (const [name, snapshot] of snapshots)
    lanes.set(name, openLane(name, snapshot, times, context, writes, cached.get(name)));
  for (const one of events) {
    const { lane: name, event, arrivedAtMs } = one;
    const lane = lanes.get(name);
    if (lane === undefined) continue;
    const outcome = foldEvent(lane, one);
    if (outcome !== undefined)
      tally(outcome === 'applied' ? 'events' : outcome === 'duplicate' ? 'duplicates' : 'unknown_refunds');
    for (const rule of repairsOf(event)) tally(repairTally(rule));
    if (event.kind === 'ignored') tally('ignored', event.count);
    if (event.kind === 'shop' && isMisplaced(event, context)) tally('wrong_partition');
    if (lane.time !== undefined) nextTimes.set(name, { timeMs: lane.time, arrivedAtMs });
  }
  for (const [name, lane] of lanes) saveLane(name, lane, nextTimes.get(name), context, writes);
  const commitCache = (): void => {
    for (const lane of lanes.values()) lane.state.commitCache();
  };
  return { writes, lanes: nextTimes, tallies, commitCache };
}

function foldEvent(lane: Lane, { event, keys, arrivedAtMs }: BatchEvent): FoldOutcome | undefined {
  if (event.kind === 'tick') lane.advance(event.atMs);
  if (keys === undefined) return undefined;
  if (event.kind === 'shop') return lane.foldShop(event, keys, arrivedAtMs);
  return event.kind === 'inventory' ? lane.foldInventory(event, keys, arrivedAtMs) : undefined;
}

const NO_REPAIRS: readonly string[] = [];

/** Those of an event that is sent again count as well: they are what came in. */
function repairsOf(event: LogEvent): readonly string[] {
  return ((event.kind === 'shop' || event.kind === 'inventory') && event.repaired) || NO_REPAIRS;
}

function isMisplaced(event: ShopEvent, { partition, partitions }: FoldContext): boolean {
  return partitionOf(event.userId, partitions) !== partition.index;
}

export function openLane(
  name: string,
  snapshot: LaneSnapshot,
  times: ReadonlyMap<string, LaneTime>,
  { partition, settings, calendar, foldFact }: FoldContext,
  writes: Writes,
  cached?: CachedLane,
): Lane {
  const emit = (fact: Fact): void => foldFact(fact, writes);
  return new Lane({ name, partition, snapshot, cached, time: times.get(name), settings, calendar, emit, writes });
}

export const dimensionsOf = (partition: PartitionId, lane: string): string => `${partitionName(partition)}:${lane}`;

export function saveLane(
  name: string,
  lane: Lane,
  time: LaneTime | undefined,
  { partition }: FoldContext,
  writes: Writes,
): void {
  lane.save(writes, dimensionsOf(partition, name), name === LIVE);
  if (time !== undefined)
    writes.put(laneTimes, partitionName(partition), name, JSON.stringify([time.timeMs, time.arrivedAtMs]));
}
