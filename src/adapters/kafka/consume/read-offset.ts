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
  /** Where reading was sent back from, so that a gap in the offsets is told from reading at the wrong place. */
  sentBack?: string;
}

/**
 * Offsets have gaps, so what was read may begin behind the position; but where the log still holds a record
 * at the position, reading began at the wrong place and is sent back.
 * @param read offset of the first record that was read
 * @param reaches whether what was read reaches the position
 * @returns where to read instead, or undefined where what was read is right
 */
export async function readInstead(
  parts: ReadOffsetParts,
  place: ReadOffset,
  read: string | undefined,
  reaches: boolean,
): Promise<Position | undefined> {
  const { partition, position } = place;
  if (read === undefined || BigInt(read) <= BigInt(position)) return reaches ? undefined : position;
  place.position = await behindGone(parts, partition, position);
  if (place.position !== position) return place.position;
  const back = `${position} ${read}`;
  if (place.sentBack === back) return undefined;
  place.sentBack = back;
  return position;
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
