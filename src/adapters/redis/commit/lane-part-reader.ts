import { type PartitionId, partitionName } from '../../../events/partition.ts';
import { bucketedFamily, byKind, type KeptKind, OF_USERS, type Plans } from '../../../fold/state/bucket-plans.ts';
import { bucketsAlive } from '../../../fold/state/buckets.ts';
import { type Bucketed, type LanePart, NOTHING_FOUND } from '../../../fold/state/snapshot.ts';
import { carts, cartsDue, cartsExpiring } from '../../../fold/state/state-families.ts';
import type { Family } from '../../../metrics/family.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import { pairs, type RedisClient } from '../client/connection.ts';

/** How much of a closing lane one unit moves. */
export interface PartLimits {
  /** Of the users' records, sessions and orders. */
  readonly fields: number;
  readonly fieldBytes: number;
  readonly carts: number;
  readonly cartBytes: number;
}

const PART_LIMITS: PartLimits = { fields: 5_000, fieldBytes: 1_048_576, carts: 250, cartBytes: 131_072 };
/** An order may take a hundred kilobytes, and so may a cart. */
const FIELDS_AT_A_TIME = 64;
const CARTS_AT_A_TIME = 8;

export interface LanePartReaderParts {
  readonly redis: RedisClient;
  readonly keyspace: Keyspace;
  readonly plans: Plans;
  /** Tests have fewer. */
  readonly partLimits?: PartLimits;
}

/** Reads a lane that closes, part by part: what was read is moved before the next part is. */
export class LanePartReader {
  private readonly parts: LanePartReaderParts;

  constructor(parts: LanePartReaderParts) {
    this.parts = parts;
  }

  async read(partition: PartitionId, lane: string, timeMs: number): Promise<LanePart> {
    const { fields, fieldBytes } = this.limits;
    const room = { fields, bytes: fieldBytes };
    const moved = new Map<KeptKind, Map<string, Bucketed>>();
    for (const { kind } of OF_USERS) moved.set(kind, await this.fieldsOf(kind, partition, lane, timeMs, room));
    const found =
      room.fields > 0 && room.bytes > 0 ? await this.carts(partition, lane) : { carts: new Map(), isAll: false };
    return {
      snapshot: {
        ...NOTHING_FOUND,
        ...byKind((kind) => moved.get(kind) ?? NOTHING_FOUND[kind]),
        carts: found.carts,
      },
      isAll: found.isAll,
    };
  }

  private get limits(): PartLimits {
    return this.parts.partLimits ?? PART_LIMITS;
  }

  /** @param room what may still be read; taken from */
  private async fieldsOf(
    kind: KeptKind,
    partition: PartitionId,
    lane: string,
    timeMs: number,
    room: { fields: number; bytes: number },
  ): Promise<Map<string, Bucketed>> {
    const { family, plan } = bucketedFamily(kind, this.parts.plans);
    const found = new Map<string, Bucketed>();
    for (const bucket of bucketsAlive(plan, timeMs)) {
      const key = this.key(partition, family, `${partitionName(partition)}:${lane}:${bucket}`);
      for (let cursor = '0'; room.fields > 0 && room.bytes > 0; ) {
        const [next, flat] = await this.parts.redis.hscan(key, cursor, 'COUNT', FIELDS_AT_A_TIME);
        for (const [field, value] of pairs(flat)) {
          found.set(field, { bucket, value });
          room.fields -= 1;
          room.bytes -= value.length;
        }
        cursor = next;
        if (cursor === '0') break;
      }
    }
    return found;
  }

  /** In the order in which they fall due, or can't be recovered any more: each of them is scheduled for one of both. */
  private async carts(partition: PartitionId, lane: string): Promise<{ carts: Map<string, string>; isAll: boolean }> {
    const dims = `${partitionName(partition)}:${lane}`;
    const found = new Map<string, string>();
    let bytes = 0;
    for (const family of [cartsDue, cartsExpiring]) {
      const users = await this.parts.redis.zrange(this.key(partition, family, dims), '0', String(this.limits.carts));
      for (let from = 0; from < users.length; from += CARTS_AT_A_TIME) {
        if (found.size >= this.limits.carts || bytes >= this.limits.cartBytes) return { carts: found, isAll: false };
        const some = users.slice(from, from + CARTS_AT_A_TIME);
        const texts = await this.parts.redis.hmget(this.key(partition, carts, dims), ...some);
        for (const [i, text] of texts.entries()) {
          bytes += text?.length ?? 0;
          if (text !== null) found.set(some[i] ?? '', text);
        }
      }
      // One more than the limit was asked for: it says that there are others.
      if (users.length > this.limits.carts) return { carts: found, isAll: false };
    }
    return { carts: found, isAll: true };
  }

  private key(partition: PartitionId, family: Family, dimensions: string): string {
    const { keyspace } = this.parts;
    return keyspace.key(keyspace.shardOf(partition.index), family, dimensions);
  }
}
