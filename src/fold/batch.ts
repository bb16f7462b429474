import type { ControlRecord, InventoryEvent } from '../events/event.ts';
import { partitionName } from '../events/partition.ts';
import { partitionOf } from '../events/partitioner.ts';
import { repairTally } from '../events/repairs/rules.ts';
import { Writes } from '../metrics/writes.ts';
import { hashInventoryId } from './columns/columns.ts';
import type { EventStep } from './event-step.ts';
import type { Lane } from './lane.ts';
import { forgetName } from './links/on-the-way.ts';
import type { NeededLane } from './needs.ts';
import { type FoldContext, openLane, saveLane } from './open-lane.ts';
import { LIVE } from './settings.ts';
import type { Histories, LaneSnapshot, LaneTime } from './state/snapshot.ts';
import { type FoldOutcome, HELD, TALLIES, Tallies } from './tallies.ts';

export interface FoldedBatch {
  readonly writes: Writes;
  readonly lanes: Map<string, LaneTime>;
  readonly tallies: Record<string, number>;
  /** Does the memory, once the writes are stored, hold what the store does? */
  readonly isMemoryTrue: boolean;
}

/** What a unit needed to know of one lane, and what the store knew of it. */
export interface LoadedLane extends NeededLane {
  readonly snapshot: LaneSnapshot;
  /** Interactions of guests who sign in. */
  readonly histories?: Histories | undefined;
}

type Settle = Extract<ControlRecord, { kind: 'settle' }>;
type OfReport = Extract<ControlRecord, { kind: 'void' | 'complete' }>;
/** What tells no row of the archive what it changed. */
type Told = Exclude<ControlRecord, Settle | OfReport>;

/** Folds the events in the memory's columns: (state, events) → writes. Knows no store and no clock, so any cut of the log gives the same. */
export function foldBatch(
  loaded: readonly LoadedLane[],
  times: ReadonlyMap<string, LaneTime>,
  context: FoldContext,
): FoldedBatch {
  const { memory } = context;
  const { columns } = memory;
  const writes = new Writes(memory.sums, memory.texts);
  const tallies = new Tallies();
  const lanes = loaded.map((one) => openLane(one.needs.lane, one, one.needs.untilMs, times, context, writes));
  const lastRows: number[] = [];
  for (let row = 0; row < columns.inOrder; row++) {
    const number = columns.lane.at(row);
    const lane = lanes[number];
    if (lane === undefined) continue;
    const isTimeless = lane.time !== undefined && !tellsTime(columns.rare.get(row));
    foldRow(row, lane, context, tallies);
    if (!isTimeless) lastRows[number] = row;
  }
  const nextTimes = new Map(times);
  for (const [number, lane] of lanes.entries()) {
    const name = columns.lanes[number] ?? LIVE;
    const last = lastRows[number];
    const time = lane.timesOf(last === undefined ? times.get(name)?.arrivedAtMs : columns.arrivedAtMs.at(last));
    if (time !== undefined) nextTimes.set(name, time);
    saveLane(name, lane, time, context, writes);
  }
  for (const admitted of [memory.admitted, memory.members]) admitted.save(writes, partitionName(context.partition));
  return { writes, lanes: nextTimes, tallies: tallies.counts, isMemoryTrue: true };
}

/** Events and ticks do; what partitions tell each other, and what was ignored, says nothing of the lane's own time. */
const tellsTime = (rare: InventoryEvent | ControlRecord | undefined): boolean =>
  rare === undefined || rare.kind === 'inventory' || rare.kind === 'tick';

/** Called row by row, so that the engine compiles it once and not anew within each unit's loop. */
function foldRow(row: number, lane: Lane, context: FoldContext, tallies: Tallies): void {
  const { columns, step, id } = context.memory;
  const repaired = columns.repaired.get(row);
  // Those of an event that is sent again count as well: they are what came in.
  if (repaired !== undefined) for (const rule of repaired) tallies.add(repairTally(rule));
  const rare = columns.rare.get(row);
  if (rare !== undefined) {
    foldRare(rare, row, lane, context, tallies);
    return;
  }
  step.begin(row);
  const outcome = lane.takeShop(step, row, columns.hashId(row, id));
  if (outcome === 'held' || outcome === 'identified') context.counted?.passed(row, step.timestampMs);
  if (outcome !== 'held') {
    note(outcome, row, context, tallies);
    return;
  }
  tallies.add(HELD);
  if (lane.state.held.isFull(step.user)) release(step.user, lane, context, tallies);
}

/** What became of the event of a row, which the step lies over. */
function note(outcome: FoldOutcome, row: number, context: FoldContext, tallies: Tallies): void {
  const { step } = context.memory;
  tallies.add(TALLIES[outcome]);
  if (outcome !== 'identified') context.counted?.shop(row, step, outcome);
  if (outcome === 'refund-beyond') tallies.add('refunds_beyond');
  if (partitionOfUser(step, context) !== context.partition.index) tallies.add('wrong_partition');
}

/** Counts what waited of a user. @param boughtMs when their guest bought something, which belongs among that by its moment */
function release(user: number, lane: Lane, context: FoldContext, tallies: Tallies, boughtMs?: number): void {
  const { step } = context.memory;
  if (lane.time !== undefined) lane.links?.waitsNoLonger(user, lane.time);
  const rows = lane.state.held.release(user);
  const userId = lane.state.visitors.idOf(user);
  let bought = boughtMs;
  const buyUntil = (ms: number): void => {
    if (bought === undefined || bought > ms) return;
    lane.carts.handover.boughtElsewhere(user, userId, bought);
    bought = undefined;
  };
  for (const row of rows) {
    step.begin(row);
    buyUntil(step.timestampMs);
    note(lane.foldShop(step, lane.time ?? step.timestampMs), row, context, tallies);
  }
  buyUntil(Number.POSITIVE_INFINITY);
  if (rows.length > 0) tallies.add(HELD, -rows.length);
  lane.carts.watch(user);
}

function foldRare(
  rare: InventoryEvent | ControlRecord,
  row: number,
  lane: Lane,
  context: FoldContext,
  tallies: Tallies,
): void {
  const { memory, counted } = context;
  const { columns, id } = memory;
  if ('saidMs' in rare && rare.saidMs !== undefined) lane.hear(rare.saidMs);
  if (rare.kind === 'tick') lane.advanceTo(rare.atMs, columns.arrivedAtMs.at(row));
  if (rare.kind === 'ignored' || rare.kind === 'bots') tallies.add(rare.kind, rare.count);
  if (rare.kind === 'settle') foldSettle(rare, row, lane, context, tallies);
  else if (rare.kind === 'void' || rare.kind === 'complete') foldOfReport(rare, row, lane, context, tallies);
  else if (rare.kind !== 'inventory') {
    // Before what it releases, so that the archive has both in their order.
    counted?.control(row);
    foldTold(rare, columns.arrivedAtMs.at(row), lane, context, tallies);
  } else {
    const outcome = lane.foldInventory(rare, hashInventoryId(rare, id), columns.arrivedAtMs.at(row));
    tallies.add(TALLIES[outcome]);
    counted?.inventory(row, rare, outcome);
  }
}

/** A refund that came elsewhere, of an order that was reported here. */
function foldSettle(record: Settle, row: number, lane: Lane, context: FoldContext, tallies: Tallies): void {
  const settled = lane.refunds?.settle(record);
  context.counted?.control(row, settled);
  if (settled?.wasUnknown === true) {
    tallies.add(TALLIES['unknown-refund'], -1);
    tallies.add(TALLIES.applied);
  }
  if (settled !== undefined && settled.beyond !== 0) tallies.add('refunds_beyond', settled.beyond);
}

/** Another report of an order stays, or says something beside the one that was reported here. */
function foldOfReport(record: OfReport, row: number, lane: Lane, context: FoldContext, tallies: Tallies): void {
  const takenBack = record.kind === 'void' ? lane.orders.takeBack(record, lane.startAt(record.atMs)) : undefined;
  const added = record.kind === 'complete' ? lane.details?.complete(record) : takenBack?.added;
  context.counted?.control(row, added);
  if (takenBack !== undefined) tallies.add('orders_taken_back');
}

/** What another partition, or this one, has said. */
function foldTold(record: Told, arrivedAtMs: number, lane: Lane, context: FoldContext, tallies: Tallies): void {
  const { links, orders, refunds, details } = lane;
  if (links === undefined) return;
  const { visitors } = lane.state;
  const releaseUser = (userId: string, boughtMs?: number): void =>
    release(visitors.ofId(userId), lane, context, tallies, boughtMs);
  switch (record.kind) {
    case 'link':
      links.giveUp(record, lane.startAt(record.atMs));
      return;
    case 'merge': {
      const taken = links.takeIn(record, lane.startAt(arrivedAtMs));
      if (taken !== undefined) releaseUser(record.userId, taken.boughtMs);
      return;
    }
    case 'returned':
      links.returned(record, lane.startAt(record.atMs));
      return;
    case 'nameless':
      forgetName(visitors, record, lane.startAt(arrivedAtMs));
      return;
    case 'release':
      releaseUser(record.userId);
      return;
    case 'claim':
      lane.startAt(record.atMs);
      orders.claim(record);
      return;
    case 'unclaim':
      orders.unclaim(record, lane.startAt(record.atMs ?? arrivedAtMs));
      return;
    case 'details':
      details?.sendOn(record);
      return;
    case 'unbought':
      lane.orderSessions.unbought(record, lane.startAt(arrivedAtMs));
      return;
    case 'refund':
      lane.startAt(record.refund.atMs);
      refunds?.sendOn(record);
      return;
    case 'tick':
    case 'ignored':
    case 'bots':
    case 'close':
    case 'erase':
      return;
    default:
      record satisfies never;
  }
}

/** Where the user's events belong: worked out once for each user. */
function partitionOfUser({ user, userId }: EventStep, { memory, partitions }: FoldContext): number {
  const known = memory.partitionOfUser[user];
  if (known !== undefined) return known;
  const made = partitionOf(userId, partitions);
  memory.partitionOfUser[user] = made;
  return made;
}
