import type { CartLists, CartPage, ListedCart } from '../../analytics/cart-lists.ts';
import type { Family } from '../../analytics/families.ts';
import type { Keyspace } from '../../analytics/keyspace.ts';
import type { Calendar } from '../../analytics/windows.ts';
import { LIVE } from '../../ingestion/batch.ts';
import { cartField, toCartRecord, userOfField } from '../../ingestion/cart-records.ts';
import { decodeCart, decodeEndedCart, type EndedCart } from '../../ingestion/records.ts';
import { cartIndex, cartRecords, carts, cartsDue } from '../../ingestion/state-families.ts';
import { pairs, type RedisClient } from './connection.ts';

/** Carts looked at by one round trip at most. */
const MOST_AT_ONCE = 200;

/** A cart as it is kept, and whose it is. */
interface KeptCart extends EndedCart {
  readonly userId: string;
}

interface Found extends KeptCart {
  readonly atMs: number;
}

/** A sorted set of carts, and what stands behind its members. */
interface Source {
  readonly key: string;
  /** What its scores lie behind the moment that lists are ordered by. */
  readonly shiftMs: number;
  read(members: readonly string[]): Promise<(KeptCart | undefined)[]>;
}

/** Carts as lists show them: open ones out of folding's state, ended ones out of their records. */
export class RedisCartStore implements CartLists {
  private readonly redis: RedisClient;
  private readonly keyspace: Keyspace;
  private readonly calendar: Calendar;
  private readonly partitions: number;
  private readonly cartTimeoutMs: number;

  constructor(redis: RedisClient, keyspace: Keyspace, calendar: Calendar, partitions: number, cartTimeoutMs: number) {
    this.redis = redis;
    this.keyspace = keyspace;
    this.calendar = calendar;
    this.partitions = partitions;
    this.cartTimeoutMs = cartTimeoutMs;
  }

  open(page: CartPage): Promise<ListedCart[]> {
    const sources = Array.from({ length: this.partitions }, (_, index): Source => {
      const shard = this.keyspace.shardOf(index);
      const lane = `events-${index}:${LIVE}`;
      const state = this.key(shard, carts, lane);
      return {
        key: this.key(shard, cartsDue, lane),
        shiftMs: this.cartTimeoutMs,
        read: async (users) =>
          (await this.redis.hmget(state, ...users)).map((text, i) =>
            text === null ? undefined : { userId: users[i] ?? '', cart: decodeCart(text), recoveredMs: undefined },
          ),
      };
    });
    return this.merge(sources, page);
  }

  ended(status: 'abandoned' | 'recovered', page: CartPage): Promise<ListedCart[]> {
    const shards = Array.from({ length: this.keyspace.shards }, (_, shard) => shard);
    const sources = page.days.flatMap((day) =>
      shards.map((shard): Source => {
        const records = this.key(shard, cartRecords, day);
        return {
          key: this.key(shard, cartIndex, `${status}:${day}`),
          shiftMs: 0,
          read: async (fields) =>
            (await this.redis.hmget(records, ...fields)).map((text, i) =>
              text === null ? undefined : { userId: userOfField(fields[i] ?? ''), ...decodeEndedCart(text) },
            ),
        };
      }),
    );
    return this.merge(sources, page);
  }

  /** Was this cart, abandoned once, bought in the end? */
  async isBought(userId: string, cartId: string, openedMs: number): Promise<boolean> {
    const { day } = this.calendar.at(openedMs);
    const field = cartField(userId, cartId);
    for (let shard = 0; shard < this.keyspace.shards; shard++) {
      const text = await this.redis.hget(this.key(shard, cartRecords, day), field);
      if (text !== null) return decodeEndedCart(text).recoveredMs !== undefined;
    }
    return false;
  }

  private async merge(sources: readonly Source[], page: CartPage): Promise<ListedCart[]> {
    const lists = await Promise.all(sources.map((source) => this.take(source, page)));
    const newest = lists.flat().sort(newestFirst).slice(0, page.limit);
    return newest.map(({ atMs, userId, cart, recoveredMs }) => ({
      atMs,
      cart: toCartRecord(userId, cart, this.calendar, recoveredMs),
    }));
  }

  /** Walks down from the newest until there are enough of the period. */
  private async take({ key, shiftMs, read }: Source, page: CartPage): Promise<Found[]> {
    const found: Found[] = [];
    const max = page.behind === undefined ? '+inf' : String(page.behind.atMs + shiftMs);
    // Mostly the newest are those that are shown; where they are of other cities or hours, it goes on in larger steps.
    let step = Math.min(page.limit, MOST_AT_ONCE);
    for (let offset = 0; ; step = MOST_AT_ONCE) {
      const scored = pairs(
        await this.redis.zrevrangebyscore(key, max, page.fromMs + shiftMs, 'WITHSCORES', 'LIMIT', offset, step),
      );
      if (scored.length === 0) break;
      const chunk = await read(scored.map(([member]) => member));
      for (const [i, kept] of chunk.entries()) {
        const listed = kept && { ...kept, atMs: Number(scored[i]?.[1]) - shiftMs };
        if (listed && isOfPage(listed, page)) found.push(listed);
      }
      // Of carts of one moment those come first whose id does, so all of them are looked at.
      const cutMs = found[page.limit - 1]?.atMs;
      const lastMs = Number(scored.at(-1)?.[1]) - shiftMs;
      if (scored.length < step || (cutMs !== undefined && lastMs < cutMs)) break;
      offset += step;
    }
    return found;
  }

  private key(shard: number, of: Family, dimensions: string): string {
    return this.keyspace.key(shard, of, dimensions);
  }
}

function isOfPage({ atMs, cart }: Found, { fromMs, toMs, city, behind }: CartPage): boolean {
  if (city !== undefined && cart.city !== city) return false;
  if (cart.openedMs < fromMs || cart.openedMs >= toMs) return false;
  return behind === undefined || atMs < behind.atMs || (atMs === behind.atMs && cart.cartId > behind.cartId);
}

function newestFirst(a: Found, b: Found): number {
  return b.atMs - a.atMs || (a.cart.cartId < b.cart.cartId ? -1 : 1);
}
