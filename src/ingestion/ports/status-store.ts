import { z } from 'zod';
import type { PartitionId } from '../../events/partition.ts';
import type { Position } from './event-log.ts';

export interface PartitionStatus {
  readonly partition: PartitionId;
  readonly position: Position | undefined;
  /** Arrival of the newest committed record. */
  readonly arrivedAtMs: number | undefined;
  readonly tallies: ReadonlyMap<string, number>;
  /** Messages about carts: how many ever said abandoned, and recovered, how many wait to be published, and which is the first that says abandoned. */
  readonly queued: number;
  readonly recoveries: number;
  readonly waiting: number;
  readonly firstAbandoned: number | undefined;
  /** Records for other partitions: how many there ever were, how many wait to join the log, and which is the first of them. */
  readonly said: number;
  readonly recordsWaiting: number;
  readonly firstRecord: number | undefined;
  /** Do as many messages of one kind wait as may? Then counting pauses. */
  readonly isFull: boolean;
}

/** A dead letter as it is listed: where and when it came, why it does not count, and how it begins. */
export const listedDeadLetter = z.object({
  at: z.string(),
  topic: z.string(),
  partition: z.int(),
  position: z.string(),
  reason: z.string(),
  message: z.string().nullable(),
});
export type ListedDeadLetter = z.infer<typeof listedDeadLetter>;

/** What the store knows of counting; the API asks it. */
export interface StatusStore {
  partitions(partitions: readonly PartitionId[]): Promise<PartitionStatus[]>;
  /** The newest ones, newest first. */
  deadLetters(limit: number): Promise<ListedDeadLetter[]>;
  /** Keys and bytes by family, sampled beforehand. */
  memory(): readonly { readonly family: string; readonly keys: number; readonly bytes: number }[];
  ping(): Promise<void>;
}
