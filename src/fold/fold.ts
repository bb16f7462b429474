import type { BatchEvent, FoldContext, FoldedBatch } from './batch.ts';
import { foldBatch } from './batch.ts';
import { closeLane } from './close.ts';
import { abandonDue } from './due.ts';
import { eraseUser } from './erase.ts';
import type { CachedLane } from './state/lane-state.ts';
import type { LaneSnapshot, LaneTime, MoreDue } from './state/snapshot.ts';

/** What folding needs to know, by what there is to fold. */
export type Loaded =
  | {
      readonly kind: 'events';
      readonly events: readonly BatchEvent[];
      readonly snapshots: ReadonlyMap<string, LaneSnapshot>;
      readonly cached: ReadonlyMap<string, CachedLane>;
    }
  | {
      readonly kind: 'due';
      readonly lane: string;
      readonly snapshot: LaneSnapshot;
      readonly due: MoreDue;
      readonly cached: CachedLane | undefined;
    }
  | {
      readonly kind: 'close';
      readonly lane: string;
      readonly arrivedAtMs: number;
      readonly closing: LaneSnapshot;
      readonly live: LaneSnapshot;
    }
  | {
      readonly kind: 'erase';
      readonly userId: string;
      readonly snapshots: ReadonlyMap<string, LaneSnapshot>;
      /** The user's carts that are listed, by day and field. */
      readonly listed: readonly { readonly day: string; readonly field: string }[];
    };

/** (State, events) → writes. Pure: the same log gives the same, however it is cut into batches. */
export function fold(loaded: Loaded, times: ReadonlyMap<string, LaneTime>, context: FoldContext): FoldedBatch {
  switch (loaded.kind) {
    case 'events':
      return foldBatch(loaded.events, times, loaded.snapshots, context, loaded.cached);
    case 'due':
      return abandonDue(loaded.lane, loaded.snapshot, loaded.due, times, context, loaded.cached);
    case 'close':
      return closeLane(loaded.lane, loaded.closing, loaded.live, loaded.arrivedAtMs, times, context);
    case 'erase':
      return eraseUser(loaded.userId, loaded.snapshots, loaded.listed, times, context);
  }
}
