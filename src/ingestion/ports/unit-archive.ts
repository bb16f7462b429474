import type { PartitionId } from '../../events/partition.ts';
import type { Columns } from '../../fold/columns/columns.ts';
import type { CountedEvents } from '../../fold/counted-events.ts';

/** The rows of one unit on their way into the archive. */
export interface UnitRows extends CountedEvents {
  /** The unit is an erasure: what the partition has of the user before it is to be made nobody's. */
  erase(userId: string): void;
  /** Resolves when they would survive a crash: before the unit is committed. */
  keep(): Promise<void>;
  /** The unit is committed. */
  commit(): void;
}

/** The records of a unit, by where they stand in its batch. */
export interface UnitRecords {
  placeOf(record: number): number;
  valueOf(record: number): Uint8Array | null;
}

/** Keeps every event as it was counted, each exactly once. Places are how many records of the partition lie before. */
export interface UnitArchive {
  /** Counting stands here: what was kept of records from here on has not been counted. */
  standsAt(partition: PartitionId, position: number): Promise<void>;
  /** Nobody knows whether the last unit that was kept is committed: `standsAt` has to say. */
  isInDoubt(partition: PartitionId): boolean;
  open(partition: PartitionId, columns: Columns, records: UnitRecords): UnitRows;
}
