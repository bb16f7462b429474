import {
  rankingCache,
  rankingCacheStamps,
  rankingField,
  unchangedDays,
} from '../../../metrics/bookkeeping-families.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { RankedBy, WindowSet } from '../../../metrics/reader.ts';
import { isDayLabel } from '../../../time/windows.ts';
import type { RedisClient } from '../client/connection.ts';

/** Below this, adding up is as fast as looking for cached sums. */
const FEWEST_DAYS = 4;
/** Of one shard and process; what was not asked for longest goes. */
const MOST_CACHED = 64;

/**
 * Whether sums are added up where they are not cached yet, used
 * where they are, or left alone: then windows stay in their order.
 */
type Caching = 'build' | 'use' | 'none';

/** Keys and labels that scripts behind `ranking-cache.lua` take. */
interface RankingCacheKeys {
  /**
   * Sums and stamps of all days and of those that are over, days
   * that have not changed; the rankings, those of days first.
   */
  readonly keys: readonly string[];
  /** Of the days. */
  readonly labels: readonly string[];
}

/**
 * Sums of rankings over days that are over, cached in Redis by
 * the scripts that add them up; here their number is bounded.
 */
export class RankingCache {
  private readonly redis: RedisClient;
  private readonly keyspace: Keyspace;
  /** Oldest first. */
  private readonly asked = new Map<string, readonly string[]>();

  constructor(redis: RedisClient, keyspace: Keyspace) {
    this.redis = redis;
    this.keyspace = keyspace;
  }

  /**
   * The newest day may be open, and carts of the day before are still abandoned long after
   * midnight: sums with these two are cached apart, and only while nothing changes them.
   * @param by several are added up together
   */
  with(shard: number, by: readonly RankedBy[], { labels }: WindowSet, caching: Caching): RankingCacheKeys {
    const wholeDays = caching === 'none' ? [] : labels.filter(isDayLabel);
    const days = wholeDays.length >= FEWEST_DAYS ? wholeDays : [];
    const names = [days, days.slice(0, -2)].map((of) => nameOf(by, of));
    const cache = names.flatMap((name) =>
      [rankingCache, rankingCacheStamps].map((family) => this.keyspace.key(shard, family, name)),
    );
    if (days.length > 0) this.note(shard, names.join(), cache, caching);
    const others = days.length > 0 ? labels.filter((label) => !days.includes(label)) : labels;
    const rankings = [...days, ...others].flatMap((label) =>
      by.map(({ of, dimensions }) => this.keyspace.key(shard, of, dimensions, label)),
    );
    return { keys: [...cache, this.keyspace.key(shard, unchangedDays, ''), ...rankings], labels: days };
  }

  /** All go in one command: sums without their stamp are nothing, a stamp without its sums would be wrong. */
  private note(shard: number, name: string, cache: readonly string[], caching: Caching): void {
    const id = `${shard} ${name}`;
    const isKnown = this.asked.delete(id);
    // What nobody builds takes no place, lest others go for it.
    if (!isKnown && caching !== 'build') return;
    this.asked.set(id, cache);
    if (this.asked.size <= MOST_CACHED * this.keyspace.shards) return;
    const [oldest] = this.asked;
    if (oldest === undefined) return;
    this.asked.delete(oldest[0]);
    // Should that fail, they go by themselves a while later.
    this.redis.unlink(...oldest[1]).catch(() => undefined);
  }
}

function nameOf(by: readonly RankedBy[], days: readonly string[]): string {
  const period = `${days[0] ?? ''}..${days.at(-1) ?? ''}`;
  return by.map(({ of, dimensions }) => rankingField(of, dimensions, period)).join('+');
}
