import type { Admin } from 'kafkajs';
import { type PartitionHandler, type PartitionId, type Position, partitionName } from '../../ingestion/ports.ts';
import type { Logger } from '../../log.ts';

export interface BehindGoneParts {
  readonly admin: Admin;
  readonly topics: { readonly events: string; readonly inventory: string };
  readonly handler: PartitionHandler;
  readonly logger: Logger;
}

/** Where the log begins behind the position, what lay before is gone: that is said and kept, and counting goes on. */
export async function behindGone(
  { admin, topics, handler, logger }: BehindGoneParts,
  partition: PartitionId,
  position: Position,
): Promise<Position> {
  const offsets = await admin.fetchTopicOffsets(topics[partition.topic]);
  const low = offsets.find((of) => of.partition === partition.index)?.low ?? '0';
  if (BigInt(low) <= BigInt(position)) return position;
  const missing = Number(BigInt(low) - BigInt(position));
  logger.error(
    { partition: partitionName(partition), missing },
    'the log no longer holds records that were not counted; counting goes on behind them',
  );
  return handler.skip(partition, low as Position, missing);
}
