import { z } from 'zod';
import type { CartLists, CartPage, ListedCart } from '../../analytics/cart-lists.ts';
import type { Family } from '../../analytics/families.ts';
import type { Keyspace } from '../../analytics/keyspace.ts';
import type { Calendar } from '../../analytics/windows.ts';
import { LIVE } from '../../ingestion/batch.ts';
import { cartField, toCartRecord } from '../../ingestion/cart-records.ts';
import { decodeCart } from '../../ingestion/records.ts';
import { cartIndex, cartRecords, carts, cartsDue } from '../../ingestion/state-families.ts';
import { pairs, type RedisClient } from './connection.ts';

/** Carts looked at by one round trip. */
const CHUNK = 200;

const recordSchema = z.object({
  cart_id: z.string(),
  user_id: z.string(),
  city: z.string(),
  value: z.number(),
  currency: z.string(),
  items: z.array(z.object({ item_id: z.string(), quantity: z.number(), price: z.number() })),
  stage: z.enum(['cart', 'checkout']),
  opened_at: z.string(),
  last_activity_at: z.string(),
  abandoned_at: z.string(),
  recovered_at: z.string().exactOptional(),
});

/** A sorted set of carts, and what stands behind its members. */
interface Source {
  readonly key: string;
  /** What its scores lie behind the moment that lists are ordered by. */
  readonly shiftMs: number;
  read(members: readonly string[]): Promise<(ListedCart['cart'] | undefined)[]>;
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
            text === null ? undefined : toCartRecord(users[i] ?? '', decodeCart(text), this.calendar),
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
            (await this.redis.hmget(records, ...fields)).map((text) =>
              text === null ? undefined : recordSchema.parse(JSON.parse(text)),
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
      if (text !== null) return recordSchema.parse(JSON.parse(text)).recovered_at !== undefined;
    }
    return false;
  }

  private async merge(sources: readonly Source[], page: CartPage): Promise<ListedCart[]> {
    const lists = await Promise.all(sources.map((source) => this.take(source, page)));
    return lists.flat().sort(newestFirst).slice(0, page.limit);
  }

  /** Walks down from the newest until there are enough of the period. */
  private async take({ key, shiftMs, read }: Source, page: CartPage): Promise<ListedCart[]> {
    const found: ListedCart[] = [];
    const max = page.behind === undefined ? '+inf' : String(page.behind.atMs + shiftMs);
    for (let offset = 0; found.length < page.limit; offset += CHUNK) {
      const scored = pairs(
        await this.redis.zrevrangebyscore(key, max, page.fromMs + shiftMs, 'WITHSCORES', 'LIMIT', offset, CHUNK),
      );
      if (scored.length === 0) break;
      const records = await read(scored.map(([member]) => member));
      for (const [i, cart] of records.entries()) {
        const listed = cart && { atMs: Number(scored[i]?.[1]) - shiftMs, cart };
        if (listed && isOfPage(listed, page)) found.push(listed);
      }
      if (scored.length < CHUNK) break;
    }
    return found;
  }

  private key(shard: number, of: Family, dimensions: string): string {
    return this.keyspace.key(shard, of, dimensions);
  }
}

function isOfPage({ atMs, cart }: ListedCart, { fromMs, toMs, city, behind }: CartPage): boolean {
  if (city !== undefined && cart.city !== city) return false;
  const openedMs = Date.parse(cart.opened_at);
  if (openedMs < fromMs || openedMs >= toMs) return false;
  return behind === undefined || atMs < behind.atMs || (atMs === behind.atMs && cart.cart_id > behind.cartId);
}

function newestFirst(a: ListedCart, b: ListedCart): number {
  return b.atMs - a.atMs || (a.cart.cart_id < b.cart.cart_id ? -1 : 1);
}
