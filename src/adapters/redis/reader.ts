import { mergingHours, touchedHours } from '../../analytics/audience.ts';
import type {
  CounterFamily,
  Family,
  HistoryFamily,
  NewestFamily,
  RankingFamily,
  UniquesFamily,
} from '../../analytics/families.ts';
import type { Keyspace } from '../../analytics/keyspace.ts';
import { rankingField, trimmedBuckets } from '../../analytics/open-ended.ts';
import type {
  CappedRead,
  Counts,
  HistoryEntry,
  Ranked,
  Reader,
  UniquesWindows,
  WindowSet,
} from '../../analytics/reader.ts';
import { pairs, type RedisClient, readTogether, toMaybeStrings, toStrings } from './connection.ts';
import { KeptSums } from './kept-sums.ts';
import { Script } from './scripts.ts';

/** Asked for so many members, a ranking's sums over days that are over are kept. */
const WORTH_KEEPING = 50;

/** Answers from Redis; shards are read side by side and merged here. */
export class RedisReader implements Reader {
  private readonly redis: RedisClient;
  private readonly keyspace: Keyspace;
  private readonly keptSums: KeptSums;
  private readonly topScript = Script.fromFile('kept-sums', 'top');
  private readonly sumsScript = Script.fromFile('kept-sums', 'sums');

  constructor(redis: RedisClient, keyspace: Keyspace) {
    this.redis = redis;
    this.keyspace = keyspace;
    this.keptSums = new KeptSums(redis, keyspace);
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
      const replies = await readTogether(
        this.redis,
        labels.map((label) => (on) => {
          const key = this.keyspace.key(shard, of, dimensions, label);
          return fields === undefined ? on.hgetall(key) : on.hmget(key, ...fields);
        }),
      );
      for (const [i, reply] of replies.entries()) {
        const counts = merged[i];
        if (counts === undefined) continue;
        for (const [field, n] of fields === undefined ? entries(reply) : zip(fields, toMaybeStrings(reply))) {
          counts.set(field, (counts.get(field) ?? 0) + Number(n));
        }
      }
    });
    return merged;
  }

  /** With more shards, a member that is not among the greatest of any may be so of all. */
  async ranking(of: RankingFamily, windows: WindowSet, limit: number, dimensions = ''): Promise<Ranked[]> {
    const [only, ...more] = windows.labels;
    const { shards } = this.keyspace;
    if (only === undefined) return [];
    if (more.length === 0 && shards === 1) return this.top(this.keyspace.key(0, of, dimensions, only), limit);
    const sums = new Map<string, number>();
    await this.eachShard(async (shard) => {
      const top = await this.topOfMany(shard, of, windows, shards === 1 ? limit : Number.POSITIVE_INFINITY, dimensions);
      for (const { member, score } of top) sums.set(member, (sums.get(member) ?? 0) + score);
    });
    const ranked = [...sums].map(([member, score]) => ({ member, score })).filter(({ score }) => score > 0);
    return ranked.sort(byScore).slice(0, limit);
  }

  /** ZREVRANGE has ties in descending order, so those at the cut are asked for once more in ascending order. */
  private async top(key: string, limit: number): Promise<Ranked[]> {
    const last = Number.isFinite(limit) ? limit - 1 : -1;
    const first = toRanked(await this.redis.zrevrange(key, 0, last, 'WITHSCORES'));
    const least = first.at(-1)?.score;
    if (least === undefined || first.length < limit) return first.sort(byScore);
    const above = first.filter(({ score }) => score > least);
    const tied = await this.redis.zrangebyscore(key, least, least, 'LIMIT', 0, limit - above.length);
    return [...above, ...tied.map((member) => ({ member, score: least }))].sort(byScore);
  }

  /** Where Redis takes no write, all are added up on the way out. */
  private async topOfMany(
    shard: number,
    of: RankingFamily,
    windows: WindowSet,
    limit: number,
    dimensions: string,
  ): Promise<Ranked[]> {
    const { keys, labels } = this.keptSums.with(shard, of, dimensions, windows);
    try {
      const args = [Number.isFinite(limit) ? limit : -1, ...labels];
      return toRanked(toStrings(await this.topScript.run(this.redis, [this.keyspace.scratch(shard), ...keys], args)));
    } catch (error) {
      if (!(error instanceof Error && /OOM|READONLY/.test(error.message))) throw error;
      const rankings = windows.labels.map((label) => this.keyspace.key(shard, of, dimensions, label));
      return toRanked(toStrings(await this.redis.zunion(rankings.length, rankings, 'WITHSCORES')));
    }
  }

  async sums(
    of: RankingFamily,
    windows: WindowSet,
    members: readonly string[],
    dimensions = '',
    isIn?: (member: string, window: number) => boolean,
  ): Promise<Counts> {
    const sums = new Map<string, number>();
    if (members.length === 0 || windows.labels.length === 0) return sums;
    const mask = (member: string): string => windows.labels.map((_, i) => (isIn?.(member, i) ? '1' : '0')).join('');
    const masked = members.flatMap((member) => [member, isIn === undefined ? '' : mask(member)]);
    await this.eachShard(async (shard) => {
      const { keys, labels } = this.keptSums.with(shard, of, dimensions, windows);
      const over = isIn === undefined ? labels : [];
      const args = [over.length, members.length >= WORTH_KEEPING ? '1' : '0', ...over, ...masked];
      for (const [member, sum] of pairs(toStrings(await this.sumsScript.run(this.redis, keys, args))))
        sums.set(member, (sums.get(member) ?? 0) + Number(sum));
    });
    return sums;
  }

  async truncated(reads: readonly CappedRead[]): Promise<string[]> {
    const names = new Set<string>();
    await this.eachShard(async (shard) => {
      const key = this.keyspace.key(shard, trimmedBuckets, '');
      if (reads.length === 0 || (await this.redis.hlen(key)) === 0) return;
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
      const labels = (await this.withUnmerged(shard, windows)).flat();
      await this.countUniques(
        dimensions.map((dimension) => labels.map((label) => this.keyspace.key(shard, of, dimension, label))),
        totals,
      );
    });
    return totals;
  }

  async uniquesSeries(of: UniquesFamily, windows: UniquesWindows): Promise<number[][]> {
    const { dimensions, labels } = windows;
    const totals = dimensions.flatMap(() => labels.map(() => 0));
    await this.eachShard(async (shard) => {
      const groups = await this.withUnmerged(shard, windows);
      const keys = dimensions.flatMap((dimension) =>
        groups.map((group) => group.map((label) => this.keyspace.key(shard, of, dimension, label))),
      );
      await this.countUniques(keys, totals);
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
      const key = this.keyspace.key(shard, of, dimensions);
      const reply = await this.redis.zrevrangebyscore(key, `(${toMs}`, fromMs, 'WITHSCORES', 'LIMIT', 0, limit);
      for (const { member, score } of toRanked(reply)) found.push({ member, atMs: score });
    });
    return found.sort((a, b) => b.atMs - a.atMs || (a.member < b.member ? 1 : -1)).slice(0, limit);
  }

  async newest(of: NewestFamily, fields: readonly string[]): Promise<(string | undefined)[]> {
    const newest: (string | undefined)[] = fields.map(() => undefined);
    if (fields.length === 0) return newest;
    await this.eachShard(async (shard) => {
      const values = await this.redis.hmget(this.keyspace.key(shard, of, ''), ...fields);
      for (const [i, value] of values.entries()) {
        const known = newest[i];
        if (value !== null && (known === undefined || known < value)) newest[i] = value;
      }
    });
    return newest;
  }

  async allNewest(of: NewestFamily): Promise<Map<string, string>> {
    const newest = new Map<string, string>();
    await this.eachShard(async (shard) => {
      for (const [field, value] of Object.entries(await this.redis.hgetall(this.keyspace.key(shard, of, '')))) {
        const known = newest.get(field);
        if (known === undefined || known < value) newest.set(field, value);
      }
    });
    return newest;
  }

  private async eachShard(read: (shard: number) => Promise<void>): Promise<void> {
    await Promise.all(Array.from({ length: this.keyspace.shards }, (_, shard) => read(shard)));
  }

  /** Each window's labels: itself, and for a day its hours that no rollup has merged yet. */
  private async withUnmerged(shard: number, { window, labels }: WindowSet): Promise<string[][]> {
    if (window !== 'day') return labels.map((label) => [label]);
    const marks = await Promise.all(
      [touchedHours, mergingHours].map((family: Family) => this.redis.hgetall(this.keyspace.key(shard, family, ''))),
    );
    const hours = Object.entries({ ...marks[0], ...marks[1] });
    return labels.map((day) => [day, ...hours.filter(([, of]) => of === day).map(([hour]) => hour)]);
  }

  private async countUniques(groups: readonly string[][], totals: number[]): Promise<void> {
    if (groups.length === 0) return;
    const counts = await readTogether(
      this.redis,
      groups.map((keys) => (on) => on.pfcount(...keys)),
    );
    for (const [i, n] of counts.entries()) totals[i] = (totals[i] ?? 0) + Number(n);
  }
}

function byScore(a: Ranked, b: Ranked): number {
  return b.score - a.score || (a.member < b.member ? -1 : 1);
}

function toRanked(flat: readonly string[]): Ranked[] {
  return pairs(flat).map(([member, score]) => ({ member, score: Number(score) }));
}

function entries(reply: unknown): [string, string][] {
  if (Array.isArray(reply)) return pairs(toStrings(reply));
  return typeof reply === 'object' && reply !== null
    ? Object.entries(reply).map(([field, value]) => [field, String(value)])
    : [];
}

function zip(fields: readonly string[], values: readonly (string | null)[]): [string, string][] {
  return fields.flatMap((field, i) => {
    const value = values[i];
    return value === null || value === undefined ? [] : [[field, value] satisfies [string, string]];
  });
}
