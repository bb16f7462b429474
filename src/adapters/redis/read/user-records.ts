import { z } from 'zod';
import type { CartRecord } from '../../../analytics/abandoned-carts/cart-lists.ts';
import { fromMinorUnits } from '../../../events/money.ts';
import { fromThousandths } from '../../../events/numbers/quantity.ts';
import { type PartitionId, partitionName } from '../../../events/partition.ts';
import { toCartRecord } from '../../../fold/carts/cart-message.ts';
import { lanesOf } from '../../../fold/erase.ts';
import { decodeOrder } from '../../../fold/orders/order-record.ts';
import type { Plans } from '../../../fold/state/bucket-plans.ts';
import { decodeCart, decodeEndedCart } from '../../../fold/state/records.ts';
import { decodeLaneTime, type LaneSnapshot } from '../../../fold/state/snapshot.ts';
import { cartRecords, laneTimes } from '../../../fold/state/state-families.ts';
import { isUserField, sessionOfField } from '../../../fold/state/state-keys.ts';
import { readMarks } from '../../../fold/users/stored-marks.ts';
import { decodeBuyer, firstOrderMs } from '../../../fold/visitors/buyer.ts';
import { decodeKnown } from '../../../fold/visitors/known-user.ts';
import type { SessionState } from '../../../fold/visitors/session-state.ts';
import { readSession, readUser } from '../../../fold/visitors/visitor-records.ts';
import type { KeptOrder, KeptSession, KeptUser, UserRecords } from '../../../ingestion/ports/user-records.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import { Dictionaries } from '../../../metrics/sums/dictionaries.ts';
import type { Calendar } from '../../../time/calendar.ts';
import type { RedisClient } from '../client/connection.ts';
import type { RedisStateStore } from '../commit/state-store.ts';

const orderIds = z.tuple([z.string(), z.string()]);

interface UserRecordsParts {
  readonly redis: RedisClient;
  readonly keyspace: Keyspace;
  readonly calendar: Calendar;
  readonly state: Pick<RedisStateStore, 'readUser' | 'readListed'>;
  readonly partitions: readonly PartitionId[];
  readonly plans: Plans;
}

/** Finds what an erasure would find, and tells it. */
export class RedisUserRecords implements UserRecords {
  private readonly parts: UserRecordsParts;

  constructor(parts: UserRecordsParts) {
    this.parts = parts;
  }

  async of(userId: string): Promise<KeptUser> {
    const { keyspace } = this.parts;
    // In all: producers of one's own may have placed the user's events anywhere.
    const partitions = this.parts.partitions.filter(({ topic }) => topic === 'events');
    const all = await Promise.all(partitions.map((partition) => this.in(partition, userId)));
    // Behind the open ones: what is abandoned meanwhile is among these.
    const ended = await this.endedByShard(partitions, userId);
    const endedBeside = ({ index }: PartitionId): CartRecord[] => ended.get(keyspace.shardOf(index)) ?? [];
    return {
      sessions: all.flatMap(({ sessions }) => sessions),
      orders: all.flatMap(({ orders }) => orders),
      carts: onceEach(partitions.flatMap((partition, i) => [...(all[i]?.carts ?? []), ...endedBeside(partition)])),
      countedIn: all.flatMap(({ countedIn }) => countedIn),
      sessionBeganMs: all.map(({ sessionBeganMs }) => sessionBeganMs).find((ms) => ms !== undefined),
      boughtFirstMs: earliest(all.flatMap(({ boughtFirstMs }) => boughtFirstMs ?? [])),
      guests: [...new Set(all.flatMap(({ guests }) => guests))],
    };
  }

  /** Of carts the open ones. */
  private async in(partition: PartitionId, userId: string): Promise<KeptUser> {
    const { redis, keyspace, calendar, state, plans } = this.parts;
    const shard = keyspace.shardOf(partition.index);
    const stored = await redis.hgetall(keyspace.key(shard, laneTimes, partitionName(partition)));
    const times = new Map(Object.entries(stored).map(([lane, text]) => [lane, decodeLaneTime(text)]));
    const lanes = lanesOf(times);
    const snapshots = await Promise.all(
      lanes.map((lane) => state.readUser(partition, lane, times.get(lane)?.timeMs ?? 0, userId, true)),
    );
    const known = snapshots.flatMap((snapshot) =>
      [...snapshot.known.values()].map(({ bucket, value }) => decodeKnown(value, bucket * plans.known.widthMs)),
    );
    const open = snapshots.flatMap(({ carts }) => [...carts.values()].map(decodeCart));
    return {
      sessions: snapshots.flatMap((snapshot) => sessionsOf(snapshot, plans)),
      orders: snapshots.flatMap(ordersOf),
      carts: open.filter(({ status }) => status === 'open').map((cart) => toCartRecord(userId, cart, calendar)),
      countedIn: snapshots.flatMap((snapshot) => hoursOf(snapshot, plans)),
      sessionBeganMs: known[0]?.beganMs,
      boughtFirstMs: earliest(
        snapshots.flatMap(({ buyers }) => [...buyers.values()].map(({ value }) => firstOrderMs(decodeBuyer(value)))),
      ),
      guests: known.flatMap(({ bonds }) => bonds?.guests.map(([guestId]) => guestId) ?? []),
    };
  }

  /** Partitions of a shard list the carts that have ended together: they are walked over once. */
  private async endedByShard(partitions: readonly PartitionId[], userId: string): Promise<Map<number, CartRecord[]>> {
    const { redis, keyspace, calendar, state } = this.parts;
    const shards = new Map(partitions.map((partition) => [keyspace.shardOf(partition.index), partition]));
    const each = [...shards].map(async ([shard, partition]): Promise<[number, CartRecord[]]> => {
      const listed = await state.readListed(partition, userId);
      const texts = await Promise.all(
        listed.map(({ day, field }) => redis.hget(keyspace.key(shard, cartRecords, day), field)),
      );
      const ended = texts.flatMap((text) => (text === null ? [] : decodeEndedCart(text)));
      return [shard, ended.map(({ cart, recoveredMs }) => toCartRecord(userId, cart, calendar, recoveredMs))];
    });
    return new Map(await Promise.all(each));
  }
}

/** Partitions of a shard list the carts that have ended together; one may be abandoned while this is read, and one taken up again is listed as it was. */
function onceEach(carts: readonly CartRecord[]): CartRecord[] {
  const newest = new Map<string, CartRecord>();
  for (const cart of carts) {
    const known = newest.get(cart.cart_id);
    const isTakenUp = known?.abandoned_at !== undefined && cart.recovered_at === undefined;
    if (!isTakenUp) newest.set(cart.cart_id, cart);
  }
  return [...newest.values()];
}

/** Of those that are told; an earlier version has kept that somebody bought, and not when. */
function earliest(moments: readonly number[]): number | undefined {
  const told = moments.filter(Number.isFinite);
  return told.length === 0 ? undefined : Math.min(...told);
}

function hoursOf({ marks }: LaneSnapshot, { marks: plan }: Plans): { hourMs: number; cities: string[] }[] {
  const texts = new Dictionaries({ dimensions: ['city'] });
  const hours = new Map<number, Set<string>>();
  for (const { bucket, value } of marks.values())
    for (const { hourMs, dimensions } of readMarks(value, bucket * plan.widthMs, texts))
      hours.set(hourMs, (hours.get(hourMs) ?? new Set()).add(texts.values.text(dimensions, 0)));
  return [...hours].map(([hourMs, cities]) => ({ hourMs, cities: [...cities] }));
}

function sessionsOf({ visitors }: LaneSnapshot, { visitors: plan }: Plans): KeptSession[] {
  const texts = new Dictionaries({ dimensions: ['city'] });
  const told = (id: string | undefined, session: SessionState): KeptSession => ({
    id,
    city: texts.values.text(session.dimensions, 0),
    firstMs: session.firstMs,
    lastMs: session.lastMs,
    events: session.events,
    searches: session.searches.map(([term, atMs]) => ({ term: texts.terms.text(term), atMs })),
  });
  return [...visitors].flatMap(([field, { bucket, value }]) => {
    const fromMs = bucket * plan.widthMs;
    if (!isUserField(field)) return [told(sessionOfField(field).sessionId, readSession(value, fromMs, texts))];
    const { current } = readUser(value, fromMs, texts);
    return current === undefined ? [] : [told(texts.sessions.text(current.id), current.session)];
  });
}

function ordersOf({ orders }: LaneSnapshot): KeptOrder[] {
  return [...orders].map(([field, { value }]) => {
    const [, transactionId] = orderIds.parse(JSON.parse(field));
    const { currency, revenue, refunded, units, lines } = decodeOrder(value);
    return {
      transactionId,
      currency,
      revenue: fromMinorUnits(revenue, currency),
      refunded: fromMinorUnits(refunded, currency),
      units: fromThousandths(units),
      items: lines.map(({ itemId, units: each }) => ({ itemId, units: fromThousandths(each) })),
    };
  });
}
