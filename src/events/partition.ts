/** One partition of one of the log's topics. */
export interface PartitionId {
  readonly topic: 'events' | 'inventory';
  readonly index: number;
}

export const partitionName = ({ topic, index }: PartitionId): string => `${topic}-${index}`;
