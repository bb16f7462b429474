import { cartDays, cartRecords } from '../../../fold/state/state-families.ts';
import {
  rankedDimensions,
  rankingField,
  trimmedBuckets,
  unchangedDays,
} from '../../../metrics/bookkeeping-families.ts';
import {
  type CounterFamily,
  type Family,
  isOfKind,
  type LatestFamily,
  type Lives,
  type RankingFamily,
} from '../../../metrics/family.ts';
import { splitField } from '../../../metrics/fields.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import { dayOf } from '../../../time/windows.ts';
import { type Read, type RedisClient, readTogether, runPipeline } from '../client/connection.ts';

/** Fields taken off by one command, so that none holds Redis for long; keys asked for their length. */
const [FIELDS_PER_CALL, KEYS_PER_CALL] = [1_000, 500];

interface Capped {
  readonly of: RankingFamily | CounterFamily;
  readonly dimensions: string;
}

/** Shortens what is open-ended to its cap. Only what is closed, or not about a time, is ever shortened. */
export class Trimmer {
  private readonly redis: RedisClient;
  private readonly keyspace: Keyspace;
  private readonly families: ReadonlyMap<string, Family>;

  constructor(redis: RedisClient, keyspace: Keyspace, families: readonly Family[]) {
    this.redis = redis;
    this.keyspace = keyspace;
    this.families = new Map(families.filter(({ cap }) => cap !== undefined).map((family) => [family.name, family]));
  }

  /** A closed window of every ranking and counter that has a cap, whatever its dimensions. */
  async trimWindow(shard: number, label: string): Promise<void> {
    for (const { of, dimensions } of await this.tooLong(shard, label)) {
      const cut = isOfKind(of, 'ranking')
        ? await this.trimRanking(shard, of, dimensions, label)
        : await this.trimCounter(shard, of, dimensions, label);
      if (cut > 0) await this.redis.hset(this.key(shard, trimmedBuckets), rankingField(of, dimensions, label), cut);
    }
  }

  /** Nearly none has more than its cap: all are asked for their length in a few calls. */
  private async tooLong(shard: number, label: string): Promise<readonly Capped[]> {
    const fields = await this.redis.hkeys(this.key(shard, rankedDimensions));
    const all = fields.flatMap((field): Capped[] => {
      const [name = '', dimensions = ''] = field.split('|');
      const of = this.families.get(name);
      return of !== undefined && (isOfKind(of, 'ranking') || isOfKind(of, 'counter')) ? [{ of, dimensions }] : [];
    });
    const found: Capped[] = [];
    for (let from = 0; from < all.length; from += KEYS_PER_CALL) {
      const some = all.slice(from, from + KEYS_PER_CALL);
      const lengthOf = ({ of, dimensions }: Capped): Read => {
        const key = this.keyspace.key(shard, of, dimensions, label);
        return (on) => (isOfKind(of, 'ranking') ? on.zcard(key) : on.hlen(key));
      };
      const lengths = await readTogether(this.redis, some.map(lengthOf));
      found.push(...some.filter(({ of }, i) => Number(lengths[i]) > (of.cap ?? 0)));
    }
    return found;
  }

  /** Values that are not about a time: those that nobody has written for longest go. */
  async trimNewest(shard: number): Promise<void> {
    for (const of of this.families.values()) {
      if (isOfKind(of, 'latest')) await this.trimOldest(shard, of);
    }
  }

  /** What was trimmed, and which days have not changed, is noted for as long as it can be asked for. */
  async forgetNotes(shard: number, oldest: (lives: 'hour' | 'day') => string): Promise<void> {
    const key = this.key(shard, trimmedBuckets);
    const notes = await this.redis.hkeys(key);
    const old = notes.filter((field) => {
      const label = field.slice(field.lastIndexOf('|') + 1);
      return label.slice(0, 10) < oldest(label.length > 10 ? 'hour' : 'day');
    });
    if (old.length > 0) await this.redis.hdel(key, ...old);
    const days = await this.redis.hkeys(this.key(shard, unchangedDays));
    const gone = days.filter((day) => day < oldest('day'));
    if (gone.length > 0) await this.redis.hdel(this.key(shard, unchangedDays), ...gone);
  }

  /** Days of which no cart is recorded any more. */
  async forgetCartDays(shard: number): Promise<void> {
    const key = this.key(shard, cartDays);
    for (const day of await this.redis.hkeys(key)) {
      const kept = await this.redis.exists(this.keyspace.key(shard, cartRecords, day));
      if (kept === 0) await this.redis.hdel(key, day);
    }
  }

  private async trimRanking(shard: number, of: RankingFamily, dimensions: string, label: string): Promise<number> {
    const key = this.keyspace.key(shard, of, dimensions, label);
    // Sums that are kept of the day are wrong from then on.
    const [cut] = await runPipeline(
      this.redis
        .multi()
        .zremrangebyrank(key, 0, -((of.cap ?? 0) + 1))
        .hdel(this.key(shard, unchangedDays), dayOf(label)),
    );
    return Number(cut);
  }

  /** Whole dimension values, those with the least in their fields first; sums over all stay. */
  private async trimCounter(shard: number, of: CounterFamily, dimensions: string, label: string): Promise<number> {
    const key = this.keyspace.key(shard, of, dimensions, label);
    const cap = of.cap ?? 0;
    const groups = new Map<string, { sum: number; fields: string[] }>();
    for (const [field, n] of Object.entries(await this.redis.hgetall(key))) {
      const name = of.groupOf === undefined ? valueIn(field) : of.groupOf(field);
      if (name === undefined) continue;
      const group = groups.get(name) ?? { sum: 0, fields: [] };
      group.sum += Math.abs(Number(n));
      group.fields.push(field);
      groups.set(name, group);
    }
    const least = [...groups].sort(([a, x], [b, y]) => y.sum - x.sum || (a < b ? -1 : 1)).slice(cap);
    await this.remove(
      key,
      least.flatMap(([, { fields }]) => fields),
    );
    return least.length;
  }

  private async trimOldest(shard: number, of: LatestFamily): Promise<void> {
    const key = this.key(shard, of);
    const over = (await this.redis.hlen(key)) - (of.cap ?? 0);
    if (over <= 0) return;
    const stamped = Object.entries(await this.redis.hgetall(key)).sort(([, a], [, b]) => (a < b ? -1 : 1));
    await this.remove(
      key,
      stamped.slice(0, over).map(([field]) => field),
    );
  }

  private async remove(key: string, fields: readonly string[]): Promise<void> {
    for (let from = 0; from < fields.length; from += FIELDS_PER_CALL)
      await this.redis.hdel(key, ...fields.slice(from, from + FIELDS_PER_CALL));
  }

  private key(shard: number, of: Family): string {
    return this.keyspace.key(shard, of, '');
  }
}

/** None where the field is a sum over all. */
function valueIn(field: string): string | undefined {
  return field.includes('|') ? splitField(field).value : undefined;
}

/** The oldest day of which hours or days are still kept. */
export function oldestKept(lives: Lives, daysBefore: (days: number) => string): (window: 'hour' | 'day') => string {
  return (window) => daysBefore(Math.ceil(window === 'hour' ? lives.hourlyDays : lives.dailyDays) + 1);
}
