import type { FoldedBatch, LoadedLane } from './batch.ts';
import { foldBatch } from './batch.ts';
import { type ClosingLane, closeLane } from './close.ts';
import { abandonDue } from './due.ts';
import { eraseUser } from './erase.ts';
import type { FoldContext } from './open-lane.ts';
import type { LaneSnapshot, LaneTime, MoreDue } from './state/snapshot.ts';
import { takesBack } from './taken-back/lane-name.ts';

export type { FoldContext } from './open-lane.ts';

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
  | ({ readonly kind: 'close' } & ClosingLane)
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
      return signed(loaded.lanes[0], foldBatch(loaded.lanes, times, context));
    case 'due':
      return signed(loaded.lane, abandonDue(loaded.lane, loaded.due, times, context));
    case 'close':
      return closeLane(loaded, times, context);
    case 'erase':
      return eraseUser(loaded.userId, loaded.snapshots, loaded.listed, times, context);
  }
}

/** Lanes in which imports are taken back have units of their own. */
function signed(lane: LoadedLane | undefined, folded: FoldedBatch): FoldedBatch {
  if (lane === undefined || !takesBack(lane.needs.lane)) return folded;
  folded.writes.takeBack();
  const tallies = Object.fromEntries(Object.entries(folded.tallies).map(([name, n]) => [name, -n]));
  return { ...folded, tallies };
}
