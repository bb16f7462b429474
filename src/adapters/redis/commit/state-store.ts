import { z } from 'zod';
import { type PartitionId, partitionName } from '../../../events/partition.ts';
import { isOfUser } from '../../../fold/erase.ts';
import type { Plans } from '../../../fold/state/bucket-plans.ts';
import { type BucketPlan, bucketsAlive } from '../../../fold/state/buckets.ts';
import type { Bucketed, LaneNeeds, LaneSnapshot, LaneTime } from '../../../fold/state/snapshot.ts';
import {
  cartDays,
  cartRecords,
  carts,
  cartsDue,
  cartsExpiring,
  knownOrders,
  knownUsers,
  laneTimes,
  partitionState,
  seenEvents,
  visitors,
} from '../../../fold/state/state-families.ts';
import { userField } from '../../../fold/state/state-keys.ts';
import type { Position } from '../../../ingestion/ports/event-log.ts';
import type { Claim, Commit, CommitOutcome, StateStore } from '../../../ingestion/ports/state-store.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import { globEscape, pairs, type RedisClient, scanFields, toStrings, UnexpectedReply } from '../client/connection.ts';
import { packed, unpacked } from '../client/msgpack.ts';
import { Superseded } from '../installation/generations.ts';
import { type EncodedWrites, encodeCommit, type Retention } from './encode-commit.ts';

const claimReply = z.tuple([z.number(), z.string().nullable(), z.array(z.string())]);
const commitReply = z.enum(['applied', 'already-applied', 'conflict', 'fenced', 'outbox-full']);
const laneTime = z.tuple([z.number(), z.number()]);
const position = z.string().transform((text) => text as Position);

export interface StateStoreParts {
  readonly redis: RedisClient;
  readonly keyspace: Keyspace;
  readonly plans: Plans;
  readonly retention: Retention;
  /** Is this generation still the one that is counted into? */
  readonly isCurrent?: () => Promise<boolean>;
}

/** Folding's state in Redis, beside the answers, so that both change in one script call. */
export class RedisStateStore implements StateStore {
  private readonly parts: StateStoreParts;

  constructor(parts: StateStoreParts) {
    this.parts = parts;
  }

  /** @throws Superseded where counting has moved to another generation */
  async claim(partition: PartitionId): Promise<Claim> {
    const { isCurrent } = this.parts;
    if (isCurrent !== undefined && !(await isCurrent()))
      throw new Superseded('counting has moved to another generation');
    const lanesKey = this.key(partition, laneTimes, partitionName(partition));
    const reply = await this.parts.redis.claimPartition(this.partitionKey(partition), lanesKey);
    const [epoch, at, lanes] = claimReply.parse(reply);
    const times = new Map<string, LaneTime>();
    for (const [lane, text] of pairs(lanes)) {
      const [timeMs, arrivedAtMs] = laneTime.parse(JSON.parse(text));
      times.set(lane, { timeMs, arrivedAtMs });
    }
    return { epoch, position: at === null ? undefined : position.parse(at), lanes: times };
  }

  async standing(partition: PartitionId): Promise<Pick<Claim, 'epoch' | 'position'>> {
    const [at, epoch] = await this.parts.redis.hmget(this.partitionKey(partition), 'position', 'epoch');
    return { epoch: Number(epoch ?? 0), position: at === null || at === undefined ? undefined : position.parse(at) };
  }

  async read(partition: PartitionId, needs: readonly LaneNeeds[]): Promise<LaneSnapshot[]> {
    return Promise.all(needs.map((lane) => this.readLane(partition, lane)));
  }

  async readWhole(partition: PartitionId, lane: string, timeMs: number): Promise<LaneSnapshot> {
    const dims = `${partitionName(partition)}:${lane}`;
    const all = async (family: typeof visitors, plan: BucketPlan): Promise<Map<string, Bucketed>> => {
      const buckets = bucketsAlive(plan, timeMs);
      const replies = await Promise.all(
        buckets.map((bucket) => this.parts.redis.hgetall(this.key(partition, family, `${dims}:${bucket}`))),
      );
      return new Map(
        replies.flatMap((fields, i) =>
          Object.entries(fields).map(([field, value]) => [field, { bucket: buckets[i] ?? 0, value }]),
        ),
      );
    };
    const { plans } = this.parts;
    const [visitorFields, orderFields, known, cartFields] = await Promise.all([
      all(visitors, plans.visitors),
      all(knownOrders, plans.orders),
      all(knownUsers, plans.known),
      this.parts.redis.hgetall(this.key(partition, carts, dims)),
    ]);
    return {
      visitors: visitorFields,
      seen: new Map(),
      orders: orderFields,
      known,
      carts: new Map(Object.entries(cartFields)),
    };
  }

  /** Walks over the buckets in steps that hold Redis for a moment only; an erasure may take its time. */
  async readUser(partition: PartitionId, lane: string, timeMs: number, userId: string): Promise<LaneSnapshot> {
    const { plans, redis } = this.parts;
    const dims = `${partitionName(partition)}:${lane}`;
    const find = async (family: typeof visitors, plan: BucketPlan, patterns: readonly string[]) => {
      const found = new Map<string, Bucketed>();
      for (const bucket of bucketsAlive(plan, timeMs)) {
        const key = this.key(partition, family, `${dims}:${bucket}`);
        for (const pattern of patterns)
          for (const [field, value] of await scanFields(redis, key, pattern))
            if (isOfUser(field, userId)) found.set(field, { bucket, value });
      }
      return found;
    };
    const quoted = globEscape(JSON.stringify([userId]).slice(0, -1));
    const cart = await redis.hget(this.key(partition, carts, dims), userId);
    return {
      visitors: await find(visitors, plans.visitors, [globEscape(userField(userId)), `s${quoted},*`]),
      seen: new Map(),
      orders: await find(knownOrders, plans.orders, [`${quoted},*`]),
      known: await find(knownUsers, plans.known, [globEscape(userId)]),
      carts: new Map(cart === null ? [] : [[userId, cart]]),
    };
  }

  async readListed(partition: PartitionId, userId: string): Promise<{ day: string; field: string }[]> {
    const { redis } = this.parts;
    const pattern = `${globEscape(JSON.stringify([userId]).slice(0, -1))},*`;
    const found: { day: string; field: string }[] = [];
    for (const day of await redis.hkeys(this.key(partition, cartDays, '')))
      for (const [field] of await scanFields(redis, this.key(partition, cartRecords, day), pattern))
        found.push({ day, field });
    return found;
  }

  async nextDue(partition: PartitionId, lane: string): Promise<number | undefined> {
    const key = this.key(partition, cartsDue, `${partitionName(partition)}:${lane}`);
    const [, score] = await this.parts.redis.zrange(key, '0', '0', 'WITHSCORES');
    return score === undefined ? undefined : Number(score);
  }

  async commit(commit: Commit): Promise<CommitOutcome> {
    const { redis, keyspace, retention } = this.parts;
    const shard = keyspace.shardOf(commit.partition.index);
    const partitionKey = this.partitionKey(commit.partition);
    const run = async ({ keys, payload }: EncodedWrites, step: 'ahead' | 'whole'): Promise<CommitOutcome> => {
      const reply = await redis.commitBatch(
        keys.length + 1,
        [partitionKey, ...keys],
        commit.epoch,
        commit.expected ?? '',
        commit.target,
        commit.arrivedAtMs ?? '',
        payload,
        step,
      );
      return { outcome: commitReply.parse(reply) };
    };
    const { ahead, whole } = encodeCommit(commit, shard, keyspace, retention);
    if (ahead !== undefined) {
      const went = await run(ahead, 'ahead');
      if (went.outcome !== 'applied') return went;
    }
    return run(whole, 'whole');
  }

  private key(partition: PartitionId, family: Parameters<Keyspace['key']>[1], dimensions: string): string {
    const { keyspace } = this.parts;
    return keyspace.key(keyspace.shardOf(partition.index), family, dimensions);
  }

  private partitionKey(partition: PartitionId): string {
    return this.key(partition, partitionState, partitionName(partition));
  }

  /** One call for all that a batch needs of a lane. */
  private async readLane(partition: PartitionId, needs: LaneNeeds): Promise<LaneSnapshot> {
    const { plans, redis } = this.parts;
    const dims = `${partitionName(partition)}:${needs.lane}`;
    const keys = [carts, cartsDue, cartsExpiring].map((family) => this.key(partition, family, dims));
    const asked = (
      [
        [visitors, plans.visitors, needs.visitors],
        [seenEvents, plans.seen, needs.seen],
        [knownOrders, plans.orders, needs.orders],
        [knownUsers, plans.known, needs.known],
      ] as const
    ).map(([family, plan, fields]) => {
      const buckets = needs.timeMs === undefined || fields.length === 0 ? [] : bucketsAlive(plan, needs.timeMs);
      // The newest bucket wins. A key's place is its length before it was pushed, counted from 1.
      const indexes = buckets.map((bucket) => keys.push(this.key(partition, family, `${dims}:${bucket}`)));
      return { buckets, indexes, fields };
    });
    const asks = asked.map(({ indexes, fields }) => [indexes, indexes.length > 0 ? fields : []]);
    const reply = await redis.readLaneBuffer(keys.length, keys, needs.untilMs, packed({ users: needs.users, asks }));
    const [cartFields, answers] = readLaneReply(unpacked(reply));
    const found = asked.map(({ buckets, fields }, i) => bucketed(answers[i] ?? [], fields, buckets));
    const none: ReadonlyMap<string, Bucketed> = new Map();
    const [visitorFields = none, seen = none, orders = none, known = none] = found;
    return { visitors: visitorFields, seen, orders, known, carts: new Map(pairs(cartFields)) };
  }
}

/** Checked by hand: with every batch there are thousands of them. */
function readLaneReply(reply: unknown): [carts: string[], answers: unknown[][]] {
  if (!Array.isArray(reply)) throw new UnexpectedReply('Redis did not answer with a list');
  const [cartFields, answers]: unknown[] = reply;
  if (!Array.isArray(answers) || !answers.every(Array.isArray)) throw new UnexpectedReply('Redis did not answer all');
  return [toStrings(cartFields), answers];
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
