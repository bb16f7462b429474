import type { Mutex } from 'async-mutex';
import type { Admin } from 'kafkajs';
import type { PartitionId } from '../../../events/partition.ts';
import type { PartitionHandler, Position } from '../../../ingestion/ports/event-log.ts';
import type { Logger } from '../../../runtime/logger.ts';
import type { GroupClients } from './group-member.ts';
import type { Counted } from './offset-reports.ts';
import type { ReadOffset } from './read-offset.ts';

/** What a consumption works with. */
export interface KafkaConsumptionParts {
  readonly kafka: GroupClients;
  readonly admin: Pick<Admin, 'fetchTopicOffsets'>;
  readonly topics: { readonly events: string; readonly inventory: string };
  readonly group: string;
  readonly partitions: readonly PartitionId[];
  readonly handler: PartitionHandler;
  readonly logger: Logger;
}

/** A partition that this member reads. */
export interface Assigned extends ReadOffset, Counted {
  readonly partition: PartitionId;
  position: Position;
  /** The handler's calls for the partition, one after the other. */
  readonly calls: Mutex;
  busyAtMs: number;
}
