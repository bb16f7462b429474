import { type PartitionId, partitionName } from '../events/partition.ts';
import type { FoldedBatch } from '../fold/batch.ts';
import type { Columns } from '../fold/columns/columns.ts';
import { type FoldContext, fold } from '../fold/fold.ts';
import type { FoldSettings } from '../fold/settings.ts';
import type { Memory } from '../fold/state/memory.ts';
import type { LaneTime } from '../fold/state/snapshot.ts';
import type { Definition } from '../metrics/definition.ts';
import { DimensionReader } from '../metrics/dimension.ts';
import type { DictionarySettings } from '../metrics/sums/dictionaries.ts';
import { Writes } from '../metrics/writes.ts';
import type { Calendar } from '../time/calendar.ts';
import { type Decoding, decodeBatch, decodeHeld, showDeadLetter } from './decode.ts';
import { OutboxFull, PartitionLost } from './interruptions.ts';
import { Loader, type ReadHeld } from './load.ts';
import type { OutboxPublisher } from './outbox/outbox-publisher.ts';
import type { EventLog, LogRecord, Position, RecordBatch } from './ports/event-log.ts';
import { type Headroom, StoreFull } from './ports/headroom.ts';
import type { StateStore } from './ports/state-store.ts';
import { type Stage, type Timings, UNTIMED } from './ports/timings.ts';
import type { UnitArchive, UnitRows } from './ports/unit-archive.ts';
import { EventScanner } from './scan/event-scanner.ts';
import { isolate, splitBefore } from './split-batches.ts';
import { asideUnit, dueBeyond, isPart, isTakingBack, isTooMuch, stepUnit, type Unit, unitOf } from './unit.ts';

export interface PipelineParts extends DictionarySettings {
  readonly store: StateStore;
  readonly log: CountedLog;
  readonly settings: FoldSettings;
  readonly calendar: Calendar;
  readonly definitions: readonly Definition[];
  /** Publishes what commits leave behind; without one it waits. */
  readonly outbox?: Pick<OutboxPublisher, 'kick'>;
  /** Takes a user out of everything that is not this partition's state. */
  readonly eraseUser?: (userId: string) => Promise<void>;
  /** Says nothing outside the store: for folding anew what has been said already. */
  readonly muted?: boolean;
  /** Counting pauses while the store has none. */
  readonly headroom?: Headroom;
  /** Keeps every event as it was counted; without one only the answers stay. */
  readonly archive?: UnitArchive | undefined;
  /** What a record says where that is known without reading it. */
  readonly known?: Decoding['known'];
  /** Lanes whose records are passed over: imports that were taken back, where it is all counted anew. */
  readonly leftOut?: ReadonlySet<string> | undefined;
  /** Told how long each stage took. */
  readonly timings?: Timings;
}

/** What counting needs of the log beside the records that it is handed. */
export type CountedLog = Pick<
  EventLog,
  'partitions' | 'append' | 'deadLetter' | 'eraseUser' | 'distance' | 'describe' | 'start'
>;

/** Where an owner stands in its partition. */
export interface Standing {
  readonly epoch: number;
  readonly position: Position | undefined;
  /** Units that were committed at the position without a record counted. */
  readonly step: number;
  readonly lanes: ReadonlyMap<string, LaneTime>;
}

export type BatchOutcome =
  | ({ readonly outcome: 'counted' } & Omit<Standing, 'epoch'>)
  /** So many carts fell due before its first event, or so much lies in a lane that it closes, that it took a unit of its own. */
  | ({ readonly outcome: 'again' } & Omit<Standing, 'epoch'>)
  /** The store stands elsewhere; nothing was written. */
  | { readonly outcome: 'conflict' }
  /** A record in it must run alone, carts fall due within it, or it needs too much at once: the batch is to be counted in these parts. */
  | { readonly outcome: 'split'; readonly batches: readonly RecordBatch[] };

/** One batch of a partition, from the log's bytes to the answers: decode → load → fold → commit → publish. */
export class Pipeline {
  private readonly parts: PipelineParts;
  private readonly loader: Loader;
  private readonly dimensions: DimensionReader;
  /** A scanner remembers which names and currencies are good, for as long as their numbers mean the same. */
  private readonly scanners = new WeakMap<Columns, EventScanner>();

  constructor(parts: PipelineParts) {
    this.parts = parts;
    this.loader = new Loader(parts);
    this.dimensions = new DimensionReader(parts.settings.dimensions);
  }

  /**
   * @param isOwner whether the partition is still held as it was when the batch began
   * @throws PartitionLost, OutboxFull, StoreFull
   */
  async run(
    partition: PartitionId,
    owned: Standing,
    records: RecordBatch,
    isOwner: () => boolean,
  ): Promise<BatchOutcome> {
    // While a group is shared anew, two turns may count the same: what is folded from here on is true of this position alone.
    const standing = { ...owned };
    const { lanes } = standing;
    this.requireRoom();
    await this.resolveDoubt(partition);
    const memory = this.loader.take(partition);
    const decoding = this.decodingInto(memory, partition);
    const decoded = this.timed('decode', () => decodeBatch(records, decoding));
    const inParts = (batches: RecordBatch[]): BatchOutcome => {
      this.loader.keep(partition, memory);
      return { outcome: 'split', batches };
    };
    if (decoded.until !== undefined) return inParts(splitBefore(records, decoded.until));
    if (decoded.alone !== undefined && records.length > 1) return inParts(isolate(records, decoded.alone));
    const readHeld: ReadHeld = (held) => decodeHeld(held, decoding);
    const loaded = await this.waitedFor('load', this.loader.load(partition, memory, lanes, readHeld));
    if (isTooMuch(loaded)) return inParts(splitBefore(records, Math.floor(records.length / 2)));
    const due = dueBeyond(loaded, memory.columns);
    if (due !== undefined && due.row > 0) return inParts(splitBefore(records, memory.columns.place.at(due.row)));
    const step = due?.loaded ?? (isPart(loaded) ? loaded : undefined);
    const unit = step === undefined ? unitOf(records, decoded, loaded) : stepUnit(standing, records, step);
    const rows = this.rowsOf(partition, unit, memory, records);
    const folded = this.timed('fold', () => fold(unit.loaded, lanes, this.contextOf(partition, memory, rows)));
    await rows?.keep();
    await this.waitedFor('publish', this.publishFirst(unit));
    const outcome = await this.waitedFor('commit', this.commit(partition, standing, unit, folded));
    if (outcome === 'conflict') return { outcome };
    rows?.commit();
    // Claimed anew meanwhile, somebody else may have counted in between.
    if (outcome === 'applied' && isOwner() && folded.isMemoryTrue) {
      memory.sums.clear();
      this.loader.keep(partition, memory);
    }
    if (folded.writes.queued.size > 0) this.parts.outbox?.kick(partition);
    const { target, step: steps } = unit;
    return { outcome: steps > 0 ? 'again' : 'counted', position: target, step: steps, lanes: folded.lanes };
  }

  /** Counts a record that nothing else can be done with as rejected. @throws PartitionLost, OutboxFull */
  async setAside(partition: PartitionId, owned: Standing, record: LogRecord, reason: string): Promise<BatchOutcome> {
    const standing = { ...owned };
    await this.resolveDoubt(partition);
    const unit = asideUnit(partition, record, reason);
    await this.publishFirst(unit);
    const nothing = { writes: new Writes(), lanes: new Map(standing.lanes), tallies: {}, isMemoryTrue: false };
    const outcome = await this.commit(partition, standing, unit, nothing);
    this.invalidate(partition);
    if (outcome === 'conflict') return { outcome };
    return { outcome: 'counted', position: unit.target, step: 0, lanes: standing.lanes };
  }

  /** What the owner knows of the partition's state may not be true any more. */
  invalidate(partition: PartitionId): void {
    this.loader.invalidate(partition);
  }

  /** The store stands here, says whoever claimed the partition. */
  async standsAt(partition: PartitionId, position: Position | undefined): Promise<void> {
    const { archive, log } = this.parts;
    await archive?.standsAt(partition, position === undefined ? 0 : log.distance(log.start, position));
  }

  /** A commit that failed may have been applied all the same: the archive has to know before it goes on. */
  private async resolveDoubt(partition: PartitionId): Promise<void> {
    const { archive, store } = this.parts;
    if (archive?.isInDoubt(partition)) await this.standsAt(partition, (await store.standing(partition)).position);
  }

  private rowsOf(partition: PartitionId, unit: Unit, { columns }: Memory, records: RecordBatch): UnitRows | undefined {
    const { archive, log } = this.parts;
    const { loaded } = unit;
    // Parts of what a record asks for are no record; what takes an import back has no rows but its closing.
    if (archive === undefined || unit.step > 0 || isTakingBack(loaded)) return undefined;
    const rows = archive.open(partition, columns, {
      placeOf: (record) => log.distance(log.start, records.positionOf(record)),
      valueOf: (record) => records.record(record).value,
    });
    if (loaded.kind === 'erase') rows.erase(loaded.userId);
    if (loaded.kind === 'close') rows.control(0);
    return rows;
  }

  /** Written out: an object that is spread has another shape each time, and folding would be compiled anew with every unit. */
  private contextOf(partition: PartitionId, memory: Memory, counted: UnitRows | undefined): FoldContext {
    const { log, settings, calendar } = this.parts;
    const partitions = log.partitions.filter(({ topic }) => topic === 'events').length;
    return { partition, partitions, settings, calendar, memory, counted };
  }

  private decodingInto({ columns }: Memory, partition: PartitionId): Decoding {
    const { settings, log, known, leftOut } = this.parts;
    const { storeCurrency } = settings;
    const { dimensions } = this;
    const scanner = this.scanners.get(columns) ?? new EventScanner(columns, storeCurrency, dimensions);
    this.scanners.set(columns, scanner);
    return { partition, storeCurrency, dimensions, log, columns, scanner, known, leftOut };
  }

  private timed<T>(stage: Stage, work: () => T): T {
    const began = performance.now();
    const result = work();
    (this.parts.timings ?? UNTIMED).observe(stage, performance.now() - began);
    return result;
  }

  private async waitedFor<T>(stage: Stage, work: Promise<T>): Promise<T> {
    const began = performance.now();
    const result = await work;
    (this.parts.timings ?? UNTIMED).observe(stage, performance.now() - began);
    return result;
  }

  private requireRoom(): void {
    const full = this.parts.headroom?.full();
    if (full !== undefined) throw new StoreFull(`${full}; counting pauses`);
  }

  /** What must be outside before the commit, so that it is done again should this process die in between. */
  private async publishFirst({ rejected, loaded }: Unit): Promise<void> {
    const { log, eraseUser, muted = false } = this.parts;
    if (muted) return;
    if (rejected.length > 0) await log.deadLetter(rejected);
    if (loaded.kind === 'erase') await Promise.all([log.eraseUser(loaded.userId), eraseUser?.(loaded.userId)]);
  }

  private async commit(
    partition: PartitionId,
    { epoch, position, step }: Standing,
    { target, step: targetStep, arrivedAtMs, asOfMs, rejected, loaded }: Unit,
    { writes, tallies }: FoldedBatch,
  ): Promise<'applied' | 'already-applied' | 'conflict'> {
    const { store, log, outbox, muted = false } = this.parts;
    if (muted) writes.queued.clear();
    const { outcome } = await store.commit({
      partition,
      epoch,
      expected: position,
      target,
      expectedStep: step,
      targetStep,
      arrivedAtMs,
      asOfMs,
      writes,
      tallies: rejected.length > 0 ? { ...tallies, rejected: rejected.length } : tallies,
      deadLetters: rejected.map((letter) => showDeadLetter(letter, log)),
      erased: loaded.kind === 'erase' ? loaded.userId : undefined,
    });
    if (outcome === 'fenced') throw new PartitionLost(`${partitionName(partition)} belongs to another consumer now`);
    if (outcome !== 'outbox-full') return outcome;
    outbox?.kick(partition);
    throw new OutboxFull(partitionName(partition));
  }
}
