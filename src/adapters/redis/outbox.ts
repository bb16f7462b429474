import type { Keyspace } from '../../analytics/keyspace.ts';
import type { OutboxStore } from '../../ingestion/outbox-publisher.ts';
import { type PartitionId, partitionName } from '../../ingestion/ports.ts';
import { outbox, partitionState } from '../../ingestion/state-families.ts';
import { pairs, type RedisClient, runPipeline } from './connection.ts';

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

  /** Lets what waits wait in another generation as well; done again it changes nothing. */
  async copyTo(other: RedisOutbox, partition: PartitionId): Promise<void> {
    const waiting = pairs(await this.redis.zrange(this.key(partition), '0', '-1', 'WITHSCORES'));
    const pipeline = this.redis.pipeline();
    for (const [text, turn] of waiting) pipeline.zadd(other.key(partition), turn, text);
    // What comes later queues up behind.
    const last = waiting.at(-1)?.[1];
    if (last !== undefined) pipeline.hset(other.stateKey(partition), 'queued', last);
    await runPipeline(pipeline);
  }

  private stateKey(partition: PartitionId): string {
    const { keyspace } = this;
    return keyspace.key(keyspace.shardOf(partition.index), partitionState, partitionName(partition));
  }

  private key(partition: PartitionId): string {
    return this.keyspace.key(this.keyspace.shardOf(partition.index), outbox, partitionName(partition));
  }
}
