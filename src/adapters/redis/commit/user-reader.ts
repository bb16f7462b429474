import type { PartitionId } from '../../../events/partition.ts';
import { partitionName } from '../../../events/partition.ts';
import { isOfUser } from '../../../fold/erase.ts';
import { erasedName } from '../../../fold/erased-name.ts';
import { forErasure } from '../../../fold/orders/order-record.ts';
import type { Plans } from '../../../fold/state/bucket-plans.ts';
import { type BucketPlan, bucketsAlive } from '../../../fold/state/buckets.ts';
import type { Bucketed, LaneSnapshot } from '../../../fold/state/snapshot.ts';
import {
  buyers,
  cartDays,
  cartRecords,
  carts,
  knownOrders,
  knownUsers,
  userMarks,
  visitors,
} from '../../../fold/state/state-families.ts';
import { userField } from '../../../fold/state/state-keys.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import { globEscape, type RedisClient, scanFields } from '../client/connection.ts';

interface UserReaderParts {
  readonly redis: RedisClient;
  readonly keyspace: Keyspace;
  readonly plans: Plans;
}

/** All that folding keeps of one user: for an erasure, or to be handed to them. */
export class UserReader {
  private readonly parts: UserReaderParts;

  constructor(parts: UserReaderParts) {
    this.parts = parts;
  }

  /**
   * Walks over the buckets in steps that hold Redis for a moment only; an erasure may take its time.
   * @param withOrders also the lines of orders: an erasure does not ask, and there may be thousands, of a hundred kilobytes each
   */
  async read(
    partition: PartitionId,
    lane: string,
    timeMs: number,
    userId: string,
    withOrders: boolean,
  ): Promise<LaneSnapshot> {
    const { plans, redis } = this.parts;
    const dims = `${partitionName(partition)}:${lane}`;
    const shown = (family: typeof visitors, value: string): string =>
      family === knownOrders && !withOrders ? forErasure(value, timeMs) : value;
    /** @param field the user's own; `pattern` what others of theirs look like: for these alone the bucket is walked over */
    const find = async (family: typeof visitors, plan: BucketPlan, field: string | undefined, pattern?: string) => {
      const found = new Map<string, Bucketed>();
      for (const bucket of bucketsAlive(plan, timeMs)) {
        const key = this.key(partition, family, `${dims}:${bucket}`);
        const own = field === undefined ? null : await redis.hget(key, field);
        if (field !== undefined && own !== null) found.set(field, { bucket, value: own });
        if (pattern === undefined) continue;
        for await (const [other, value] of scanFields(redis, key, pattern))
          if (isOfUser(other, userId)) found.set(other, { bucket, value: shown(family, value) });
      }
      return found;
    };
    const quoted = beginOf(userId);
    const cart = await redis.hget(this.key(partition, carts, dims), userId);
    // What stands for them since an erasure says which guests are on the way yet: the next one adds to it.
    const names = withOrders ? [userId] : [userId, erasedName(userId)];
    const known = await Promise.all(names.map((field) => find(knownUsers, plans.known, field)));
    return {
      visitors: await find(visitors, plans.visitors, userField(userId), `s${quoted},*`),
      seen: [],
      orders: await find(knownOrders, plans.orders, undefined, `${quoted},*`),
      known: new Map(known.flatMap((found) => [...found])),
      marks: await find(userMarks, plans.marks, userId),
      buyers: await find(buyers, plans.buyers, userId),
      claims: new Map(),
      purchasing: new Map(),
      carts: new Map(cart === null ? [] : [[userId, cart]]),
    };
  }

  async readListed(partition: PartitionId, userId: string): Promise<{ day: string; field: string }[]> {
    const { redis } = this.parts;
    const found: { day: string; field: string }[] = [];
    for (const day of await redis.hkeys(this.key(partition, cartDays, '')))
      for await (const [field] of scanFields(redis, this.key(partition, cartRecords, day), `${beginOf(userId)},*`))
        found.push({ day, field });
    return found;
  }

  private key(partition: PartitionId, family: Parameters<Keyspace['key']>[1], dimensions: string): string {
    const { keyspace } = this.parts;
    return keyspace.key(keyspace.shardOf(partition.index), family, dimensions);
  }
}

/** How fields begin that are a list whose first entry is the user. */
const beginOf = (userId: string): string => globEscape(JSON.stringify([userId]).slice(0, -1));
