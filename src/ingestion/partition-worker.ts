import { type PartitionId, partitionName } from '../events/partition.ts';
import { LIVE } from '../fold/settings.ts';
import type { LaneTime } from '../fold/state/snapshot.ts';
import { takesBack } from '../fold/taken-back/lane-name.ts';
import { Writes } from '../metrics/writes.ts';
import { messageOf } from '../runtime/errors.ts';
import { closeRecord, tickRecord } from './control-records.ts';
import { PartitionLost } from './interruptions.ts';
import { OverdueLinks, type OverdueLinksParts } from './overdue-links.ts';
import { type BatchOutcome, Pipeline, type PipelineParts } from './pipeline.ts';
import type { PartitionHandler, Position, RecordBatch } from './ports/event-log.ts';
import { Setbacks } from './setbacks.ts';
import { split, splitBefore } from './split-batches.ts';

/** Bounds what one unit folds in memory, whatever the log hands out at a time; what repeats in a unit is written once. */
const MAX_BATCH = 10_000;
/** A due cart's tick is appended again only after this long, should it have been lost. */
const TICK_TIMEOUT_MS = 5_000;
/** An import that appends nothing for so long has died; its lane is closed for it. */
const IMPORT_TIMEOUT_MS = 3_600_000;

interface Owned {
  readonly epoch: number;
  position: Position | undefined;
  step: number;
  lanes: ReadonlyMap<string, LaneTime>;
  tick: { readonly dueMs: number; readonly appendedAtMs: number } | undefined;
}

export interface WorkerParts extends PipelineParts {
  readonly now: () => number;
  readonly watermark?: OverdueLinksParts['watermark'];
  readonly maxBatch?: number;
}

/** Counts what the log holds: one batch after the other, each folded in memory and committed with its position. */
export class PartitionWorker implements PartitionHandler {
  private readonly owned = new Map<string, Owned>();
  private readonly setbacks = new Map<string, Setbacks>();
  private readonly parts: WorkerParts;
  private readonly pipeline: Pipeline;
  private readonly overdue: OverdueLinks;

  constructor(parts: WorkerParts) {
    this.parts = parts;
    this.pipeline = new Pipeline(parts);
    this.overdue = new OverdueLinks(parts);
  }

  async claim(partition: PartitionId): Promise<Position> {
    const claim = await this.parts.store.claim(partition);
    this.pipeline.invalidate(partition);
    this.overdue.invalidate(partition);
    await this.pipeline.standsAt(partition, claim.position);
    this.owned.set(partitionName(partition), { ...claim, tick: undefined });
    return claim.position ?? this.parts.log.start;
  }

  release(partition: PartitionId): void {
    this.owned.delete(partitionName(partition));
  }

  /** @throws PartitionLost where another owner has claimed the partition */
  async process(partition: PartitionId, records: RecordBatch): Promise<Position> {
    const owned = this.owned.get(partitionName(partition));
    if (owned === undefined) throw new PartitionLost(`${partitionName(partition)} was given up`);
    // Whoever hands out what lies behind is told where counting stands.
    const { position } = owned;
    if (records.length === 0) return position ?? this.parts.log.start;
    if (position !== undefined && this.parts.log.distance(position, records.positionOf(0)) < 0) return position;
    const setbacks = this.setbacksOf(partition);
    try {
      const stays = await this.countAll(partition, owned, split(records, this.parts.maxBatch ?? MAX_BATCH), setbacks);
      const live = owned.lanes.get(LIVE);
      if (stays && live !== undefined && this.parts.muted !== true) await this.overdue.release(partition, live.timeMs);
      return stays ? (owned.position ?? this.parts.log.start) : this.claim(partition);
    } finally {
      setbacks.processEnded();
    }
  }

  /** @throws PartitionLost where another owner has claimed the partition */
  async idle(partition: PartitionId): Promise<Position | undefined> {
    const owned = this.owned.get(partitionName(partition));
    if (owned === undefined) return undefined;
    const { epoch, position } = await this.parts.store.standing(partition);
    if (epoch > owned.epoch) throw new PartitionLost(`${partitionName(partition)} belongs to another consumer now`);
    // Redis went back in time: ask it anew.
    if (position !== owned.position || epoch < owned.epoch) return this.claim(partition);
    if (partition.topic === 'events') {
      this.parts.outbox?.kick(partition);
      await this.appendDue(partition, owned);
    }
    return position ?? this.parts.log.start;
  }

  /** @throws PartitionLost where another owner has claimed the partition */
  async skip(partition: PartitionId, to: Position, missing: number): Promise<Position> {
    const owned = this.owned.get(partitionName(partition));
    if (owned === undefined) throw new PartitionLost(`${partitionName(partition)} was given up`);
    const { outcome } = await this.parts.store.commit({
      partition,
      epoch: owned.epoch,
      expected: owned.position,
      target: to,
      expectedStep: owned.step,
      arrivedAtMs: undefined,
      writes: new Writes(),
      tallies: missing > 0 ? { missing } : {},
      deadLetters: [],
    });
    if (outcome === 'fenced') throw new PartitionLost(`${partitionName(partition)} belongs to another consumer now`);
    if (outcome === 'conflict') return this.claim(partition);
    owned.position = to;
    owned.step = 0;
    return to;
  }

  /** @returns whether the store stands where it was expected to stand */
  private async countAll(
    partition: PartitionId,
    owned: Owned,
    batches: RecordBatch[],
    setbacks: Setbacks,
  ): Promise<boolean> {
    for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
      const counted = await this.countOrNarrow(partition, owned, batch, setbacks);
      if (counted.outcome === 'conflict') return false;
      if (counted.outcome === 'split') batches.unshift(...counted.batches);
      // By itself until nothing is due before it any more, so that what follows is not decoded each time.
      if (counted.outcome === 'again') batches.unshift(...splitBefore(batch, 1));
    }
    return true;
  }

  /** A batch that fails is counted anew from where the store stands; if it fails alike, it is narrowed down to its record. */
  private async countOrNarrow(
    partition: PartitionId,
    owned: Owned,
    records: RecordBatch,
    setbacks: Setbacks,
  ): Promise<BatchOutcome> {
    try {
      const outcome = await this.count(partition, owned, records);
      if (outcome.outcome === 'counted') setbacks.counted();
      return outcome;
    } catch (error) {
      const verdict = setbacks.judge(error, owned.position, records.length);
      if (verdict === 'throw') throw error;
      if (verdict === 'again') return { outcome: 'conflict' };
      if (records.length > 1)
        return { outcome: 'split', batches: splitBefore(records, Math.floor(records.length / 2)) };
      const reason = `it could not be counted: ${messageOf(error)}`;
      const outcome = await this.moveOn(owned, () =>
        this.pipeline.setAside(partition, owned, records.record(0), reason),
      );
      setbacks.countedAside();
      return outcome;
    }
  }

  private setbacksOf(partition: PartitionId): Setbacks {
    const name = partitionName(partition);
    const setbacks = this.setbacks.get(name) ?? new Setbacks();
    this.setbacks.set(name, setbacks);
    return setbacks;
  }

  private async count(partition: PartitionId, owned: Owned, records: RecordBatch): Promise<BatchOutcome> {
    const isOwner = (): boolean => this.owned.get(partitionName(partition)) === owned;
    if (!isOwner()) throw new PartitionLost(`${partitionName(partition)} was claimed anew`);
    return this.moveOn(owned, () => this.pipeline.run(partition, owned, records, isOwner));
  }

  private async moveOn(owned: Owned, work: () => Promise<BatchOutcome>): Promise<BatchOutcome> {
    const outcome = await work();
    if (outcome.outcome === 'counted' || outcome.outcome === 'again') {
      owned.position = outcome.position;
      owned.step = outcome.step;
      owned.lanes = outcome.lanes;
    }
    return outcome;
  }

  /** While nothing arrives, lane time runs on at the speed of real time: a tick in the log says so where a cart falls due. */
  private async appendDue(partition: PartitionId, owned: Owned): Promise<void> {
    const { store, log, now } = this.parts;
    const nowMs = now();
    for (const [lane, time] of owned.lanes) {
      if (lane !== LIVE && !takesBack(lane) && nowMs - time.arrivedAtMs > IMPORT_TIMEOUT_MS)
        await log.append([closeRecord(partition, lane)]);
    }
    const live = owned.lanes.get(LIVE);
    if (live === undefined) return;
    const sinceMs = nowMs - live.arrivedAtMs;
    await this.overdue.release(partition, live.timeMs + sinceMs);
    const laneMs = live.ownMs + sinceMs;
    const dueMs = await store.nextDue(partition, LIVE);
    if (dueMs === undefined) return;
    const waiting = owned.tick?.dueMs === dueMs && nowMs - owned.tick.appendedAtMs < TICK_TIMEOUT_MS;
    if (laneMs <= dueMs || waiting) return;
    owned.tick = { dueMs, appendedAtMs: nowMs };
    await log.append([tickRecord(partition, laneMs)]);
  }
}
