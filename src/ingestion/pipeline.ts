import { type PartitionId, partitionName } from '../events/partition.ts';
import type { FoldContext, FoldedBatch } from '../fold/batch.ts';
import { fold, type Loaded } from '../fold/fold.ts';
import type { FoldSettings } from '../fold/settings.ts';
import type { LaneTime } from '../fold/state/snapshot.ts';
import type { Definition } from '../metrics/definition.ts';
import type { Calendar } from '../time/calendar.ts';
import { type DecodedBatch, decodeBatch, showDeadLetter } from './decode.ts';
import { OutboxFull, PartitionLost } from './interruptions.ts';
import { Loader } from './load.ts';
import type { OutboxPublisher } from './outbox-publisher.ts';
import type { EventLog, Position } from './ports/event-log.ts';
import { type Headroom, StoreFull } from './ports/headroom.ts';
import type { StateStore } from './ports/state-store.ts';
import { type Batch, isolate } from './split-batches.ts';

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
  readonly lanes: ReadonlyMap<string, LaneTime>;
}

export type BatchOutcome =
  | { readonly outcome: 'counted'; readonly position: Position; readonly lanes: ReadonlyMap<string, LaneTime> }
  /** The store stands elsewhere; nothing was written. */
  | { readonly outcome: 'conflict' }
  /** A record in it must run alone: the batch is to be counted in these parts. */
  | { readonly outcome: 'isolate'; readonly batches: readonly Batch[] };

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
  async run(partition: PartitionId, standing: Standing, records: Batch, isOwner: () => boolean): Promise<BatchOutcome> {
    // While a group is shared anew, two turns may count the same: what is folded from here on is true of this position alone.
    const { position, lanes } = standing;
    this.requireRoom();
    const decoded = decodeBatch(partition, records, this.parts.settings.storeCurrency, this.parts.log);
    if (decoded.alone !== undefined && records.length > 1)
      return { outcome: 'isolate', batches: isolate(records, decoded.alone) };
    const { loaded, keep } = await this.loader.load(partition, decoded.events, lanes);
    const folded = fold(loaded, lanes, { ...this.context, partition });
    await this.publishFirst(decoded, loaded);
    const outcome = await this.commit(partition, { ...standing, position }, records, decoded, folded, loaded);
    if (outcome === 'conflict') return { outcome };
    // Claimed anew meanwhile, somebody else may have counted in between.
    if (outcome === 'applied' && isOwner()) {
      folded.commitCache?.();
      keep();
    }
    if (folded.writes.queued.size > 0) this.parts.outbox?.kick(partition);
    return { outcome: 'counted', position: targetOf(records), lanes: folded.lanes };
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
  private async publishFirst({ rejected }: DecodedBatch, loaded: Loaded): Promise<void> {
    const { log, eraseUser, muted = false } = this.parts;
    if (muted) return;
    if (rejected.length > 0) await log.deadLetter(rejected);
    if (loaded.kind === 'erase') await Promise.all([log.eraseUser(loaded.userId), eraseUser?.(loaded.userId)]);
  }

  private async commit(
    partition: PartitionId,
    { epoch, position }: Standing,
    records: Batch,
    { rejected }: DecodedBatch,
    { writes, tallies }: FoldedBatch,
    loaded: Loaded,
  ): Promise<'applied' | 'already-applied' | 'conflict'> {
    const { store, log, outbox, muted = false } = this.parts;
    if (muted) writes.queued.clear();
    const { outcome } = await store.commit({
      partition,
      epoch,
      expected: position,
      target: targetOf(records),
      arrivedAtMs: records.at(-1)?.arrivedAtMs,
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

const targetOf = (records: Batch): Position => (records.at(-1) ?? records[0]).next;
