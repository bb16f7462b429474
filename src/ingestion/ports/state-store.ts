import type { PartitionId } from '../../events/partition.ts';
import type { Histories, LaneNeeds, LanePart, LaneSnapshot, LaneTime } from '../../fold/state/snapshot.ts';
import type { Writes } from '../../metrics/writes.ts';
import type { Position } from './event-log.ts';

/** What the store holds of a partition when it is claimed. */
export interface Claim {
  readonly epoch: number;
  readonly position: Position | undefined;
  /** Units that were committed at the position without a record counted: carts fell due. */
  readonly step: number;
  readonly lanes: ReadonlyMap<string, LaneTime>;
}

export type CommitOutcome =
  | { readonly outcome: 'applied' }
  /** This very commit was applied before; its reply had been lost. */
  | { readonly outcome: 'already-applied' }
  /** The store stands elsewhere: it went back in time, or another owner counted on. */
  | { readonly outcome: 'conflict' }
  /** Another owner has claimed the partition. */
  | { readonly outcome: 'fenced' }
  /** As much waits to be published as may; nothing was written. */
  | { readonly outcome: 'outbox-full' };

export interface Commit {
  readonly partition: PartitionId;
  readonly epoch: number;
  readonly expected: Position | undefined;
  readonly target: Position;
  /** Steps at `expected`, and those that there are then at `target`; 0 where absent. */
  readonly expectedStep?: number;
  readonly targetStep?: number;
  /** Of the newest record; undefined where there is none, so that what was known stays. */
  readonly arrivedAtMs: number | undefined;
  /** Hours that nobody can ask for any more at this moment are not written, only their days. */
  readonly asOfMs?: number | undefined;
  readonly writes: Writes;
  readonly tallies: Readonly<Record<string, number>>;
  readonly deadLetters: readonly string[];
  /** A user of whom nothing is to be left among the dead letters. */
  readonly erased?: string | undefined;
}

/** Where a cart is listed: under the day on which it opened. */
export interface ListedCart {
  readonly day: string;
  readonly field: string;
}

/** Where folding keeps its state beside its answers. */
export interface StateStore {
  claim(partition: PartitionId): Promise<Claim>;
  /** Where counting stands, and whose it is by now. */
  standing(partition: PartitionId): Promise<Pick<Claim, 'epoch' | 'position'>>;
  read(partition: PartitionId, needs: readonly LaneNeeds[]): Promise<LaneSnapshot[]>;
  /** For each day, the dimension values that the partition tells apart on it, as fields. */
  readAdmitted(partition: PartitionId, days: readonly string[]): Promise<string[][]>;
  /** For each day, the members that the partition tells apart on it, as they are stored. */
  readMembers(partition: PartitionId, days: readonly string[]): Promise<Buffer[]>;
  /** What is left in a lane that closes, as much of it as a unit may move. */
  readPart(partition: PartitionId, lane: string, timeMs: number): Promise<LanePart>;
  /** Those of these carts that are listed, as they are stored, by their fields. */
  readCarts(partition: PartitionId, asked: readonly ListedCart[]): Promise<ReadonlyMap<string, string>>;
  /** Carts of the user that are listed, by day and field, for erasing them. */
  readListed(partition: PartitionId, userId: string): Promise<ListedCart[]>;
  /** Everything that a lane keeps of one user, for erasing it. */
  readUser(partition: PartitionId, lane: string, timeMs: number, userId: string): Promise<LaneSnapshot>;
  /** Events of the live lane that wait, by user. */
  readHeld(partition: PartitionId): Promise<ReadonlyMap<string, string>>;
  /** Interactions of guests who sign in. */
  readInteractions(partition: PartitionId, userIds: readonly string[]): Promise<Histories>;
  /** Users of the live lane whose events have waited for too long by that lane time; the first of them. */
  linksDue(partition: PartitionId, laneMs: number, most: number): Promise<string[]>;
  /** The earliest moment at which a cart of the lane falls due. */
  nextDue(partition: PartitionId, lane: string): Promise<number | undefined>;
  commit(commit: Commit): Promise<CommitOutcome>;
}
