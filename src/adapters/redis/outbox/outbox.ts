import { type PartitionId, partitionName } from '../../../events/partition.ts';
import { partitionState, QUEUE_COUNTERS, queues, retractedMessages } from '../../../fold/state/state-families.ts';
import type { OutboxStore, RetractedMessages } from '../../../ingestion/ports/outbox-store.ts';
import type { QueueFamily } from '../../../metrics/family.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import { pairs, type RedisClient } from '../client/connection.ts';

const FIRST_MESSAGES = 8;

/** The queue that commits leave messages in. They are taken off by what they say, so that a stale publisher takes off no other. */
export class RedisOutbox implements OutboxStore {
  private readonly redis: RedisClient;
  private readonly keyspace: Keyspace;
  private readonly queue: QueueFamily;
  private readonly counter: string;

  /** @param queue messages about carts, or records for other partitions */
  constructor(redis: RedisClient, keyspace: Keyspace, queue: QueueFamily) {
    this.redis = redis;
    this.keyspace = keyspace;
    this.queue = queue;
    this.counter = QUEUE_COUNTERS[queues.indexOf(queue)] ?? queue.name;
  }

  /** Some at first, and then as many as fit if they are as large as those. */
  async waiting(
    partition: PartitionId,
    { messages, bytes }: { readonly messages: number; readonly bytes: number },
    upTo = Number.POSITIVE_INFINITY,
  ): Promise<string[]> {
    const texts: string[] = [];
    let [size, next, behind] = [0, Math.min(FIRST_MESSAGES, messages), '-inf'];
    while (next > 0) {
      const found = await this.first(partition, behind, next, upTo);
      for (const [text, turn] of found) {
        texts.push(text);
        size += text.length;
        behind = `(${turn}`;
      }
      if (found.length < next) break;
      next = Math.min(messages - texts.length, Math.floor((bytes - size) / (size / texts.length)));
    }
    return texts;
  }

  async size(partition: PartitionId): Promise<number> {
    return this.redis.zcard(this.key(partition));
  }

  async remove(partition: PartitionId, texts: readonly string[]): Promise<void> {
    await this.redis.zrem(this.key(partition), ...texts);
  }

  /**
   * Lets what waits wait in another generation as well, in its order; done again it adds nothing.
   * @param owner where it is to wait; what has none is left out
   */
  async copyTo(
    other: RedisOutbox,
    partition: PartitionId,
    owner: (text: string) => PartitionId | undefined,
  ): Promise<void> {
    // One at a time: there may be ten thousand, of a hundred kilobytes each.
    for (let next = await this.first(partition, '-inf', 1); next[0] !== undefined; ) {
      const [text, turn] = next[0];
      const to = owner(text);
      // What comes later queues up behind.
      if (to !== undefined) await this.redis.zadd(other.key(to), await other.nextTurn(to), text);
      next = await this.first(partition, `(${turn}`, 1);
    }
  }

  /** With their turns. */
  private async first(
    partition: PartitionId,
    from: string,
    limit: number,
    upTo = Number.POSITIVE_INFINITY,
  ): Promise<[text: string, turn: string][]> {
    const to = Number.isFinite(upTo) ? upTo : '+inf';
    return pairs(await this.redis.zrangebyscore(this.key(partition), from, to, 'WITHSCORES', 'LIMIT', 0, limit));
  }

  private async nextTurn(partition: PartitionId): Promise<number> {
    const { keyspace } = this;
    const state = keyspace.key(keyspace.shardOf(partition.index), partitionState, partitionName(partition));
    return this.redis.hincrby(state, this.counter, 1);
  }

  private key(partition: PartitionId): string {
    return this.keyspace.key(this.keyspace.shardOf(partition.index), this.queue, partitionName(partition));
  }
}

/** Messages that commits have taken back while they waited. */
export class RedisRetractedMessages implements RetractedMessages {
  private readonly redis: RedisClient;
  private readonly keyspace: Keyspace;

  constructor(redis: RedisClient, keyspace: Keyspace) {
    this.redis = redis;
    this.keyspace = keyspace;
  }

  async of(partition: PartitionId): Promise<ReadonlySet<string>> {
    return new Set(await this.redis.hkeys(this.key(partition)));
  }

  async remove(partition: PartitionId, ids: readonly string[]): Promise<void> {
    await this.redis.hdel(this.key(partition), ...ids);
  }

  private key(partition: PartitionId): string {
    return this.keyspace.key(this.keyspace.shardOf(partition.index), retractedMessages, partitionName(partition));
  }
}
