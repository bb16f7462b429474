import type { PartitionId } from '../../events/partition.ts';

/** Messages that a commit left behind to be published. */
export interface OutboxStore {
  /**
   * The first ones of a partition, in order, and about as many bytes of them at the most; none only where none may go.
   * @param upTo the turn of the last that may be among them; all where absent
   */
  waiting(
    partition: PartitionId,
    most: { readonly messages: number; readonly bytes: number },
    upTo?: number,
  ): Promise<string[]>;
  size(partition: PartitionId): Promise<number>;
  /** Takes off what was acknowledged; what is gone already does not matter. */
  remove(partition: PartitionId, texts: readonly string[]): Promise<void>;
}

/** Messages that turned out to be wrong while they waited, by `retractionId`. */
export interface RetractedMessages {
  of(partition: PartitionId): Promise<ReadonlySet<string>>;
  remove(partition: PartitionId, ids: readonly string[]): Promise<void>;
}
