import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PartitionId } from '../../../events/partition.ts';
import { rankingField, trimmedBuckets } from '../../../metrics/bookkeeping-families.ts';
import type {
  CounterFamily,
  HistoryFamily,
  LatestFamily,
  RankingFamily,
  UniquesFamily,
} from '../../../metrics/family.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import { BOUNDLESS_BUDGET, type ReadBudget } from '../../../metrics/read-budget.ts';
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
import type { RedisClient } from '../client/connection.ts';
import { GroupedRankings, KeptGroupSums } from './grouped-rankings.ts';
import { KeptGroups, LatestValues } from './latest-values.ts';
import { addingAt, addingTo, eachPair, greatest, newestFirst } from './merging.ts';
import { RankingCache } from './ranking-cache.ts';
import { Rankings } from './rankings.ts';
import { entriesOf, fieldsOf, type ShardRead, wholeHashOf } from './shard-read.ts';
import { ShardReads } from './shard-reads.ts';
import { UnfinishedCommits } from './unfinished-commits.ts';
import { UniqueUserCounts, UnmergedHours } from './unique-users.ts';

/** What readers of a process have in common. */
class Shared {
  readonly commits: UnfinishedCommits;
  readonly rankings: RankingCache;
  readonly hours = new UnmergedHours();
  readonly groups = new KeptGroups();
  readonly groupSums = new KeptGroupSums();

  constructor(redis: RedisClient, keyspace: Keyspace, partitions: readonly PartitionId[]) {
    this.commits = new UnfinishedCommits(redis, keyspace, partitions);
    this.rankings = new RankingCache(redis, keyspace);
  }
}

/** Answers from Redis; shards are read side by side and merged here. What is asked for in one turn is read at one moment. */
export class RedisReader implements Reader {
  private readonly redis: RedisClient;
  private readonly shared: Shared;
  private readonly keyspace: Keyspace;
  private readonly reads: ShardReads;
  private readonly rankings: Rankings;
  private readonly uniqueUsers: UniqueUserCounts;
  private readonly values: LatestValues;
  private readonly grouped: GroupedRankings;

  /** @param partitions whose commits are not to be seen half applied */
  constructor(
    redis: RedisClient,
    keyspace: Keyspace,
    partitions: readonly PartitionId[] = [],
    shared = new Shared(redis, keyspace, partitions),
    budget: ReadBudget = BOUNDLESS_BUDGET,
  ) {
    this.redis = redis;
    this.keyspace = keyspace;
    this.shared = shared;
    this.reads = new ShardReads(redis, shared.commits, budget);
    this.rankings = new Rankings(redis, keyspace, shared.rankings, this.reads);
    this.uniqueUsers = new UniqueUserCounts(keyspace, shared.hours, this.reads);
    this.values = new LatestValues(keyspace, this.reads, shared.commits, shared.groups);
    this.grouped = new GroupedRankings(redis, keyspace, this.reads, shared.groupSums);
  }

  /** For one answer. */
  within(budget: ReadBudget): RedisReader {
    return new RedisReader(this.redis, this.keyspace, [], this.shared, budget);
  }

  async counters(of: CounterFamily, windows: WindowSet, fields?: readonly string[], dimensions = '') {
    const merged = windows.labels.map(() => new Map<string, number>());
    const adds = merged.map(addingTo);
    await this.counts(of, windows, fields, dimensions, (field, n, place) => adds[place]?.(field, n));
    return merged;
  }

  async totals(of: CounterFamily, windows: WindowSet, fields?: readonly string[], dimensions = '') {
    const totals = new Map<string, number>();
    await this.counts(of, windows, fields, dimensions, addingTo(totals));
    return totals;
  }

  /** @param add is told of each window by its place */
  private counts(
    of: CounterFamily,
    { labels }: WindowSet,
    fields: readonly string[] | undefined,
    dimensions: string,
    add: (field: string, n: number, place: number) => void,
  ): Promise<void> {
    return this.ask((shard) => {
      const keys = labels.map((label) => this.keyspace.key(shard, of, dimensions, label));
      if (fields !== undefined)
        return fieldsOf(keys, labels, fields, (field, n, place) => add(field, Number(n), place));
      const addAll = (place: number) => (flat: readonly string[]) =>
        eachPair(flat, (field, n) => add(field, Number(n), place));
      return keys.map((key, place) => wholeHashOf(key, labels[place] ?? '', addAll(place)));
    });
  }

  /** With more shards, a member that is not among the greatest of any may be so of all. */
  async ranking(of: RankingFamily, windows: WindowSet, limit: number, dimensions = ''): Promise<Ranked[]> {
    const most = this.keyspace.shards === 1 ? limit : Number.POSITIVE_INFINITY;
    return greatest(await this.sumsUpTo(most, of, windows, dimensions), limit, () => this.pause());
  }

  everySum(of: RankingFamily, windows: WindowSet, dimensions = ''): Promise<Counts> {
    return this.sumsUpTo(Number.POSITIVE_INFINITY, of, windows, dimensions);
  }

  private async sumsUpTo(most: number, of: RankingFamily, windows: WindowSet, dimensions: string): Promise<Counts> {
    const sums = new Map<string, number>();
    if (windows.labels.length === 0) return sums;
    const add = addingTo(sums);
    await this.eachShard((shard) => this.rankings.top(shard, { of, dimensions }, windows, most, add));
    return sums;
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
    const add = addingTo(sums);
    const each = [...new Set(members)];
    await this.eachShard((shard) => this.rankings.sums(shard, { of, dimensions }, windows, each, isIn, add));
    return sums;
  }

  async members(by: readonly RankedBy[], windows: WindowSet): Promise<string[]> {
    const members = new Set<string>();
    if (windows.labels.length === 0) return [];
    await this.eachShard((shard) => this.rankings.members(shard, by, windows, (member) => members.add(member)));
    return [...members];
  }

  async scores(of: RankingFamily, windows: WindowSet, member: string, dimensions = ''): Promise<number[]> {
    const scores = windows.labels.map(() => 0);
    const add = addingAt(scores);
    await this.eachShard((shard) => this.rankings.scores(shard, { of, dimensions }, windows, member, add));
    return scores;
  }

  async truncated(reads: readonly CappedRead[]): Promise<string[]> {
    const names = new Set<string>();
    await this.ask((shard) =>
      reads.flatMap(({ family, dimensions, labels }) => {
        const fields = labels.map((label) => rankingField(family, dimensions, label));
        return fieldsOf([this.keyspace.key(shard, trimmedBuckets, '')], [''], fields, () => names.add(family.name));
      }),
    );
    return [...names];
  }

  async uniques(of: UniquesFamily, { dimensions, labels }: UniquesWindows): Promise<number[]> {
    const totals = dimensions.map(() => 0);
    if (labels.length === 0) return totals;
    const add = addingAt(totals);
    await this.eachShard((shard) => this.uniqueUsers.together(shard, of, dimensions, labels, add));
    return totals;
  }

  async history(
    of: HistoryFamily,
    dimensions: string,
    fromMs: number,
    toMs: number,
    limit: number,
  ): Promise<HistoryEntry[]> {
    const found: HistoryEntry[] = [];
    await this.ask((shard) => [
      entriesOf(this.keyspace.key(shard, of, dimensions), [fromMs, toMs], limit, (entries) => found.push(...entries)),
    ]);
    return found.sort(newestFirst).slice(0, limit);
  }

  async historiesWithin(
    of: HistoryFamily,
    dimensions: readonly string[],
    fromMs: number,
    toMs: number,
  ): Promise<HistoryEntry[][]> {
    const found = dimensions.map((): HistoryEntry[] => []);
    await this.ask((shard) =>
      dimensions.flatMap((dimension, i) => {
        const key = this.keyspace.key(shard, of, dimension);
        const add = (entries: readonly HistoryEntry[]) => found[i]?.push(...entries);
        return [
          entriesOf(key, [fromMs, toMs], Number.POSITIVE_INFINITY, add),
          entriesOf(key, ['-inf', fromMs], 1, add),
        ];
      }),
    );
    return found.map((entries) => entries.sort(newestFirst));
  }

  latest(of: LatestFamily, fields: readonly string[]): Promise<(string | undefined)[]> {
    return this.values.of(of, fields);
  }

  allLatest(of: LatestFamily): Promise<Map<string, string>> {
    return this.values.all(of);
  }

  async groups(of: LatestFamily): Promise<ReadonlyMap<string, string>> {
    return (await this.values.groups(of)).values;
  }

  async groupedSums(by: readonly RankedBy[], windows: WindowSet, of: LatestFamily): Promise<Counts[]> {
    const sums = by.map(() => new Map<string, number>());
    if (windows.labels.length === 0) return sums;
    const groups = await this.values.groups(of);
    await this.eachShard((shard) => this.grouped.sums(shard, by, windows, groups, of.name, sums));
    return sums;
  }

  pause(): Promise<void> {
    return nextTurn();
  }

  private ask(reads: (shard: number) => readonly ShardRead[]): Promise<void> {
    return this.eachShard((shard) => this.reads.ask(shard, reads(shard)));
  }

  private async eachShard(read: (shard: number) => Promise<void>): Promise<void> {
    await Promise.all(Array.from({ length: this.keyspace.shards }, (_, shard) => read(shard)));
  }
}
