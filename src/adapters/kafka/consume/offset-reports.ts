import type { Consumer } from 'kafkajs';
import type { PartitionId } from '../../../events/partition.ts';
import type { Position } from '../../../ingestion/ports/event-log.ts';
import type { Logger } from '../../../runtime/logger.ts';

interface Counted {
  readonly partition: PartitionId;
  readonly position: Position;
  unreported: boolean;
}

/** Tells Kafka how far partitions are counted, so that lag can be seen from outside; nothing else depends on it. */
export async function reportOffsets(
  consumer: Pick<Consumer, 'commitOffsets'>,
  topics: Readonly<Record<PartitionId['topic'], string>>,
  counted: readonly Counted[],
  logger: Logger,
): Promise<void> {
  const changed = counted.filter(({ unreported }) => unreported);
  if (changed.length === 0) return;
  const offsets = changed.map(({ partition, position }) => ({
    topic: topics[partition.topic],
    partition: partition.index,
    offset: position,
  }));
  for (const one of changed) one.unreported = false;
  await consumer.commitOffsets(offsets).catch((error: unknown) => {
    // The next report carries it again.
    for (const one of changed) one.unreported = true;
    logger.debug({ error: String(error) }, 'offsets could not be reported to Kafka');
  });
}
