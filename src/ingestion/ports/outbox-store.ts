import type { PartitionId } from '../../events/partition.ts';
/** Messages that a commit left behind to be published. */
export interface OutboxStore {
  /** The first ones of a partition, in order. */
  waiting(partition: PartitionId, limit: number): Promise<string[]>;
  /** Takes off what was acknowledged; what is gone already does not matter. */
  remove(partition: PartitionId, texts: readonly string[]): Promise<void>;
}
