import type { Analytic } from '../analytics/analytic.ts';
import type { Calendar } from '../analytics/windows.ts';
import { Writes } from '../analytics/writes.ts';
import { type BatchEvent, LIVE, toBatchEvent } from './batch.ts';
import { closeRecord, tickRecord } from './control-records.ts';
import { apart, cut, standsAlone } from './cut-batches.ts';
import { decodeRecord } from './decode.ts';
import { Folding } from './folding.ts';
import { type Headroom, StoreFull } from './headroom.ts';
import type { OutboxPublisher } from './outbox-publisher.ts';
import {
  type DeadLetter,
  type EventLog,
  type LaneTime,
  type LogRecord,
  type PartitionHandler,
  type PartitionId,
  type Position,
  partitionName,
  type StateStore,
} from './ports.ts';
import type { FoldSettings } from './settings.ts';

/** Bounds how long one commit holds Redis; what Kafka hands out at a time fits. */
const MAX_BATCH = 2_100;
/** A due cart's tick is appended again only after this long, should it have been lost. */
const TICK_PATIENCE_MS = 5_000;
/** An import that appends nothing for so long has died; its lane is closed for it. */
const IMPORT_PATIENCE_MS = 3_600_000;
const SHOWN_MESSAGE_BYTES = 4_096;

/** This process does not own the partition any more. */
export class PartitionLost extends Error {
  readonly code = 'partition-lost';
  readonly retryable = true;
}

/** As many messages about carts wait as may; counting goes on when the topics take them. */
export class OutboxFull extends Error {
  readonly code = 'outbox-full';
  readonly retryable = true;

  constructor(partition: string) {
    super(`${partition}: too many messages about carts wait to be published; counting pauses`);
  }
}

/** `apart`: something in it stands alone, so it is to be counted in these parts. */
type Went =
  | { readonly outcome: 'counted' | 'conflict' }
  | { readonly outcome: 'apart'; readonly batches: (readonly LogRecord[])[] };

interface Owned {
  readonly epoch: number;
  position: Position | undefined;
  lanes: ReadonlyMap<string, LaneTime>;
  tick: { readonly dueMs: number; readonly appendedAtMs: number } | undefined;
}

export interface WorkerParts {
  readonly store: StateStore;
  readonly log: EventLog;
  readonly settings: FoldSettings;
  readonly calendar: Calendar;
  readonly analytics: readonly Analytic[];
  /** Publishes what commits leave behind; without one it waits. */
  readonly outbox?: Pick<OutboxPublisher, 'kick'>;
  /** Takes a user out of everything that is not this partition's state. */
  readonly forget?: (userId: string) => Promise<void>;
  /** Says nothing outside the store: for folding anew what has been said already. */
  readonly muted?: boolean;
  /** Counting pauses while the store has none. */
  readonly headroom?: Headroom;
  readonly now: () => number;
  readonly maxBatch?: number;
}

/** Counts what the log holds: one batch after the other, each folded in memory and committed whole with its position. */
export class PartitionWorker implements PartitionHandler {
  private readonly owned = new Map<string, Owned>();
  private readonly parts: WorkerParts;
  private readonly folding: Folding;

  constructor(parts: WorkerParts) {
    this.parts = parts;
    const partitions = parts.log.partitions.filter(({ topic }) => topic === 'events').length;
    this.folding = new Folding({ ...parts, partitions });
  }

  async claim(partition: PartitionId): Promise<Position> {
    const { epoch, position, lanes } = await this.parts.store.claim(partition);
    this.folding.forget(partition);
    this.owned.set(partitionName(partition), { epoch, position, lanes, tick: undefined });
    return position ?? this.parts.log.start;
  }

  release(partition: PartitionId): void {
    this.owned.delete(partitionName(partition));
  }

  /** @throws PartitionLost where another owner has claimed the partition */
  async process(partition: PartitionId, records: readonly LogRecord[]): Promise<Position> {
    const [first] = records;
    const owned = this.owned.get(partitionName(partition));
    if (owned === undefined) throw new PartitionLost(`${partitionName(partition)} was given up`);
    // Whoever hands out what lies behind is told where counting stands.
    const { position } = owned;
    if (first && position !== undefined && this.parts.log.distance(position, first.position) < 0) return position;
    const batches = cut(records, this.parts.maxBatch ?? MAX_BATCH);
    for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
      const went = await this.count(partition, owned, batch);
      if (went.outcome === 'conflict') return this.claim(partition);
      if (went.outcome === 'apart') batches.unshift(...went.batches);
    }
    return owned.position ?? this.parts.log.start;
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
      arrivedAtMs: undefined,
      writes: new Writes(),
      tallies: { missing },
      deadLetters: [],
    });
    if (outcome === 'fenced') throw new PartitionLost(`${partitionName(partition)} belongs to another consumer now`);
    if (outcome === 'conflict') return this.claim(partition);
    owned.position = to;
    return to;
  }

  private async count(partition: PartitionId, owned: Owned, records: readonly LogRecord[]): Promise<Went> {
    if (this.owned.get(partitionName(partition)) !== owned)
      throw new PartitionLost(`${partitionName(partition)} was claimed anew`);
    const last = records.at(-1);
    if (last === undefined) return { outcome: 'counted' };
    // While a group is shared anew, two turns may count the same: what is folded from here on is true of this position alone.
    const expected = owned.position;
    const full = this.parts.headroom?.full();
    if (full !== undefined) throw new StoreFull(`${full}; counting pauses`);
    const { events, rejected, alone } = this.decode(partition, records);
    if (alone !== undefined && records.length > 1) return { outcome: 'apart', batches: apart(records, alone) };
    const { muted = false } = this.parts;
    if (rejected.length > 0 && !muted) await this.parts.log.deadLetter(rejected);
    const { writes, lanes, tallies, remember } = await this.folding.fold(partition, events, owned.lanes);
    const erased = events[0]?.event.kind === 'erase' ? events[0].event.userId : undefined;
    // Before the commit, so that it is done again should this process die in between.
    if (erased !== undefined && !muted) await Promise.all([this.parts.log.forget(erased), this.parts.forget?.(erased)]);
    if (muted) writes.queued.clear();
    const { outcome } = await this.parts.store.commit({
      partition,
      epoch: owned.epoch,
      expected,
      target: last.next,
      arrivedAtMs: last.arrivedAtMs,
      writes,
      tallies: rejected.length > 0 ? { ...tallies, rejected: rejected.length } : tallies,
      deadLetters: rejected.map((letter) => this.show(letter)),
      erased,
    });
    if (outcome === 'fenced') throw new PartitionLost(`${partitionName(partition)} belongs to another consumer now`);
    if (outcome === 'outbox-full') {
      this.parts.outbox?.kick(partition);
      throw new OutboxFull(partitionName(partition));
    }
    if (outcome === 'conflict') return { outcome };
    // Claimed anew meanwhile, somebody else may have counted in between.
    if (outcome === 'applied' && this.owned.get(partitionName(partition)) === owned) remember?.();
    if (writes.queued.size > 0) this.parts.outbox?.kick(partition);
    owned.position = last.next;
    owned.lanes = lanes;
    return { outcome: 'counted' };
  }

  private decode(
    partition: PartitionId,
    records: readonly LogRecord[],
  ): { events: BatchEvent[]; rejected: DeadLetter[]; alone?: number } {
    const events: BatchEvent[] = [];
    const rejected: DeadLetter[] = [];
    const { settings, log } = this.parts;
    for (const record of records) {
      const decoded = decodeRecord(record, partition, settings.storeCurrency, log.describe(record.position));
      if (decoded.outcome === 'rejected') {
        rejected.push({ partition, record, reason: decoded.reason });
        continue;
      }
      const event = toBatchEvent(record, decoded.event);
      if (standsAlone(event)) return { events: [...events, event], rejected, alone: events.length + rejected.length };
      events.push(event);
    }
    return { events, rejected };
  }

  private show({ partition, record, reason }: DeadLetter): string {
    const message =
      record.value === null ? null : Buffer.from(record.value.subarray(0, SHOWN_MESSAGE_BYTES)).toString('utf8');
    const at = new Date(record.arrivedAtMs).toISOString();
    return JSON.stringify({
      at,
      topic: partition.topic,
      partition: partition.index,
      position: this.parts.log.describe(record.position),
      reason,
      message,
    });
  }

  /** While nothing arrives, lane time runs on at the speed of real time: a tick in the log says so where a cart falls due. */
  private async appendDue(partition: PartitionId, owned: Owned): Promise<void> {
    const { store, log, now } = this.parts;
    const nowMs = now();
    for (const [lane, time] of owned.lanes) {
      if (lane !== LIVE && nowMs - time.arrivedAtMs > IMPORT_PATIENCE_MS)
        await log.append([closeRecord(partition, lane)]);
    }
    const live = owned.lanes.get(LIVE);
    const dueMs = live && (await store.nextDue(partition, LIVE));
    if (live === undefined || dueMs === undefined) return;
    const laneMs = live.timeMs + (nowMs - live.arrivedAtMs);
    const waiting = owned.tick?.dueMs === dueMs && nowMs - owned.tick.appendedAtMs < TICK_PATIENCE_MS;
    if (laneMs <= dueMs || waiting) return;
    owned.tick = { dueMs, appendedAtMs: nowMs };
    await log.append([tickRecord(partition, laneMs)]);
  }
}
