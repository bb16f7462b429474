import { openCarts } from '../../analytics/shared/realtime.ts';
import { inCurrency } from '../../metrics/fields.ts';
import type { Writes } from '../../metrics/writes.ts';
import { NO_TIME } from '../../time/windows.ts';
import { cartValue } from '../carts/cart.ts';
import { bucketedFamilies, type Plans } from './bucket-plans.ts';
import { BucketedState } from './bucketed-state.ts';
import { bucketsAlive, bucketsDead } from './buckets.ts';
import type { LaneCache, LaneFields } from './lane-cache.ts';
import {
  type CartState,
  decodeCart,
  decodeMoment,
  decodeOrder,
  decodeSession,
  decodeUser,
  encodeCart,
  encodeMoment,
  encodeOrder,
  encodeSession,
  encodeUser,
  type OrderState,
  type SessionState,
  type UserState,
} from './records.ts';
import type { LaneSnapshot } from './snapshot.ts';
import { carts, cartsDue, cartsExpiring, knownOrders, knownUsers, seenEvents, visitors } from './state-families.ts';

const byLaneMs = { laneMs: (value: { readonly laneMs: number }) => value.laneMs };
const moment = { decode: decodeMoment, encode: encodeMoment, laneMs: (ms: number) => ms };

/** What the lane's owner holds in memory, and which fields the batch is about. */
export interface CachedLane {
  readonly cache: LaneCache;
  readonly fields: LaneFields;
}

/** A lane's state while a batch is folded. */
export class LaneState {
  readonly users: BucketedState<UserState>;
  readonly sessions: BucketedState<SessionState>;
  readonly orders: BucketedState<OrderState>;
  /** Lane time at which an event was counted. */
  readonly seen: BucketedState<number>;
  /** Lane time at which a user's newest session began. */
  readonly knownUsers: BucketedState<number>;
  private readonly cartStates = new Map<string, CartState | undefined>();
  private readonly changedCarts = new Set<string>();
  /** Users whose cart was open, with its worth, when the batch began. */
  private readonly openBefore = new Map<string, { readonly currency: string; readonly value: number }>();
  /** Users whose cart was abandoned then. */
  private readonly abandonedBefore = new Set<string>();
  private readonly plans: Plans;
  private readonly cached: CachedLane | undefined;

  constructor(snapshot: LaneSnapshot, plans: Plans, cached?: CachedLane) {
    this.plans = plans;
    this.cached = cached;
    const cache = cached?.cache;
    const user = { family: visitors, plan: plans.visitors, decode: decodeUser, encode: encodeUser, ...byLaneMs };
    this.users = new BucketedState<UserState>(snapshot.visitors, user, cache?.users);
    const session = { ...user, decode: decodeSession, encode: encodeSession };
    this.sessions = new BucketedState<SessionState>(snapshot.visitors, session, cache?.sessions);
    const order = { family: knownOrders, plan: plans.orders, decode: decodeOrder, encode: encodeOrder, ...byLaneMs };
    this.orders = new BucketedState<OrderState>(snapshot.orders, order, cache?.orders);
    this.seen = new BucketedState<number>(snapshot.seen, { family: seenEvents, plan: plans.seen, ...moment });
    const known = { family: knownUsers, plan: plans.known, ...moment };
    this.knownUsers = new BucketedState<number>(snapshot.known, known, cache?.knownUsers);
    for (const [userId, text] of snapshot.carts)
      this.startWith(userId, cache?.carts.get(userId)?.cart ?? decodeCart(text));
    for (const userId of cached?.fields.users ?? [])
      if (!this.cartStates.has(userId)) this.startWith(userId, cache?.carts.get(userId)?.cart);
  }

  private startWith(userId: string, cart: CartState | undefined): void {
    this.cartStates.set(userId, cart);
    if (cart === undefined) return;
    if (cart.status === 'open') this.openBefore.set(userId, { currency: cart.currency, value: cart.value });
    else this.abandonedBefore.add(userId);
  }

  cart(userId: string): CartState | undefined {
    return this.cartStates.get(userId);
  }

  putCart(userId: string, cart: CartState | undefined): void {
    this.cartStates.set(userId, cart);
    this.changedCarts.add(userId);
  }

  /** Most of the thousands of users that a batch is about have no cart. */
  eachCart(visit: (userId: string, cart: CartState) => void): void {
    this.cartStates.forEach((cart, userId) => {
      if (cart !== undefined) visit(userId, cart);
    });
  }

  /**
   * Writes what changed, and drops whole buckets that lane time has left behind.
   * @param isLive whether its open carts are those of the shop as it is now
   */
  save(
    writes: Writes,
    dimensions: string,
    fromMs: number | undefined,
    toMs: number,
    cartTimes: CartTimes,
    isLive: boolean,
  ): void {
    for (const state of [this.users, this.sessions, this.orders, this.seen, this.knownUsers])
      state.save(writes, dimensions, toMs);
    this.saveCarts(writes, dimensions, cartTimes);
    if (isLive) this.countOpenCarts(writes);
    if (fromMs === undefined) return;
    for (const { family, plan } of bucketedFamilies(this.plans))
      for (const bucket of bucketsDead(plan, fromMs, toMs)) writes.drop(family, `${dimensions}:${bucket}`);
  }

  /** To be called when all that was saved is stored: the cache takes over what the batch was about. */
  commitCache(): void {
    if (this.cached === undefined) return;
    const { cache, fields } = this.cached;
    // Only a visit that begins a session asks since when its user is known; the others were read as well.
    for (const userId of fields.known) this.knownUsers.entry(userId);
    for (const state of [this.users, this.sessions, this.orders, this.knownUsers]) state.commitCache();
    this.cartStates.forEach((cart, userId) => {
      cache.carts.set(userId, { cart });
    });
  }

  private saveCarts(writes: Writes, dimensions: string, { dueAt, recoveryEndsAt }: CartTimes): void {
    const changes = writes.changes(carts, dimensions);
    for (const userId of this.changedCarts) {
      const cart = this.cartStates.get(userId);
      if (cart === undefined) changes.taken.push(userId);
      else {
        cart.value = cartValue(cart);
        changes.put.push(userId, encodeCart(cart));
      }
      if (cart?.status === 'open') writes.schedule(cartsDue, dimensions, userId, dueAt(cart));
      else if (this.openBefore.has(userId)) writes.schedule(cartsDue, dimensions, userId, undefined);
      if (cart?.status === 'abandoned') writes.schedule(cartsExpiring, dimensions, userId, recoveryEndsAt(cart));
      else if (this.abandonedBefore.has(userId)) writes.schedule(cartsExpiring, dimensions, userId, undefined);
    }
  }

  private countOpenCarts(writes: Writes): void {
    const count = (by: 1 | -1, { currency, value }: { readonly currency: string; readonly value: number }): void => {
      writes.add(openCarts, NO_TIME, 'count', by);
      writes.add(openCarts, NO_TIME, inCurrency('value', currency), by * value);
    };
    for (const userId of this.changedCarts) {
      const before = this.openBefore.get(userId);
      const cart = this.cartStates.get(userId);
      if (before !== undefined) count(-1, before);
      if (cart?.status === 'open') count(1, cart);
    }
  }
}

export interface CartTimes {
  dueAt(cart: CartState): number;
  recoveryEndsAt(cart: CartState): number;
}

/** Everything of a lane, for dropping it when it closes. */
export function dropLane(writes: Writes, dimensions: string, plans: Plans, timeMs: number): void {
  for (const { family, plan } of bucketedFamilies(plans))
    for (const bucket of bucketsAlive(plan, timeMs)) writes.drop(family, `${dimensions}:${bucket}`);
  for (const family of [carts, cartsDue, cartsExpiring]) writes.drop(family, dimensions);
}
