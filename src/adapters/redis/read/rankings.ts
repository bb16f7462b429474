import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { Ranked, RankedBy, WindowSet } from '../../../metrics/reader.ts';
import { pairs, type RedisClient, readTogether, toMaybeStrings, toStrings } from '../client/connection.ts';
import { unpacked } from '../client/msgpack.ts';
import { RankingCache } from './ranking-cache.ts';

/** Asked for so many members, a ranking's sums over days that are over are cached. */
const WORTH_CACHING = 50;
/** Added up in parts so often and changed meanwhile, sums are added up at once. */
const MOST_BEGINNINGS = 3;
/** Keys that stand before those of the rankings. */
const CACHE_KEYS = 5;

type RankingCommand = 'rankingTopBuffer' | 'rankingSumsBuffer' | 'rankingMembersBuffer';
type RankingArguments = readonly (string | number)[];

/** Reads rankings of one shard, added up over windows in Redis. Where that takes no write, it is done on the way out. */
export class Rankings {
  private readonly redis: RedisClient;
  private readonly keyspace: Keyspace;
  private readonly rankingCache: RankingCache;

  constructor(redis: RedisClient, keyspace: Keyspace) {
    this.redis = redis;
    this.keyspace = keyspace;
    this.rankingCache = new RankingCache(redis, keyspace);
  }

  /** The members with the greatest sums; all of them where the limit is infinite. */
  async top(shard: number, by: RankedBy, windows: WindowSet, limit: number): Promise<Ranked[]> {
    const { keys, labels } = this.rankingCache.with(shard, [by], windows, 'build');
    const args = [Number.isFinite(limit) ? limit : -1, ...labels];
    const flat = await this.written(
      () => this.inParts('rankingTopBuffer', [this.keyspace.scratch(shard), ...keys], args),
      () => this.redis.zunion(windows.labels.length, keys.slice(CACHE_KEYS), 'WITHSCORES'),
    );
    return toRanked(flat);
  }

  /** @param isIn which windows, by their place, count for a member; all where it is absent */
  async sums(
    shard: number,
    by: RankedBy,
    windows: WindowSet,
    members: readonly string[],
    isIn?: (member: string, window: number) => boolean,
  ): Promise<Ranked[]> {
    const mask = (member: string): string => windows.labels.map((_, i) => (isIn?.(member, i) ? '1' : '0')).join('');
    const masked = members.flatMap((member) => [member, isIn === undefined ? '' : mask(member)]);
    const caching = isIn !== undefined ? 'none' : members.length >= WORTH_CACHING ? 'build' : 'use';
    const { keys, labels } = this.rankingCache.with(shard, [by], windows, caching);
    const args = [labels.length, caching === 'build' ? '1' : '0', ...labels, ...masked];
    return toRanked(toStrings(await this.inParts('rankingSumsBuffer', keys, args)));
  }

  /** Whom any of the rankings holds in any window. */
  members(shard: number, by: readonly RankedBy[], windows: WindowSet): Promise<string[]> {
    const { keys, labels } = this.rankingCache.with(shard, by, windows, 'build');
    const args = [by.length, ...labels];
    const rankings = keys.slice(CACHE_KEYS);
    return this.written(
      () => this.inParts('rankingMembersBuffer', [this.keyspace.scratch(shard), ...keys], args),
      () => this.redis.zunion(rankings.length, rankings),
    );
  }

  /** In the windows' order; 0 where a window does not hold the member. */
  async scores(shard: number, { of, dimensions }: RankedBy, { labels }: WindowSet, member: string): Promise<number[]> {
    const keys = labels.map((label) => this.keyspace.key(shard, of, dimensions, label));
    const replies = await readTogether(
      this.redis,
      keys.map((key) => (on) => on.zscore(key, member)),
    );
    return toMaybeStrings(replies).map(Number);
  }

  /** Where there is much to add up, a call does a part of it and says how far it came, so that none holds Redis for long. */
  private async inParts(command: RankingCommand, keys: readonly string[], args: RankingArguments): Promise<unknown> {
    let reached = 0;
    // Begun anew again and again, because days that are over keep changing, it would never end.
    for (let begun = 0; begun < MOST_BEGINNINGS; ) {
      const reply = await this.call(command, keys, ['1', ...args]);
      if (typeof reply !== 'number') return reply;
      if (reply <= reached) begun += 1;
      reached = reply;
    }
    return this.call(command, keys, ['0', ...args]);
  }

  private async call(command: RankingCommand, keys: readonly string[], args: RankingArguments): Promise<unknown> {
    return unpacked(await this.redis[command](keys.length, keys, args));
  }

  /** What a script adds up in a key of its own; a Redis that is full, or a replica, takes none. */
  private async written(script: () => Promise<unknown>, instead: () => Promise<string[]>): Promise<string[]> {
    try {
      return toStrings(await script());
    } catch (error) {
      if (!(error instanceof Error && /OOM|READONLY/.test(error.message))) throw error;
      return instead();
    }
  }
}

function toRanked(flat: readonly string[]): Ranked[] {
  return pairs(flat).map(([member, score]) => ({ member, score: Number(score) }));
}
