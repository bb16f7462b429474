import type { HistoryFamily } from '../../../metrics/family.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { HistoryEntry } from '../../../metrics/reader.ts';
import { pairs, type Read, type RedisClient, readTogether, toStrings } from '../client/connection.ts';

/** Reads histories of one shard: members by the moment that they tell of. */
export class Histories {
  private readonly redis: RedisClient;
  private readonly keyspace: Keyspace;

  constructor(redis: RedisClient, keyspace: Keyspace) {
    this.redis = redis;
    this.keyspace = keyspace;
  }

  /** Newest first, with a timestamp in [fromMs, toMs). */
  async newest(
    shard: number,
    of: HistoryFamily,
    dimensions: string,
    fromMs: number,
    toMs: number,
    limit: number,
  ): Promise<HistoryEntry[]> {
    const key = this.keyspace.key(shard, of, dimensions);
    return toEntries(await this.redis.zrevrangebyscore(key, `(${toMs}`, fromMs, 'WITHSCORES', 'LIMIT', 0, limit));
  }

  /** For each: all in [fromMs, toMs), and the last one before. */
  async within(
    shard: number,
    of: HistoryFamily,
    dimensions: readonly string[],
    fromMs: number,
    toMs: number,
  ): Promise<HistoryEntry[][]> {
    const reads = dimensions.flatMap((dimension): Read[] => {
      const key = this.keyspace.key(shard, of, dimension);
      return [
        (on) => on.zrevrangebyscore(key, `(${toMs}`, fromMs, 'WITHSCORES'),
        (on) => on.zrevrangebyscore(key, `(${fromMs}`, '-inf', 'WITHSCORES', 'LIMIT', 0, 1),
      ];
    });
    const replies = (await readTogether(this.redis, reads)).map((reply) => toEntries(toStrings(reply)));
    return dimensions.map((_, i) => [...(replies[2 * i] ?? []), ...(replies[2 * i + 1] ?? [])]);
  }
}

export const newestFirst = (a: HistoryEntry, b: HistoryEntry): number =>
  b.atMs - a.atMs || (a.member < b.member ? 1 : -1);

const toEntries = (flat: readonly string[]): HistoryEntry[] =>
  pairs(flat).map(([member, score]) => ({ member, atMs: Number(score) }));
