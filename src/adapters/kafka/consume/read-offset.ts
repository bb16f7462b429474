import type { Admin } from 'kafkajs';
import { type PartitionId, partitionName } from '../../../events/partition.ts';
import type { PartitionHandler, Position } from '../../../ingestion/ports/event-log.ts';
import type { Logger } from '../../../runtime/logger.ts';

interface ReadOffsetParts {
  readonly admin: Pick<Admin, 'fetchTopicOffsets'>;
  readonly topics: { readonly events: string; readonly inventory: string };
  readonly handler: PartitionHandler;
  readonly logger: Logger;
}

/** How far a partition is counted. */
export interface ReadOffset {
  readonly partition: PartitionId;
  position: Position;
}

/**
 * Whether reading began at the position, or before it; offsets have gaps, so the first record may lie behind both.
 * @param from the offset that was asked for
 * @param last the offset up to which that was read
 * @returns where to read instead, or undefined where what was read is right
 */
export async function readInstead(
  parts: ReadOffsetParts,
  place: ReadOffset,
  from: number,
  last: number,
): Promise<Position | undefined> {
  const { partition, position } = place;
  if (from > Number(position)) place.position = await behindGone(parts, partition, position);
  else if (last >= Number(position)) return undefined;
  return place.position;
}

/** Where the log begins behind the position, what lay before is gone: that is said and kept, and counting goes on. */
export async function behindGone(
  { admin, topics, handler, logger }: ReadOffsetParts,
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
