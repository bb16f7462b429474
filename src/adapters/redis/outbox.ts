import type { Keyspace } from '../../analytics/keyspace.ts';
import type { OutboxStore } from '../../ingestion/outbox-publisher.ts';
import { type PartitionId, partitionName } from '../../ingestion/ports.ts';
import { outbox } from '../../ingestion/state-families.ts';
import type { RedisClient } from './connection.ts';

/** The queue that commits leave messages in. They are taken off by what they say, so that a stale publisher takes off no other. */
export class RedisOutbox implements OutboxStore {
  private readonly redis: RedisClient;
  private readonly keyspace: Keyspace;

  constructor(redis: RedisClient, keyspace: Keyspace) {
    this.redis = redis;
    this.keyspace = keyspace;
  }

  waiting(partition: PartitionId, limit: number): Promise<string[]> {
    return this.redis.zrange(this.key(partition), '0', String(limit - 1));
  }

  async remove(partition: PartitionId, texts: readonly string[]): Promise<void> {
    await this.redis.zrem(this.key(partition), ...texts);
  }

  private key(partition: PartitionId): string {
    return this.keyspace.key(this.keyspace.shardOf(partition.index), outbox, partitionName(partition));
  }
}
