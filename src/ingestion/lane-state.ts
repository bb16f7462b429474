import type { Writes } from '../analytics/writes.ts';
import { bucketOf, bucketsAlive, bucketsDead, isDead } from './buckets.ts';
import type { Plans } from './plans.ts';
import type { LaneSnapshot } from './ports.ts';
import {
  type CartState,
  decodeCart,
  decodeOrder,
  decodeSession,
  decodeUser,
  encodeCart,
  encodeOrder,
  encodeSession,
  encodeUser,
  type OrderState,
  type SessionState,
  type UserState,
} from './records.ts';
import { carts, cartsDue, cartsGone, knownOrders, seenEvents, visitors } from './state-families.ts';

type Kept<T> = { value: T; readonly storedIn: number | undefined; changed: boolean };

/** A lane's state while a batch is folded: decoded on first use, written back where it changed. */
export class LaneState {
  private readonly users = new Map<string, Kept<UserState>>();
  private readonly sessions = new Map<string, Kept<SessionState>>();
  private readonly orders = new Map<string, Kept<OrderState>>();
  private readonly seen = new Map<string, number>();
  private readonly cartStates = new Map<string, CartState | undefined>();
  private readonly changedCarts = new Set<string>();
  private readonly snapshot: LaneSnapshot;
  private readonly plans: Plans;

  constructor(snapshot: LaneSnapshot, plans: Plans) {
    this.snapshot = snapshot;
    this.plans = plans;
    for (const [userId, text] of snapshot.carts) this.cartStates.set(userId, decodeCart(text));
  }

  user(field: string): UserState | undefined {
    return this.kept(this.users, this.snapshot.visitors, field, decodeUser);
  }

  session(field: string): SessionState | undefined {
    return this.kept(this.sessions, this.snapshot.visitors, field, decodeSession);
  }

  order(field: string): OrderState | undefined {
    return this.kept(this.orders, this.snapshot.orders, field, decodeOrder);
  }

  /** Lane time at which the event was counted. */
  seenAt(field: string): number | undefined {
    const stored = this.snapshot.seen.get(field);
    return this.seen.get(field) ?? (stored && Number(stored.value));
  }

  markSeen(field: string, nowMs: number): void {
    this.seen.set(field, nowMs);
  }

  putUser(field: string, value: UserState): void {
    this.put(this.users, this.snapshot.visitors, field, value);
  }

  putSession(field: string, value: SessionState): void {
    this.put(this.sessions, this.snapshot.visitors, field, value);
  }

  putOrder(field: string, value: OrderState): void {
    this.put(this.orders, this.snapshot.orders, field, value);
  }

  cart(userId: string): CartState | undefined {
    return this.cartStates.get(userId);
  }

  putCart(userId: string, cart: CartState | undefined): void {
    this.cartStates.set(userId, cart);
    this.changedCarts.add(userId);
  }

  openCarts(): [string, CartState][] {
    return [...this.cartStates].flatMap(([userId, cart]) =>
      cart === undefined ? [] : [[userId, cart] satisfies [string, CartState]],
    );
  }

  /** Writes what changed, and drops whole buckets that lane time has left behind. */
  save(writes: Writes, dimensions: string, fromMs: number | undefined, toMs: number, cartTimes: CartTimes): void {
    const at = (bucket: number): string => `${dimensions}:${bucket}`;
    const { plans } = this;
    saveKept(this.users, encodeUser, (field, text, stored, laneMs) =>
      this.move(writes, visitors, plans.visitors, at, field, text, stored, laneMs, toMs),
    );
    saveKept(this.sessions, encodeSession, (field, text, stored, laneMs) =>
      this.move(writes, visitors, plans.visitors, at, field, text, stored, laneMs, toMs),
    );
    saveKept(this.orders, encodeOrder, (field, text, stored, laneMs) =>
      this.move(writes, knownOrders, plans.orders, at, field, text, stored, laneMs, toMs),
    );
    for (const [field, ms] of this.seen) {
      const stored = this.snapshot.seen.get(field)?.bucket;
      this.move(writes, seenEvents, plans.seen, at, field, String(ms), stored, ms, toMs);
    }
    this.saveCarts(writes, dimensions, cartTimes);
    if (fromMs === undefined) return;
    for (const bucket of bucketsDead(plans.visitors, fromMs, toMs)) writes.drop(visitors, at(bucket));
    for (const bucket of bucketsDead(plans.seen, fromMs, toMs)) writes.drop(seenEvents, at(bucket));
    for (const bucket of bucketsDead(plans.orders, fromMs, toMs)) writes.drop(knownOrders, at(bucket));
  }

  private saveCarts(writes: Writes, dimensions: string, { dueAt, goneAt }: CartTimes): void {
    for (const userId of this.changedCarts) {
      const cart = this.cartStates.get(userId);
      if (cart === undefined) writes.remove(carts, dimensions, userId);
      else writes.put(carts, dimensions, userId, encodeCart(cart));
      writes.schedule(cartsDue, dimensions, userId, cart?.status === 'open' ? dueAt(cart) : undefined);
      writes.schedule(cartsGone, dimensions, userId, cart?.status === 'abandoned' ? goneAt(cart) : undefined);
    }
  }

  private move(
    writes: Writes,
    family: typeof visitors,
    plan: Plans['visitors'],
    at: (bucket: number) => string,
    field: string,
    text: string,
    stored: number | undefined,
    laneMs: number,
    toMs: number,
  ): void {
    const bucket = bucketOf(plan, laneMs);
    // Where lane time ran far ahead within this batch, the bucket would never be dropped again.
    if (!isDead(plan, laneMs, toMs)) writes.put(family, at(bucket), field, text);
    if (stored !== undefined && stored !== bucket) writes.remove(family, at(stored), field);
  }

  private kept<T>(
    cache: Map<string, Kept<T>>,
    stored: LaneSnapshot['visitors'],
    field: string,
    decode: (text: string) => T,
  ): T | undefined {
    const known = cache.get(field);
    if (known) return known.value;
    const found = stored.get(field);
    if (found === undefined) return undefined;
    const value = decode(found.value);
    cache.set(field, { value, storedIn: found.bucket, changed: false });
    return value;
  }

  private put<T>(cache: Map<string, Kept<T>>, stored: LaneSnapshot['visitors'], field: string, value: T): void {
    const known = cache.get(field);
    if (known) {
      known.value = value;
      known.changed = true;
    } else cache.set(field, { value, storedIn: stored.get(field)?.bucket, changed: true });
  }
}

export interface CartTimes {
  dueAt(cart: CartState): number;
  goneAt(cart: CartState): number;
}

function saveKept<T extends { laneMs: number }>(
  cache: ReadonlyMap<string, Kept<T>>,
  encode: (value: T) => string,
  save: (field: string, text: string, storedIn: number | undefined, laneMs: number) => void,
): void {
  for (const [field, { value, storedIn, changed }] of cache)
    if (changed) save(field, encode(value), storedIn, value.laneMs);
}

/** Everything of a lane, for dropping it when it closes. */
export function dropLane(writes: Writes, dimensions: string, plans: Plans, timeMs: number): void {
  for (const bucket of bucketsAlive(plans.visitors, timeMs)) writes.drop(visitors, `${dimensions}:${bucket}`);
  for (const bucket of bucketsAlive(plans.seen, timeMs)) writes.drop(seenEvents, `${dimensions}:${bucket}`);
  for (const bucket of bucketsAlive(plans.orders, timeMs)) writes.drop(knownOrders, `${dimensions}:${bucket}`);
  for (const family of [carts, cartsDue, cartsGone]) writes.drop(family, dimensions);
}
