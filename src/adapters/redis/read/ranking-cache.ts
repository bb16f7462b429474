import {
  rankingCache,
  rankingCacheStamps,
  rankingField,
  unchangedDays,
} from '../../../metrics/bookkeeping-families.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { RankedBy, WindowSet } from '../../../metrics/reader.ts';
import { isDayLabel } from '../../../time/windows.ts';
import { type RedisClient, readTogether } from '../client/connection.ts';

/** Below this, adding up is as fast as looking for cached sums. */
const FEWEST_DAYS = 4;

/** Periods whose sums a process keeps for each shard; what was not asked for longest goes. */
interface CacheLimits {
  /** So many stay, whatever they hold. */
  readonly fewest: number;
  /** More of them stay up to here … */
  readonly most: number;
  /** … while all together hold no more members than that: some 100 bytes each. */
  readonly members: number;
}

const LIMITS: CacheLimits = { fewest: 64, most: 256, members: 1_000_000 };

/**
 * Whether sums are added up where they are not cached yet, used
 * where they are, or left alone: then windows stay in their order.
 */
type Caching = 'build' | 'use' | 'none';

/** Keys and labels that scripts behind `ranking-cache.lua` take. */
interface RankingCacheKeys {
  /**
   * Sums and stamps of all days and of those that are over, days
   * that have not changed; the rankings, in the windows' order.
   */
  readonly keys: readonly string[];
  /** Of the days, and of hours before them. */
  readonly labels: readonly string[];
}

/**
 * Sums of rankings over days that are over, cached in Redis by
 * the scripts that add them up; here their number is bounded.
 */
export class RankingCache {
  private readonly redis: RedisClient;
  private readonly keyspace: Keyspace;
  private readonly limits: CacheLimits;
  /** By shard, oldest first. */
  private readonly asked: readonly Map<string, readonly string[]>[];

  constructor(redis: RedisClient, keyspace: Keyspace, limits = LIMITS) {
    this.redis = redis;
    this.keyspace = keyspace;
    this.limits = limits;
    this.asked = Array.from({ length: keyspace.shards }, () => new Map());
  }

  /**
   * The newest day may be open, and carts of the day before are still abandoned long after
   * midnight: sums with these two are cached apart, and only while nothing changes them. Hours before the first whole day are of
   * one that is over as well.
   * @param by several are added up together
   */
  with(shard: number, by: readonly RankedBy[], { labels }: WindowSet, caching: Caching): RankingCacheKeys {
    const lastDay = caching === 'none' ? -1 : labels.findLastIndex(isDayLabel);
    const firstDay = labels.findIndex(isDayLabel);
    const days = lastDay - firstDay + 1 >= FEWEST_DAYS ? labels.slice(0, lastDay + 1) : [];
    const names = [days, days.slice(0, -2)].map((of) => nameOf(by, of));
    const cache = names.flatMap((name) =>
      [rankingCache, rankingCacheStamps].map((family) => this.keyspace.key(shard, family, name)),
    );
    if (days.length > 0) this.note(shard, names.join(), cache, caching);
    const rankings = labels.flatMap((label) =>
      by.map(({ of, dimensions }) => this.keyspace.key(shard, of, dimensions, label)),
    );
    return { keys: [...cache, this.keyspace.key(shard, unchangedDays, ''), ...rankings], labels: days };
  }

  private note(shard: number, name: string, cache: readonly string[], caching: Caching): void {
    const asked = this.asked[shard] ?? new Map<string, readonly string[]>();
    const isKnown = asked.delete(name);
    // What nobody builds takes no place, lest others go for it.
    if (!isKnown && caching !== 'build') return;
    asked.set(name, cache);
    if (isKnown || asked.size <= this.limits.fewest) return;
    // Should that fail, they go by themselves a while later.
    this.shorten(asked).catch(() => undefined);
  }

  private async shorten(asked: Map<string, readonly string[]>): Promise<void> {
    const { fewest, most, members } = this.limits;
    const each = [...asked];
    const sums = each.flatMap(([, [all = '', , over = '']]) => [all, over]);
    const sizes = await readTogether(
      this.redis,
      sums.map((key) => (on) => on.zcard(key)),
    );
    let held = sizes.reduce<number>((sum, size) => sum + Number(size), 0);
    const gone: (readonly string[])[] = [];
    for (const [i, [name, cache]] of each.entries()) {
      if (asked.size <= fewest || (asked.size <= most && held <= members)) break;
      held -= Number(sizes[2 * i]) + Number(sizes[2 * i + 1]);
      asked.delete(name);
      gone.push(cache);
    }
    // Each in one command: sums without their stamp are nothing, a stamp without its sums would be wrong.
    await Promise.all(gone.map((cache) => this.redis.unlink(...cache)));
  }
}

function nameOf(by: readonly RankedBy[], days: readonly string[]): string {
  const period = `${days[0] ?? ''}..${days.at(-1) ?? ''}`;
  return by.map(({ of, dimensions }) => rankingField(of, dimensions, period)).join('+');
}
