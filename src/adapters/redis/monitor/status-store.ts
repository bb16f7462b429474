import { type PartitionId, partitionName } from '../../../events/partition.ts';
import { deadLetterLog, outbox, partitionState, RENAMED, recordOutbox } from '../../../fold/state/state-families.ts';
import type { Position } from '../../../ingestion/ports/event-log.ts';
import {
  type ListedDeadLetter,
  listedDeadLetter,
  type PartitionStatus,
  type StatusStore,
} from '../../../ingestion/ports/status-store.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { RedisClient } from '../client/connection.ts';
import type { MemorySampler } from './memory-sampler.ts';

const OWN_FIELDS: ReadonlySet<string> = new Set(['position', 'epoch', 'arrived', 'queued', 'said', RENAMED]);

/** What can be seen of counting from outside. */
export class RedisStatusStore implements StatusStore {
  private readonly redis: RedisClient;
  private readonly keyspace: Keyspace;
  private readonly sampler: MemorySampler;

  constructor(redis: RedisClient, keyspace: Keyspace, sampler: MemorySampler) {
    this.redis = redis;
    this.keyspace = keyspace;
    this.sampler = sampler;
  }

  async partitions(partitions: readonly PartitionId[]): Promise<PartitionStatus[]> {
    return Promise.all(
      partitions.map(async (partition) => {
        const key = this.keyspace.key(this.keyspace.shardOf(partition.index), partitionState, partitionName(partition));
        const [messages, records] = [outbox, recordOutbox].map((queue) =>
          this.keyspace.key(this.keyspace.shardOf(partition.index), queue, partitionName(partition)),
        );
        const [hash, waiting, recordsWaiting] = await Promise.all([
          this.redis.hgetall(key),
          this.redis.zcard(messages ?? ''),
          this.redis.zcard(records ?? ''),
        ]);
        const fields = new Map(Object.entries(hash));
        const arrived = fields.get('arrived');
        const tallies = new Map(
          [...fields].filter(([field]) => !OWN_FIELDS.has(field)).map(([field, n]) => [field, Number(n)]),
        );
        const position = fields.get('position') as Position | undefined;
        return {
          partition,
          position,
          arrivedAtMs: arrived === undefined ? undefined : Number(arrived),
          tallies,
          waiting,
          said: Number(fields.get('said') ?? 0),
          recordsWaiting,
        };
      }),
    );
  }

  async deadLetters(limit: number): Promise<ListedDeadLetter[]> {
    const lists = await Promise.all(
      Array.from({ length: this.keyspace.shards }, (_, shard) =>
        this.redis.lrange(this.keyspace.key(shard, deadLetterLog, ''), 0, limit - 1),
      ),
    );
    const letters = lists.flat().map((text) => listedDeadLetter.parse(JSON.parse(text)));
    return letters.sort((a, b) => b.at.localeCompare(a.at)).slice(0, limit);
  }

  memory(): ReturnType<StatusStore['memory']> {
    return this.sampler.report();
  }

  async ping(): Promise<void> {
    await this.redis.ping();
  }
}
