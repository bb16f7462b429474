import type { PartitionId } from '../../../events/partition.ts';
import { partitionName } from '../../../events/partition.ts';
import { erasedName } from '../../../fold/erased-name.ts';
import { forErasure } from '../../../fold/orders/order-record.ts';
import { bucketedFamily, byKind, type KeptKind, OF_USERS, type Plans } from '../../../fold/state/bucket-plans.ts';
import { bucketsAlive } from '../../../fold/state/buckets.ts';
import { type Bucketed, type LaneSnapshot, NOTHING_FOUND } from '../../../fold/state/snapshot.ts';
import { cartDays, cartRecords, carts } from '../../../fold/state/state-families.ts';
import { type FieldsOfUser, listsOf } from '../../../fold/state/state-keys.ts';
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
    const shown = (kind: KeptKind, value: string): string =>
      kind === 'orders' && !withOrders ? forErasure(value, timeMs) : value;
    const find = async (kind: KeptKind, { named, beginning }: FieldsOfUser) => {
      const { family, plan } = bucketedFamily(kind, plans);
      const found = new Map<string, Bucketed>();
      for (const bucket of bucketsAlive(plan, timeMs)) {
        const key = this.key(partition, family, `${dims}:${bucket}`);
        for (const field of named) {
          const value = await redis.hget(key, field);
          if (value !== null) found.set(field, { bucket, value });
        }
        // For these alone the bucket is walked over.
        if (beginning === undefined) continue;
        for await (const [field, value] of scanFields(redis, key, `${globEscape(beginning)}*`))
          found.set(field, { bucket, value: shown(kind, value) });
      }
      return found;
    };
    const found = new Map<KeptKind, Map<string, Bucketed>>();
    for (const { kind, ofUser } of OF_USERS) found.set(kind, await find(kind, ofUser(userId)));
    // What stands for them since an erasure says which guests are on the way yet: the next one adds to it.
    const erased = withOrders ? [] : await find('known', { named: [erasedName(userId)] });
    const cart = await redis.hget(this.key(partition, carts, dims), userId);
    return {
      ...NOTHING_FOUND,
      ...byKind((kind) => found.get(kind) ?? NOTHING_FOUND[kind]),
      known: new Map([...(found.get('known') ?? []), ...erased]),
      carts: new Map(cart === null ? [] : [[userId, cart]]),
    };
  }

  async readListed(partition: PartitionId, userId: string): Promise<{ day: string; field: string }[]> {
    const { redis } = this.parts;
    const found: { day: string; field: string }[] = [];
    for (const day of await redis.hkeys(this.key(partition, cartDays, '')))
      for await (const [field] of scanFields(
        redis,
        this.key(partition, cartRecords, day),
        `${globEscape(listsOf(userId))}*`,
      ))
        found.push({ day, field });
    return found;
  }

  private key(partition: PartitionId, family: Parameters<Keyspace['key']>[1], dimensions: string): string {
    const { keyspace } = this.parts;
    return keyspace.key(keyspace.shardOf(partition.index), family, dimensions);
  }
}
