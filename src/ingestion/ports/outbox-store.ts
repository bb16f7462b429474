import type { PartitionId } from '../../events/partition.ts';
/** Messages that a commit left behind to be published. */
export interface OutboxStore {
  /** The first ones of a partition, in order, and about as many bytes of them at the most; none only where none waits. */
  waiting(partition: PartitionId, most: { readonly messages: number; readonly bytes: number }): Promise<string[]>;
  /** Takes off what was acknowledged; what is gone already does not matter. */
  remove(partition: PartitionId, texts: readonly string[]): Promise<void>;
}
