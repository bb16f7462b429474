import type { FoldContext, FoldedBatch, LoadedLane } from './batch.ts';
import { foldBatch } from './batch.ts';
import { closeLane } from './close.ts';
import { abandonDue } from './due.ts';
import { eraseUser } from './erase.ts';
import type { LanePart, LaneSnapshot, LaneTime, MoreDue } from './state/snapshot.ts';

/** What folding needs to know, by what there is to fold. */
export type Loaded =
  | {
      /** Those in the memory's columns. */
      readonly kind: 'events';
      readonly lanes: readonly LoadedLane[];
    }
  | {
      readonly kind: 'due';
      readonly lane: LoadedLane;
      readonly due: MoreDue;
    }
  | {
      readonly kind: 'close';
      readonly lane: string;
      readonly arrivedAtMs: number;
      readonly closing: LanePart;
      readonly live: LoadedLane;
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
      return foldBatch(loaded.lanes, times, context);
    case 'due':
      return abandonDue(loaded.lane, loaded.due, times, context);
    case 'close':
      return closeLane(loaded.lane, loaded.closing, loaded.live.snapshot, loaded.arrivedAtMs, times, context);
    case 'erase':
      return eraseUser(loaded.userId, loaded.snapshots, loaded.listed, times, context);
  }
}
