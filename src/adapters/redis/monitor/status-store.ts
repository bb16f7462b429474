import { type PartitionId, partitionName } from '../../../events/partition.ts';
import { OUTBOX_BOUND } from '../../../fold/settings.ts';
import {
  deadLetterLog,
  outbox,
  partitionState,
  QUEUE_COUNTERS,
  RENAMED,
  recordOutbox,
  recoveredOutbox,
} from '../../../fold/state/state-families.ts';
import type { Position } from '../../../ingestion/ports/event-log.ts';
import {
  type ListedDeadLetter,
  listedDeadLetter,
  type PartitionStatus,
  type StatusStore,
} from '../../../ingestion/ports/status-store.ts';
import type { Family } from '../../../metrics/family.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { RedisClient } from '../client/connection.ts';
import type { MemorySampler } from './memory-sampler.ts';

const OWN_FIELDS: ReadonlySet<string> = new Set(['position', 'epoch', 'arrived', ...QUEUE_COUNTERS, RENAMED]);

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
    return Promise.all(partitions.map((partition) => this.statusOf(partition)));
  }

  /** Counters are read before the queues: what they count and no queue shows has left by then. */
  private async statusOf(partition: PartitionId): Promise<PartitionStatus> {
    const { keyspace, redis } = this;
    const name = partitionName(partition);
    const keyOf = (family: Family): string => keyspace.key(keyspace.shardOf(partition.index), family, name);
    const [hash, abandoned, recovered, records, firstAbandoned, firstRecord] = await Promise.all([
      redis.hgetall(keyOf(partitionState)),
      redis.zcard(keyOf(outbox)),
      redis.zcard(keyOf(recoveredOutbox)),
      redis.zcard(keyOf(recordOutbox)),
      this.firstTurn(keyOf(outbox)),
      this.firstTurn(keyOf(recordOutbox)),
    ]);
    const fields = new Map(Object.entries(hash));
    const arrived = fields.get('arrived');
    const tallies = [...fields].filter(([field]) => !OWN_FIELDS.has(field));
    return {
      partition,
      position: fields.get('position') as Position | undefined,
      arrivedAtMs: arrived === undefined ? undefined : Number(arrived),
      tallies: new Map(tallies.map(([field, n]) => [field, Number(n)])),
      queued: Number(fields.get('queued') ?? 0),
      recoveries: Number(fields.get('recoveries') ?? 0),
      waiting: abandoned + recovered,
      firstAbandoned,
      said: Number(fields.get('said') ?? 0),
      recordsWaiting: records,
      firstRecord,
      isFull: Math.max(abandoned, recovered, records) >= OUTBOX_BOUND,
    };
  }

  private async firstTurn(queue: string): Promise<number | undefined> {
    const [, turn] = await this.redis.zrange(queue, 0, '0', 'WITHSCORES');
    return turn === undefined ? undefined : Number(turn);
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
