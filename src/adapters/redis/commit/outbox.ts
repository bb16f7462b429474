import { type PartitionId, partitionName } from '../../../events/partition.ts';
import { outbox, partitionState } from '../../../fold/state/state-families.ts';
import type { OutboxStore } from '../../../ingestion/ports/outbox-store.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { RedisClient } from '../client/connection.ts';

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

  /** Lets what waits wait in another generation as well, in its order; done again it adds nothing. */
  async copyTo(other: RedisOutbox, partition: PartitionId, owner: (text: string) => PartitionId): Promise<void> {
    for (const text of await this.redis.zrange(this.key(partition), '0', '-1')) {
      const to = owner(text);
      // What comes later queues up behind.
      const turn = await this.redis.hincrby(other.stateKey(to), 'queued', 1);
      await this.redis.zadd(other.key(to), turn, text);
    }
  }

  private stateKey(partition: PartitionId): string {
    const { keyspace } = this;
    return keyspace.key(keyspace.shardOf(partition.index), partitionState, partitionName(partition));
  }

  private key(partition: PartitionId): string {
    return this.keyspace.key(this.keyspace.shardOf(partition.index), outbox, partitionName(partition));
  }
}
