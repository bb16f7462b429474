import type { Keyspace } from '../../../metrics/keyspace.ts';
import { LIGHT_US } from '../../../metrics/read-budget.ts';
import type { RankedBy, WindowSet } from '../../../metrics/reader.ts';
import { pairs, type RedisClient, toStrings } from '../client/connection.ts';
import { unpacked } from '../client/msgpack.ts';
import type { RankingCache } from './ranking-cache.ts';
import { firstOf, type Masked, scoreOf, sumsOf } from './shard-read.ts';
import { endOfTurn, type ShardReads } from './shard-reads.ts';

/** Asked for so many members, a ranking's sums over days that are over are cached. */
const WORTH_CACHING = 50;
/** Changed so often while they were added up in parts, sums are added up outside of Redis. */
const MOST_BEGINNINGS = 3;
/** Keys that stand before those of the rankings. */
const CACHE_KEYS = 5;
/** What adding up a member costs Redis, in microseconds; docs/performance-log.md. */
const MEMBER_US = 0.4;
/** So many members one call adds up: what a light answer may do, and what a call may that has a place among the heavy ones. */
const LIGHT_MEMBERS = LIGHT_US / MEMBER_US;
const MOST_MEMBERS = 30_000;
const SCAN_COUNT = 3_000;

type RankingCommand = 'rankingTopBuffer' | 'rankingBuildBuffer' | 'rankingMembersBuffer';
type RankingArguments = readonly (string | number)[];
/** Member and score. */
type UseScore = (member: string, score: number) => void;

/** Reads rankings of one shard for one answer, added up over windows in Redis; what is too large for that is added up here. */
export class Rankings {
  private readonly redis: RedisClient;
  private readonly keyspace: Keyspace;
  private readonly cache: RankingCache;
  private readonly reads: ShardReads;

  constructor(redis: RedisClient, keyspace: Keyspace, cache: RankingCache, reads: ShardReads) {
    this.redis = redis;
    this.keyspace = keyspace;
    this.cache = cache;
    this.reads = reads;
  }

  /**
   * Hands out the members with the greatest sums; all of them where the limit is infinite, and where they are added up here. Where it is
   * in parts, what a member has adds up.
   */
  async top(shard: number, by: RankedBy, windows: WindowSet, limit: number, use: UseScore): Promise<void> {
    const [label = ''] = windows.labels;
    if (windows.labels.length === 1 && Number.isFinite(limit)) {
      const key = this.keyspace.key(shard, by.of, by.dimensions, label);
      return this.reads.ask(shard, [firstOf(key, label, limit, use)]);
    }
    const { keys, labels } = this.cache.with(shard, [by], windows, 'build');
    const args = [Number.isFinite(limit) ? limit : -1, ...labels];
    const reply = await this.inParts('rankingTopBuffer', [this.keyspace.scratch(shard), ...keys], args);
    if (reply === undefined) return this.scan(keys.slice(CACHE_KEYS), use);
    for (const [member, score] of pairs(toStrings(reply))) use(member, Number(score));
  }

  /** @param isIn which windows, by their place, count for a member; all where it is absent */
  async sums(
    shard: number,
    by: RankedBy,
    windows: WindowSet,
    members: readonly string[],
    isIn: ((member: string, window: number) => boolean) | undefined,
    use: UseScore,
  ): Promise<void> {
    const mask = (member: string): string => windows.labels.map((_, i) => (isIn?.(member, i) ? '1' : '0')).join('');
    const masked = members.map((member): Masked => [member, isIn === undefined ? '' : mask(member)]);
    const caching = isIn !== undefined ? 'none' : members.length >= WORTH_CACHING ? 'build' : 'use';
    const { keys, labels } = this.cache.with(shard, [by], windows, caching);
    const build = async (): Promise<void> => {
      await this.inParts('rankingBuildBuffer', keys, labels);
    };
    const isBuilt = caching === 'build' && labels.length > 0;
    await this.reads.ask(shard, [{ ...sumsOf(keys, labels, masked, use), ...(isBuilt && { prepare: build }) }]);
  }

  /** Hands out whom any of the rankings holds in any window. */
  async members(
    shard: number,
    by: readonly RankedBy[],
    windows: WindowSet,
    use: (member: string) => void,
  ): Promise<void> {
    const { keys, labels } = this.cache.with(shard, by, windows, 'build');
    const args = [by.length, ...labels];
    const reply = await this.inParts('rankingMembersBuffer', [this.keyspace.scratch(shard), ...keys], args);
    if (reply === undefined) return this.scan(keys.slice(CACHE_KEYS), use);
    for (const member of toStrings(reply)) use(member);
  }

  /** In the windows' order. */
  async scores(
    shard: number,
    { of, dimensions }: RankedBy,
    { labels }: WindowSet,
    member: string,
    use: (window: number, score: number) => void,
  ): Promise<void> {
    const reads = labels.map((label, i) =>
      scoreOf(this.keyspace.key(shard, of, dimensions, label), label, member, (score) => use(i, score)),
    );
    await this.reads.ask(shard, reads);
  }

  /**
   * Where there is much to add up, a call does a part of it and says how far it came. Undefined where a call may not add up as much as a
   * single day, where it would never end because days that are over keep changing, and where Redis takes no write.
   */
  private async inParts(command: RankingCommand, keys: readonly string[], args: RankingArguments): Promise<unknown> {
    const { budget } = this.reads;
    // Sent with what else is asked for in this turn.
    await endOfTurn();
    let reached = 0;
    for (let begun = 0; begun < MOST_BEGINNINGS; ) {
      const isFree = budget.freeUs === Number.POSITIVE_INFINITY;
      const most = isFree ? MOST_MEMBERS : LIGHT_MEMBERS;
      const reply = await this.call(command, keys, [most, ...args]);
      if (typeof reply === 'number' || (reply === false && !isFree)) {
        await budget.allow(MOST_MEMBERS * MEMBER_US);
        if (isFree) budget.note(MOST_MEMBERS * MEMBER_US);
        if (typeof reply === 'number' && reply <= reached) begun += 1;
        if (typeof reply === 'number') reached = reply;
      } else return reply === false ? undefined : reply;
    }
    return undefined;
  }

  private async call(command: RankingCommand, keys: readonly string[], args: RankingArguments): Promise<unknown> {
    try {
      return unpacked(await this.reads.alone(() => this.redis[command](keys.length, keys, args)));
    } catch (error) {
      // What is added up in a key of its own; a Redis that is full, or a replica, takes none.
      if (error instanceof Error && /OOM|READONLY/.test(error.message)) return false;
      throw error;
    }
  }

  /** Reads whole rankings in small steps. */
  private async scan(keys: readonly string[], use: UseScore): Promise<void> {
    for (const key of keys) {
      // A member may come twice where the ranking grows meanwhile.
      const seen = new Set<string>();
      let cursor = '0';
      do {
        const at = cursor;
        const [next, flat] = await this.reads.alone(() => this.redis.zscan(key, at, 'COUNT', SCAN_COUNT));
        for (const [member, score] of pairs(flat)) {
          if (!seen.has(member)) use(member, Number(score));
          seen.add(member);
        }
        await this.reads.budget.allow(flat.length * MEMBER_US);
        this.reads.budget.note(flat.length * MEMBER_US);
        cursor = next;
      } while (cursor !== '0');
    }
  }
}
