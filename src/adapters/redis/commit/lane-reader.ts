import { type PartitionId, partitionName } from '../../../events/partition.ts';
import { bucketedFamily, byKind, type KeptKind, KINDS, type Plans } from '../../../fold/state/bucket-plans.ts';
import { bucketsAlive } from '../../../fold/state/buckets.ts';
import {
  type Bucketed,
  type LaneNeeds,
  type LaneSnapshot,
  type MoreDue,
  NOTHING_FOUND,
  type SeenBucket,
} from '../../../fold/state/snapshot.ts';
import { carts, cartsDue, cartsExpiring, seenEvents } from '../../../fold/state/state-families.ts';
import type { Family } from '../../../metrics/family.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import { pairs, type RedisClient, toStrings, UnexpectedReply } from '../client/connection.ts';
import { packed, unpacked } from '../client/msgpack.ts';

/** How many carts may be abandoned in one unit, and how many bytes of them. */
export interface DueLimits {
  readonly carts: number;
  readonly bytes: number;
  /** What is read of the users and orders of one unit: a small event may belong to a huge cart or order. */
  readonly readBytes?: number;
}

/** An eighth of a megabyte of carts takes Node some twenty milliseconds, in which it answers nobody. */
const DUE_LIMITS: DueLimits = { carts: 1_000, bytes: 131_072 };
const MOST_READ_BYTES = 4 * 1_048_576;

export interface LaneReaderParts {
  readonly redis: RedisClient;
  readonly keyspace: Keyspace;
  readonly plans: Plans;
  /** Tests have fewer. */
  readonly dueLimits?: DueLimits;
}

/** Reads what a batch needs to know of a lane: one call for all of it. */
export class LaneReader {
  private readonly parts: LaneReaderParts;

  constructor(parts: LaneReaderParts) {
    this.parts = parts;
  }

  async read(partition: PartitionId, needs: LaneNeeds): Promise<LaneSnapshot> {
    const { plans, redis, dueLimits: most = DUE_LIMITS } = this.parts;
    const dims = `${partitionName(partition)}:${needs.lane}`;
    const keys = [carts, cartsDue, cartsExpiring].map((family) => this.key(partition, family, dims));
    const asked = KINDS.map((kind) => {
      const { family, plan, clock } = bucketedFamily(kind, plans);
      const fields = needs[kind];
      const timeMs = needs.times[clock];
      const buckets = timeMs === undefined || fields.length === 0 ? [] : bucketsAlive(plan, timeMs);
      // The newest bucket wins. A key's place is its length before it was pushed, counted from 1.
      const indexes = buckets.map((bucket) => keys.push(this.key(partition, family, `${dims}:${bucket}`)));
      return { kind, buckets, indexes, fields };
    });
    const asks = asked.map(({ indexes, fields }) => [indexes, indexes.length > 0 ? fields : []]);
    const payload = packed({ users: needs.users, asks });
    const mostRead = needs.isDivisible === true ? (most.readBytes ?? MOST_READ_BYTES) : '';
    const [reply, seen] = await Promise.all([
      redis.readLaneBuffer(keys.length, keys, needs.untilMs, most.carts, most.bytes, mostRead, payload),
      needs.seen ? this.seen(partition, dims, needs.times.own) : [],
    ]);
    if (Buffer.isBuffer(reply) && reply.length === 0) return { ...NOTHING_FOUND, isTooMuch: true };
    const { cartFields, answers, moreDue } = parseReply(unpacked(reply));
    const found = (kind: KeptKind): Map<string, Bucketed> => {
      const i = asked.findIndex((ask) => ask.kind === kind);
      return bucketed(answers[i] ?? [], asked[i]?.fields ?? [], asked[i]?.buckets ?? []);
    };
    const read = { ...byKind(found), seen, carts: new Map(pairs(cartFields)) };
    return moreDue === undefined ? read : { ...read, moreDue };
  }

  /** Ids of events that were counted lately, whole: an owner asks once. */
  private async seen(partition: PartitionId, dims: string, timeMs: number | undefined): Promise<SeenBucket[]> {
    const { plans, redis } = this.parts;
    const buckets = timeMs === undefined ? [] : bucketsAlive(plans.seen, timeMs);
    const read = async (bucket: number): Promise<SeenBucket[]> => {
      const ids = await redis.getBuffer(this.key(partition, seenEvents, `${dims}:${bucket}`));
      return ids === null ? [] : [{ bucket, ids }];
    };
    return (await Promise.all(buckets.map(read))).flat();
  }

  private key(partition: PartitionId, family: Family, dimensions: string): string {
    const { keyspace } = this.parts;
    return keyspace.key(keyspace.shardOf(partition.index), family, dimensions);
  }
}

interface Reply {
  readonly cartFields: string[];
  readonly answers: unknown[][];
  readonly moreDue: MoreDue | undefined;
}

/** Checked by hand: with every batch there are thousands of them. */
function parseReply(reply: unknown): Reply {
  if (!Array.isArray(reply)) throw new UnexpectedReply('Redis did not answer with a list');
  const [cartFields, answers, due]: unknown[] = reply;
  if (!Array.isArray(answers) || !answers.every(Array.isArray)) throw new UnexpectedReply('Redis did not answer all');
  const [nextMs, lastMs, lastUserId] = Array.isArray(due) ? toStrings(due) : [];
  const moreDue = lastUserId === undefined ? undefined : { nextMs: Number(nextMs), lastMs: Number(lastMs), lastUserId };
  return { cartFields: toStrings(cartFields), answers, moreDue };
}

/** From what was found: number of the field, number of the bucket, value, and so on. */
function bucketed(flat: readonly unknown[], fields: readonly string[], buckets: readonly number[]) {
  const found = new Map<string, Bucketed>();
  for (let i = 0; i + 2 < flat.length; i += 3) {
    const field = fields[Number(flat[i])];
    const bucket = buckets[Number(flat[i + 1])];
    const value = flat[i + 2];
    if (field === undefined || bucket === undefined || typeof value !== 'string')
      throw new UnexpectedReply('Redis found what was not asked for');
    found.set(field, { bucket, value });
  }
  return found;
}
