import type { Analytic } from '../analytics/analytic.ts';
import type { Fact } from '../analytics/facts.ts';
import { foldShared } from '../analytics/shared.ts';
import type { Calendar } from '../analytics/windows.ts';
import type { Writes } from '../analytics/writes.ts';
import { type BatchEvent, type FoldContext, type FoldedBatch, foldBatch, LIVE, needsOf } from './batch.ts';
import { closeLane, liveNeedsAtClose } from './close-lane.ts';
import { eraseUser, lanesOf } from './erase-user.ts';
import { LaneMemory, type PartitionMemory } from './lane-memory.ts';
import type { Recall } from './lane-state.ts';
import { type LaneTime, type PartitionId, partitionName, type StateStore } from './ports.ts';
import type { FoldSettings } from './settings.ts';

export interface FoldingParts {
  readonly store: StateStore;
  readonly settings: FoldSettings;
  readonly calendar: Calendar;
  readonly analytics: readonly Analytic[];
  readonly partitions: number;
}

/** Reads what a batch needs and folds it; a closing and an erasure need all that a lane or a user has, so they stand alone. */
export class Folding {
  private readonly parts: FoldingParts;
  private readonly memories = new Map<string, PartitionMemory>();
  private readonly folds: readonly ((fact: Fact, writes: Writes) => void)[];

  constructor(parts: FoldingParts) {
    this.parts = parts;
    this.folds = [foldShared, ...parts.analytics.flatMap(({ fold }) => fold ?? [])];
  }

  async fold(
    partition: PartitionId,
    events: readonly BatchEvent[],
    times: ReadonlyMap<string, LaneTime>,
  ): Promise<FoldedBatch> {
    const context = this.contextOf(partition);
    const [first] = events;
    if (first?.event.kind === 'close' || first?.event.kind === 'erase') this.forget(partition);
    if (first?.event.kind === 'close' && first.lane !== LIVE)
      return this.close(first.lane, first.arrivedAtMs, times, context);
    if (first?.event.kind === 'erase') return this.erase(first.event.userId, times, context);
    const memory = this.take(partition);
    const recalls = new Map<string, Recall>();
    const needs = needsOf(events, times, memory).map((needed) => {
      const known = memory.get(needed.lane) ?? new LaneMemory();
      memory.set(needed.lane, known);
      recalls.set(needed.lane, { memory: known, fields: needed });
      return { ...needed, ...known.unknown(needed) };
    });
    const snapshots = await this.parts.store.read(partition, needs);
    const byLane = new Map(
      needs.flatMap(({ lane }, i) => (snapshots[i] === undefined ? [] : [[lane, snapshots[i]] as const])),
    );
    const folded = foldBatch(events, times, byLane, context, recalls);
    const remember = (): void => {
      folded.remember?.();
      this.memories.set(partitionName(partition), memory);
    };
    return { ...folded, remember };
  }

  /** Whoever takes a memory folds into it: it is put back only when what came of that is stored. */
  private take(partition: PartitionId): PartitionMemory {
    const name = partitionName(partition);
    const memory = this.memories.get(name) ?? new Map();
    this.memories.delete(name);
    return memory;
  }

  /** Somebody else may have counted meanwhile. */
  forget(partition: PartitionId): void {
    this.memories.delete(partitionName(partition));
  }

  private contextOf(partition: PartitionId): FoldContext {
    const { settings, calendar, partitions } = this.parts;
    const foldFact = (fact: Fact, writes: Writes): void => {
      for (const fold of this.folds) fold(fact, writes);
    };
    return { partition, partitions, settings, calendar, foldFact };
  }

  private async close(
    lane: string,
    arrivedAtMs: number,
    times: ReadonlyMap<string, LaneTime>,
    context: FoldContext,
  ): Promise<FoldedBatch> {
    const { store } = this.parts;
    const closing = await store.readWhole(context.partition, lane, times.get(lane)?.timeMs ?? 0);
    const [live] = await store.read(context.partition, [
      liveNeedsAtClose(closing, times.get(LIVE), arrivedAtMs, context.settings),
    ]);
    if (live === undefined) throw new Error('the store answered for no lane');
    return closeLane(lane, closing, live, arrivedAtMs, times, context);
  }

  private async erase(
    userId: string,
    times: ReadonlyMap<string, LaneTime>,
    context: FoldContext,
  ): Promise<FoldedBatch> {
    const snapshots = await Promise.all(
      lanesOf(times).map(
        async (lane) =>
          [
            lane,
            await this.parts.store.readUser(context.partition, lane, times.get(lane)?.timeMs ?? 0, userId),
          ] as const,
      ),
    );
    const listed = await this.parts.store.readListed(context.partition, userId);
    return eraseUser(userId, new Map(snapshots), listed, times, context);
  }
}
