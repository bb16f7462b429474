import { rankingField, trimmedBuckets } from '../../../metrics/bookkeeping-families.ts';
import type {
  CounterFamily,
  HistoryFamily,
  LatestFamily,
  RankingFamily,
  UniquesFamily,
} from '../../../metrics/family.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import type {
  CappedRead,
  Counts,
  HistoryEntry,
  Ranked,
  RankedBy,
  Reader,
  UniquesWindows,
  WindowSet,
} from '../../../metrics/reader.ts';
import { type RedisClient, readTogether, toMaybeStrings, toStrings, wholeHash } from '../client/connection.ts';
import { unstampLatest } from '../commit/latest-stamp.ts';
import { Histories, newestFirst } from './histories.ts';
import { LatestValues } from './latest-values.ts';
import { Rankings } from './rankings.ts';
import { type KeysOf, UniqueUserCounts } from './unique-users.ts';

/** Before so many are asked after, it is asked whether any has been cut at all. */
const MANY_BUCKETS = 100;

/** Answers from Redis; shards are read side by side and merged here. */
export class RedisReader implements Reader {
  private readonly redis: RedisClient;
  private readonly keyspace: Keyspace;
  private readonly rankings: Rankings;
  private readonly uniqueUsers: UniqueUserCounts;
  private readonly histories: Histories;
  private readonly latestValues: LatestValues;

  constructor(redis: RedisClient, keyspace: Keyspace) {
    this.redis = redis;
    this.keyspace = keyspace;
    this.rankings = new Rankings(redis, keyspace);
    this.uniqueUsers = new UniqueUserCounts(redis, keyspace);
    this.histories = new Histories(redis, keyspace);
    this.latestValues = new LatestValues(redis, keyspace);
  }

  async counters(
    of: CounterFamily,
    { labels }: WindowSet,
    fields?: readonly string[],
    dimensions = '',
  ): Promise<Counts[]> {
    const merged = labels.map(() => new Map<string, number>());
    if (labels.length === 0 || fields?.length === 0) return merged;
    await this.eachShard(async (shard) => {
      const keys = labels.map((label) => this.keyspace.key(shard, of, dimensions, label));
      const replies = await readTogether(
        this.redis,
        keys.map((key) => (fields === undefined ? wholeHash(key) : (on) => on.hmget(key, ...fields))),
      );
      for (const [i, reply] of replies.entries()) {
        const counts = merged[i];
        if (counts === undefined) continue;
        const add = (field: string, n: string): unknown => counts.set(field, (counts.get(field) ?? 0) + Number(n));
        if (fields === undefined) eachPair(toStrings(reply), add);
        else eachOf(fields, toMaybeStrings(reply), add);
      }
    });
    return merged;
  }

  /** With more shards, a member that is not among the greatest of any may be so of all. */
  async ranking(of: RankingFamily, windows: WindowSet, limit: number, dimensions = ''): Promise<Ranked[]> {
    const most = this.keyspace.shards === 1 ? limit : Number.POSITIVE_INFINITY;
    const sums = await this.summed(windows, (shard) => this.rankings.top(shard, { of, dimensions }, windows, most));
    const ranked = [...sums].map(([member, score]) => ({ member, score })).filter(({ score }) => score > 0);
    return ranked.sort(byScore).slice(0, limit);
  }

  async sums(
    of: RankingFamily,
    windows: WindowSet,
    members: readonly string[],
    dimensions = '',
    isIn?: (member: string, window: number) => boolean,
  ): Promise<Counts> {
    if (members.length === 0) return new Map();
    return this.summed(windows, (shard) => this.rankings.sums(shard, { of, dimensions }, windows, members, isIn));
  }

  async members(by: readonly RankedBy[], windows: WindowSet): Promise<string[]> {
    const members = new Set<string>();
    if (windows.labels.length === 0) return [];
    await this.eachShard(async (shard) => {
      for (const member of await this.rankings.members(shard, by, windows)) members.add(member);
    });
    return [...members];
  }

  async scores(of: RankingFamily, windows: WindowSet, member: string, dimensions = ''): Promise<number[]> {
    const scores = windows.labels.map(() => 0);
    await this.eachShard(async (shard) =>
      addTo(scores, await this.rankings.scores(shard, { of, dimensions }, windows, member)),
    );
    return scores;
  }

  async truncated(reads: readonly CappedRead[]): Promise<string[]> {
    const names = new Set<string>();
    await this.eachShard(async (shard) => {
      const key = this.keyspace.key(shard, trimmedBuckets, '');
      const buckets = reads.reduce((sum, { labels }) => sum + labels.length, 0);
      if (buckets === 0 || (buckets > MANY_BUCKETS && (await this.redis.hlen(key)) === 0)) return;
      const replies = await readTogether(
        this.redis,
        reads.map(
          ({ family, dimensions, labels }) =>
            (on) =>
              on.hmget(key, ...labels.map((label) => rankingField(family, dimensions, label))),
        ),
      );
      for (const [i, cuts] of replies.entries())
        if (toMaybeStrings(cuts).some((cut) => cut !== null)) names.add(reads[i]?.family.name ?? '');
    });
    return [...names];
  }

  async uniques(of: UniquesFamily, windows: UniquesWindows): Promise<number[]> {
    const { dimensions } = windows;
    const totals = dimensions.map(() => 0);
    await this.eachShard(async (shard) => {
      const keysOf: KeysOf = (labels) =>
        dimensions.map((dimension) => labels.flat().map((label) => this.keyspace.key(shard, of, dimension, label)));
      addTo(totals, await this.uniqueUsers.count(shard, windows, keysOf));
    });
    return totals;
  }

  async uniquesSeries(of: UniquesFamily, windows: UniquesWindows): Promise<number[][]> {
    const { dimensions, labels } = windows;
    const totals = dimensions.flatMap(() => labels.map(() => 0));
    await this.eachShard(async (shard) => {
      const keysOf: KeysOf = (groups) =>
        dimensions.flatMap((dimension) =>
          groups.map((group) => group.map((label) => this.keyspace.key(shard, of, dimension, label))),
        );
      addTo(totals, await this.uniqueUsers.count(shard, windows, keysOf));
    });
    return dimensions.map((_, i) => totals.slice(i * labels.length, (i + 1) * labels.length));
  }

  async history(
    of: HistoryFamily,
    dimensions: string,
    fromMs: number,
    toMs: number,
    limit: number,
  ): Promise<HistoryEntry[]> {
    const found: HistoryEntry[] = [];
    await this.eachShard(async (shard) => {
      found.push(...(await this.histories.newest(shard, of, dimensions, fromMs, toMs, limit)));
    });
    return found.sort(newestFirst).slice(0, limit);
  }

  async historiesWithin(
    of: HistoryFamily,
    dimensions: readonly string[],
    fromMs: number,
    toMs: number,
  ): Promise<HistoryEntry[][]> {
    const found = dimensions.map((): HistoryEntry[] => []);
    await this.eachShard(async (shard) => {
      const histories = await this.histories.within(shard, of, dimensions, fromMs, toMs);
      for (const [i, entries] of histories.entries()) found[i]?.push(...entries);
    });
    return found.map((entries) => entries.sort(newestFirst));
  }

  async latest(of: LatestFamily, fields: readonly string[]): Promise<(string | undefined)[]> {
    const stamps: (string | undefined)[] = fields.map(() => undefined);
    if (fields.length === 0) return stamps;
    await this.eachShard(async (shard) => {
      const values = await this.latestValues.of(shard, of, fields);
      for (const [i, value] of values.entries()) {
        const known = stamps[i];
        if (typeof value === 'string' && (known === undefined || known < value)) stamps[i] = value;
      }
    });
    return stamps.map((stamp) => (stamp === undefined ? undefined : unstampLatest(stamp)));
  }

  async allLatest(of: LatestFamily): Promise<Map<string, string>> {
    const stamps = new Map<string, string>();
    await this.eachShard(async (shard) => {
      eachPair(await this.latestValues.all(shard, of), (field, value) => {
        const known = stamps.get(field);
        if (known === undefined || known < value) stamps.set(field, value);
      });
    });
    for (const [field, stamp] of stamps) stamps.set(field, unstampLatest(stamp));
    return stamps;
  }

  private async summed(
    { labels }: WindowSet,
    read: (shard: number) => Promise<Ranked[]>,
  ): Promise<Map<string, number>> {
    const sums = new Map<string, number>();
    if (labels.length === 0) return sums;
    await this.eachShard(async (shard) => {
      for (const { member, score } of await read(shard)) sums.set(member, (sums.get(member) ?? 0) + score);
    });
    return sums;
  }

  private async eachShard(read: (shard: number) => Promise<void>): Promise<void> {
    await Promise.all(Array.from({ length: this.keyspace.shards }, (_, shard) => read(shard)));
  }
}

function addTo(totals: number[], counts: readonly number[]): void {
  for (const [i, n] of counts.entries()) totals[i] = (totals[i] ?? 0) + n;
}

function byScore(a: Ranked, b: Ranked): number {
  return b.score - a.score || (a.member < b.member ? -1 : 1);
}

/** Hashes hold thousands of fields: without pairs made for looking at them. */
function eachPair(flat: readonly string[], use: (field: string, value: string) => void): void {
  for (let i = 0; i + 1 < flat.length; i += 2) use(flat[i] ?? '', flat[i + 1] ?? '');
}

function eachOf(
  fields: readonly string[],
  values: readonly (string | null)[],
  use: (field: string, value: string) => void,
): void {
  for (const [i, field] of fields.entries()) {
    const value = values[i];
    if (value !== null && value !== undefined) use(field, value);
  }
}
