import type { RedisClient } from '../../adapters/redis/client/connection.ts';
import { RedisOutbox, RedisRetractedMessages } from '../../adapters/redis/outbox/outbox.ts';
import type { PartitionId } from '../../events/partition.ts';
import { parseOutboxEntry, retractionIdOf } from '../../fold/carts/cart-message.ts';
import { outbox, recordOutbox, recoveredOutbox } from '../../fold/state/state-families.ts';
import type { EventLog } from '../../ingestion/ports/event-log.ts';
import type { Keyspace } from '../../metrics/keyspace.ts';
import { ownerOf, recipientOf } from '../../rebuild/log-move.ts';

/** What waits to be said goes along, but for what turned out to be wrong; where the partitions become others, each to its owner there. */
export async function copyOutboxes(
  redis: RedisClient,
  liveKeys: Keyspace,
  nextKeys: Keyspace,
  { partitions }: EventLog,
  movesTo: number | undefined,
): Promise<void> {
  const retracted = new RedisRetractedMessages(redis, liveKeys);
  for (const [queue, ownerIn] of [
    [recordOutbox, recipientOf],
    [outbox, ownerOf],
    [recoveredOutbox, ownerOf],
  ] as const) {
    const before = new RedisOutbox(redis, liveKeys, queue);
    const after = new RedisOutbox(redis, nextKeys, queue);
    for (const partition of partitions) {
      const wrong = await retracted.of(partition);
      const isWrong = (text: string): boolean =>
        queue !== recordOutbox && wrong.has(retractionIdOf(parseOutboxEntry(text)) ?? '');
      const ownerOfText = (text: string): PartitionId => (movesTo === undefined ? partition : ownerIn(text, movesTo));
      await before.copyTo(after, partition, (text) => (isWrong(text) ? undefined : ownerOfText(text)));
    }
  }
}
