import type { CartLists, CartPage, ListedPage } from '../../../analytics/abandoned-carts/cart-lists.ts';
import { cartField, toCartRecord, userOfField } from '../../../fold/carts/cart-message.ts';
import { LIVE } from '../../../fold/settings.ts';
import { decodeCart, decodeEndedCart } from '../../../fold/state/records.ts';
import { cartIndex, cartRecords, carts, cartsDue } from '../../../fold/state/state-families.ts';
import type { Family } from '../../../metrics/family.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import { BOUNDLESS_BUDGET, type ReadBudget } from '../../../metrics/read-budget.ts';
import type { Calendar } from '../../../time/calendar.ts';
import type { RedisClient } from '../client/connection.ts';
import { type CartSource, newestCarts } from './cart-walk.ts';

/** Carts as lists show them: open ones out of folding's state, ended ones out of their records. */
export class RedisCartStore implements CartLists {
  private readonly redis: RedisClient;
  private readonly keyspace: Keyspace;
  private readonly calendar: Calendar;
  private readonly partitions: number;
  private readonly cartTimeoutMs: number;
  private readonly budget: ReadBudget;

  constructor(
    redis: RedisClient,
    keyspace: Keyspace,
    calendar: Calendar,
    partitions: number,
    cartTimeoutMs: number,
    budget: ReadBudget = BOUNDLESS_BUDGET,
  ) {
    this.redis = redis;
    this.keyspace = keyspace;
    this.calendar = calendar;
    this.partitions = partitions;
    this.cartTimeoutMs = cartTimeoutMs;
    this.budget = budget;
  }

  /** For one answer. */
  within(budget: ReadBudget): RedisCartStore {
    const { redis, keyspace, calendar, partitions, cartTimeoutMs } = this;
    return new RedisCartStore(redis, keyspace, calendar, partitions, cartTimeoutMs, budget);
  }

  open(page: CartPage): Promise<ListedPage> {
    const sources = Array.from({ length: this.partitions }, (_, index): CartSource => {
      const shard = this.keyspace.shardOf(index);
      const lane = `events-${index}:${LIVE}`;
      return {
        key: this.key(shard, cartsDue, lane),
        records: this.key(shard, carts, lane),
        shiftMs: this.cartTimeoutMs,
        decode: (userId, text) => ({ userId, cart: decodeCart(text), recoveredMs: undefined }),
      };
    });
    return this.list(sources, page);
  }

  ended(status: 'abandoned' | 'recovered', page: CartPage): Promise<ListedPage> {
    const shards = Array.from({ length: this.keyspace.shards }, (_, shard) => shard);
    const sources = page.days.flatMap((day) =>
      shards.map(
        (shard): CartSource => ({
          key: this.key(shard, cartIndex, `${status}:${day}`),
          records: this.key(shard, cartRecords, day),
          shiftMs: 0,
          decode: (field, text) => ({ userId: userOfField(field), ...decodeEndedCart(text) }),
        }),
      ),
    );
    return this.list(sources, page);
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

  private async list(sources: readonly CartSource[], page: CartPage): Promise<ListedPage> {
    const { carts: newest, isCutShort } = await newestCarts(this.redis, sources, page, this.budget);
    const listed = newest.map(({ atMs, userId, cart, recoveredMs }) => ({
      atMs,
      cart: toCartRecord(userId, cart, this.calendar, recoveredMs),
    }));
    return { carts: listed, isCutShort };
  }

  private key(shard: number, of: Family, dimensions: string): string {
    return this.keyspace.key(shard, of, dimensions);
  }
}
