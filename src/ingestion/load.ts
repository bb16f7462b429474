import { type PartitionId, partitionName } from '../events/partition.ts';
import { type BatchEvent, needsOf } from '../fold/batch.ts';
import { liveNeedsAtClose } from '../fold/close.ts';
import { lanesOf } from '../fold/erase.ts';
import type { Loaded } from '../fold/fold.ts';
import { type FoldSettings, LIVE } from '../fold/settings.ts';
import { LaneCache, type PartitionCache } from '../fold/state/lane-cache.ts';
import type { CachedLane } from '../fold/state/lane-state.ts';
import type { LaneTime } from '../fold/state/snapshot.ts';
import type { StateStore } from './ports/state-store.ts';

/** Reads what a batch needs to know and its owner does not: one round trip for each lane. */
export class Loader {
  private readonly store: StateStore;
  private readonly settings: FoldSettings;
  private readonly caches = new Map<string, PartitionCache>();

  constructor(store: StateStore, settings: FoldSettings) {
    this.store = store;
    this.settings = settings;
  }

  /**
   * @param events a closing or an erasure stands alone: it needs all that a lane or a user has
   * @returns what to fold, and `keep`, to be called when what came of it is stored: only then what was read is known to be true
   */
  async load(
    partition: PartitionId,
    events: readonly BatchEvent[],
    times: ReadonlyMap<string, LaneTime>,
  ): Promise<{ readonly loaded: Loaded; readonly keep: () => void }> {
    const [first] = events;
    if (first?.event.kind === 'erase')
      return this.uncached(partition, await this.erasure(partition, first.event.userId, times));
    if (first?.event.kind === 'close' && first.lane !== LIVE)
      return this.uncached(partition, await this.closing(partition, first.lane, first.arrivedAtMs, times));
    const cache = this.takeCache(partition);
    const cached = new Map<string, CachedLane>();
    const needs = needsOf(events, times, cache).map((needed) => {
      const lane = cache.get(needed.lane) ?? new LaneCache();
      cache.set(needed.lane, lane);
      cached.set(needed.lane, { cache: lane, fields: needed });
      return { ...needed, ...lane.unknown(needed) };
    });
    const read = await this.store.read(partition, needs);
    const snapshots = new Map(
      needs.flatMap(({ lane }, i) => (read[i] === undefined ? [] : [[lane, read[i]] as const])),
    );
    const keep = (): void => {
      this.caches.set(partitionName(partition), cache);
    };
    return { loaded: { kind: 'events', events, snapshots, cached }, keep };
  }

  /** Somebody else may have counted meanwhile. */
  invalidate(partition: PartitionId): void {
    this.caches.delete(partitionName(partition));
  }

  /** Whoever takes a cache folds into it: it is put back only when what came of that is stored. */
  private takeCache(partition: PartitionId): PartitionCache {
    const cache = this.caches.get(partitionName(partition)) ?? new Map();
    this.invalidate(partition);
    return cache;
  }

  private uncached(partition: PartitionId, loaded: Loaded): { loaded: Loaded; keep: () => void } {
    this.invalidate(partition);
    return { loaded, keep: () => undefined };
  }

  private async closing(
    partition: PartitionId,
    lane: string,
    arrivedAtMs: number,
    times: ReadonlyMap<string, LaneTime>,
  ): Promise<Loaded> {
    const closing = await this.store.readWhole(partition, lane, times.get(lane)?.timeMs ?? 0);
    const needs = liveNeedsAtClose(closing, times.get(LIVE), arrivedAtMs, this.settings);
    const [live] = await this.store.read(partition, [needs]);
    if (live === undefined) throw new Error('the store answered for no lane');
    return { kind: 'close', lane, arrivedAtMs, closing, live };
  }

  private async erasure(partition: PartitionId, userId: string, times: ReadonlyMap<string, LaneTime>): Promise<Loaded> {
    const ofUser = async (lane: string) =>
      [lane, await this.store.readUser(partition, lane, times.get(lane)?.timeMs ?? 0, userId)] as const;
    const snapshots = new Map(await Promise.all(lanesOf(times).map(ofUser)));
    return { kind: 'erase', userId, snapshots, listed: await this.store.readListed(partition, userId) };
  }
}
