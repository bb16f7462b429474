import { type PartitionId, partitionName } from '../events/partition.ts';
import type { FoldContext, FoldedBatch } from '../fold/batch.ts';
import { fold } from '../fold/fold.ts';
import type { FoldSettings } from '../fold/settings.ts';
import type { LaneTime } from '../fold/state/snapshot.ts';
import type { Definition } from '../metrics/definition.ts';
import { Writes } from '../metrics/writes.ts';
import type { Calendar } from '../time/calendar.ts';
import { decodeBatch, showDeadLetter } from './decode.ts';
import { OutboxFull, PartitionLost } from './interruptions.ts';
import { Loader } from './load.ts';
import type { OutboxPublisher } from './outbox-publisher.ts';
import type { EventLog, LogRecord, Position, RecordBatch } from './ports/event-log.ts';
import { type Headroom, StoreFull } from './ports/headroom.ts';
import type { StateStore } from './ports/state-store.ts';
import { isolate, splitBefore } from './split-batches.ts';
import { asideUnit, dueBeyond, dueUnit, type Unit, unitOf } from './unit.ts';

export interface PipelineParts {
  readonly store: StateStore;
  readonly log: EventLog;
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
}

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
  /** So many carts fell due before its first event that they took a unit of their own; the batch is still to be counted. */
  | ({ readonly outcome: 'again' } & Omit<Standing, 'epoch'>)
  /** The store stands elsewhere; nothing was written. */
  | { readonly outcome: 'conflict' }
  /** A record in it must run alone, or carts fall due within it: the batch is to be counted in these parts. */
  | { readonly outcome: 'split'; readonly batches: readonly RecordBatch[] };

/** One batch of a partition, from the log's bytes to the answers: decode → load → fold → commit → publish. */
export class Pipeline {
  private readonly parts: PipelineParts;
  private readonly loader: Loader;
  private readonly context: Omit<FoldContext, 'partition'>;

  constructor(parts: PipelineParts) {
    const { store, log, settings, calendar, definitions } = parts;
    const folds = definitions.flatMap((definition) => definition.fold ?? []);
    this.parts = parts;
    this.loader = new Loader(store, settings);
    this.context = {
      partitions: log.partitions.filter(({ topic }) => topic === 'events').length,
      settings,
      calendar,
      foldFact: (fact, writes) => {
        for (const foldInto of folds) foldInto(fact, writes);
      },
    };
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
    const decoded = decodeBatch(partition, records, this.parts.settings.storeCurrency, this.parts.log);
    if (decoded.alone !== undefined && records.length > 1)
      return { outcome: 'split', batches: isolate(records, decoded.alone) };
    const { loaded, keep } = await this.loader.load(partition, decoded.events, lanes);
    const due = dueBeyond(loaded);
    if (due !== undefined && due.event > 0)
      return { outcome: 'split', batches: splitBefore(records, decoded.places[due.event] ?? 0) };
    const unit = due === undefined ? unitOf(records, decoded, loaded) : dueUnit(standing, records, due.loaded);
    const folded = fold(unit.loaded, lanes, { ...this.context, partition });
    await this.publishFirst(unit);
    const outcome = await this.commit(partition, standing, unit, folded);
    if (outcome === 'conflict') return { outcome };
    // Claimed anew meanwhile, somebody else may have counted in between.
    if (outcome === 'applied' && isOwner()) {
      folded.commitCache?.();
      keep();
    }
    if (folded.writes.queued.size > 0) this.parts.outbox?.kick(partition);
    const { target, step } = unit;
    return { outcome: step > 0 ? 'again' : 'counted', position: target, step, lanes: folded.lanes };
  }

  /** Counts a record that nothing else can be done with as rejected. @throws PartitionLost, OutboxFull */
  async setAside(partition: PartitionId, owned: Standing, record: LogRecord, reason: string): Promise<BatchOutcome> {
    const standing = { ...owned };
    const unit = asideUnit(partition, record, reason);
    await this.publishFirst(unit);
    const nothing = { writes: new Writes(), lanes: new Map(standing.lanes), tallies: {} };
    const outcome = await this.commit(partition, standing, unit, nothing);
    this.invalidate(partition);
    if (outcome === 'conflict') return { outcome };
    return { outcome: 'counted', position: unit.target, step: 0, lanes: standing.lanes };
  }

  /** What the owner knows of the partition's state may not be true any more. */
  invalidate(partition: PartitionId): void {
    this.loader.invalidate(partition);
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
    { target, step: targetStep, arrivedAtMs, rejected, loaded }: Unit,
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
