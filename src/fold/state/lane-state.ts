import { openCarts } from '../../analytics/shared/realtime.ts';
import { inCurrency } from '../../metrics/fields.ts';
import { type Dictionaries, NO_VALUE } from '../../metrics/sums/dictionaries.ts';
import type { Writes } from '../../metrics/writes.ts';
import { NO_TIME } from '../../time/windows.ts';
import { cartValue } from '../carts/cart.ts';
import { decodeOrder, encodeOrder, type OrderState } from '../order-record.ts';
import { bucketedFamilies, type Plans } from './bucket-plans.ts';
import { BucketedState } from './bucketed-state.ts';
import { bucketsAlive, bucketsDead } from './buckets.ts';
import type { LaneMemory } from './memory.ts';
import { type CartState, decodeCart, decodeSession, encodeCart, encodeSession, type SessionState } from './records.ts';
import type { SeenIds } from './seen-ids.ts';
import type { LaneSnapshot } from './snapshot.ts';
import { carts, cartsDue, cartsExpiring, knownOrders, visitors } from './state-families.ts';
import type { Visitor, Visitors } from './visitors.ts';

const byLaneMs = { laneMs: (value: { readonly laneMs: number }) => value.laneMs };

/** What was read of a lane. */
export interface LaneRead {
  readonly snapshot: LaneSnapshot;
  /** Users of whom all was read that there is. */
  readonly asked: readonly Visitor[];
}

type StoredCart = Pick<CartState, 'status' | 'currency' | 'value'>;

/** A lane's state while a unit is folded. */
export class LaneState {
  readonly visitors: Visitors;
  readonly sessions: BucketedState<SessionState>;
  readonly orders: BucketedState<OrderState>;
  readonly seen: SeenIds;
  /** Users whose cart falls due or can't be recovered any more, or of whom it was asked. */
  readonly withCart: readonly Visitor[];
  /** Users whose cart the unit changes, with what the store held of it. */
  private readonly changedCarts = new Map<Visitor, StoredCart | undefined>();
  private readonly plans: Plans;
  private readonly memory: LaneMemory;

  constructor({ snapshot, asked }: LaneRead, plans: Plans, memory: LaneMemory, dictionaries: Dictionaries) {
    this.plans = plans;
    this.memory = memory;
    this.visitors = memory.visitors;
    const session = {
      family: visitors,
      plan: plans.visitors,
      decode: (text: string, bucketMs: number) => decodeSession(text, bucketMs, dictionaries),
      encode: (state: SessionState, bucketMs: number) => encodeSession(state, bucketMs, dictionaries),
      ...byLaneMs,
    };
    this.sessions = new BucketedState<SessionState>(snapshot.visitors, session, memory.sessions);
    const order = { family: knownOrders, plan: plans.orders, decode: decodeOrder, encode: encodeOrder, ...byLaneMs };
    this.orders = new BucketedState<OrderState>(snapshot.orders, order, memory.orders);
    this.seen = memory.seen;
    if (!this.seen.isLoaded) this.seen.load(snapshot.seen);
    this.visitors.fill(snapshot, asked);
    this.withCart = this.takeCarts(snapshot);
    for (const visitor of asked) visitor.isCartLoaded = true;
  }

  /** To be called before a cart is changed, opened or removed. */
  touchCart(visitor: Visitor): void {
    if (this.changedCarts.has(visitor)) return;
    const { cart } = visitor;
    this.changedCarts.set(visitor, cart && { status: cart.status, currency: cart.currency, value: cart.value });
  }

  /** Users whose cart the unit has changed so far. */
  get withChangedCart(): Iterable<Visitor> {
    return this.changedCarts.keys();
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
    this.visitors.save(writes, dimensions, toMs);
    for (const state of [this.sessions, this.orders, this.seen]) state.save(writes, dimensions, toMs);
    this.saveCarts(writes, dimensions, cartTimes);
    if (isLive) this.countOpenCarts(writes);
    if (fromMs === undefined) return;
    for (const { family, plan } of bucketedFamilies(this.plans))
      for (const bucket of bucketsDead(plan, fromMs, toMs)) writes.drop(family, `${dimensions}:${bucket}`);
  }

  /** To be called when all that was saved is stored. */
  commitCache(): void {
    this.sessions.commitCache();
    this.orders.commitCache();
  }

  private takeCarts({ carts: stored }: LaneSnapshot): Visitor[] {
    return [...stored].map(([userId, text]) => {
      const visitor = this.visitors.ofId(userId);
      if (!visitor.isCartLoaded) {
        visitor.cart = decodeCart(text);
        this.memory.holdCart(visitor, text.length);
      }
      visitor.isCartLoaded = true;
      return visitor;
    });
  }

  private saveCarts(writes: Writes, dimensions: string, { dueAt, recoveryEndsAt }: CartTimes): void {
    const changes = writes.changes(carts, dimensions);
    for (const [visitor, before] of this.changedCarts) {
      const { cart } = visitor;
      const userId = this.visitors.idOf(visitor);
      if (cart === undefined) {
        changes.taken.push(userId);
        this.memory.holdCart(visitor, 0);
      } else {
        cart.value = cartValue(cart);
        const text = encodeCart(cart);
        changes.put.push(userId, text);
        this.memory.holdCart(visitor, text.length);
      }
      if (cart?.status === 'open') writes.schedule(cartsDue, dimensions, userId, dueAt(cart));
      else if (before?.status === 'open') writes.schedule(cartsDue, dimensions, userId, undefined);
      if (cart?.status === 'abandoned') writes.schedule(cartsExpiring, dimensions, userId, recoveryEndsAt(cart));
      else if (before?.status === 'abandoned') writes.schedule(cartsExpiring, dimensions, userId, undefined);
    }
  }

  private countOpenCarts({ sums }: Writes): void {
    const always = sums.always(NO_TIME);
    const count = (by: 1 | -1, cart: StoredCart | undefined): void => {
      if (cart?.status !== 'open') return;
      always.add(sums.counter(openCarts, 'count'), NO_VALUE, by);
      always.add(sums.counter(openCarts, inCurrency('value', cart.currency)), NO_VALUE, by * cart.value);
    };
    for (const [{ cart }, before] of this.changedCarts) {
      count(-1, before);
      count(1, cart);
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
