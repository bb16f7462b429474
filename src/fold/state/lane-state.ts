import { openCarts } from '../../analytics/shared/realtime.ts';
import { inCurrency } from '../../metrics/fields.ts';
import type { Dictionaries } from '../../metrics/sums/dictionaries.ts';
import { NO_VALUE } from '../../metrics/sums/dimension-values.ts';
import type { Writes } from '../../metrics/writes.ts';
import { NO_TIME } from '../../time/windows.ts';
import { cartValue } from '../carts/cart.ts';
import type { HeldEvents } from '../links/held-events.ts';
import { decodeClaim, encodeClaim, type OrderClaim } from '../orders/order-claim.ts';
import { decodeOrder, encodeOrder, type OrderState } from '../orders/order-record.ts';
import { decodePurchasing, encodePurchasing, type PurchasingSession } from '../sessions/purchasing-session.ts';
import { readSession } from '../visitors/visitor-records.ts';
import type { Visitors } from '../visitors/visitors.ts';
import { bucketedFamilies, bucketedFamily, OF_USERS, type Plans } from './bucket-plans.ts';
import { BucketedState, type LaneClock } from './bucketed-state.ts';
import { bucketsAlive, bucketsDead } from './buckets.ts';
import { HeardClock } from './heard-clock.ts';
import type { LaneMemory } from './memory.ts';
import { type CartState, decodeCart, encodeCart } from './records.ts';
import type { SeenIds } from './seen-ids.ts';
import { type Histories, type LaneSnapshot, type LaneTime, type OpenHistories, timesBy } from './snapshot.ts';
import { carts, cartsDue, cartsExpiring } from './state-families.ts';

/** What was read of a lane. */
export interface LaneRead {
  readonly snapshot: LaneSnapshot;
  /** Users of whom all was read that there is. */
  readonly asked: readonly number[];
  /** Interactions of guests who sign in. */
  readonly histories?: Histories | undefined;
}

const NO_HISTORIES: Histories = new Map();

type StoredCart = Pick<CartState, 'status' | 'currency' | 'value'>;

/** A lane's state while a unit is folded. */
export class LaneState implements LaneClock {
  timeMs: number | undefined;
  /** Of the lane itself: by it carts fall due, and repeats are forgotten. */
  ownMs: number | undefined;
  readonly visitors: Visitors;
  /** Sessions that are not their user's newest, by their numbers. */
  readonly sessions: BucketedState<number>;
  readonly orders: BucketedState<OrderState>;
  readonly claims: BucketedState<OrderClaim>;
  readonly heardClock: HeardClock;
  readonly purchasing: BucketedState<PurchasingSession>;
  readonly seen: SeenIds;
  /** Events of users who have just signed in. */
  readonly held: HeldEvents;
  /** Interactions of guests who sign in, as they were stored. */
  readonly histories: OpenHistories;
  readonly dictionaries: Dictionaries;
  /** Users whose cart falls due or can't be recovered any more, or of whom it was asked. */
  readonly withCart: readonly number[];
  /** Users whose cart the unit changes, with what the store held of it. */
  private readonly changedCarts = new Map<number, StoredCart | undefined>();
  private readonly plans: Plans;
  /** At the beginning of the unit. */
  private readonly startedAt: ReturnType<typeof timesBy>;

  constructor(
    { snapshot, asked, histories = NO_HISTORIES }: LaneRead,
    plans: Plans,
    memory: LaneMemory,
    dictionaries: Dictionaries,
    time: LaneTime | undefined,
  ) {
    this.timeMs = time?.timeMs;
    this.ownMs = time?.ownMs;
    this.startedAt = timesBy(time);
    this.heardClock = new HeardClock(this, time?.heardMs);
    this.plans = plans;
    this.visitors = memory.visitors;
    const { records, sessions } = memory.visitors;
    this.sessions = new BucketedState<number>(
      snapshot.visitors,
      {
        ...bucketedFamily('visitors', plans),
        decode: (text, bucketMs) => sessions.put(readSession(text, bucketMs, dictionaries)),
        encode: (session, bucketMs, into) => records.writeSession(session, bucketMs, into),
        laneMs: (session) => sessions.laneMs.at(session),
        forget: (session) => sessions.release(session),
      },
      this,
    );
    this.orders = new BucketedState<OrderState>(
      snapshot.orders,
      {
        ...bucketedFamily('orders', plans),
        decode: decodeOrder,
        encode: (order, _bucketMs, into) => void into.text(encodeOrder(order)),
        laneMs: (order) => order.laneMs,
      },
      this,
    );
    this.claims = new BucketedState<OrderClaim>(
      snapshot.claims,
      {
        ...bucketedFamily('claims', plans),
        decode: decodeClaim,
        encode: (claim, _bucketMs, into) => void into.text(encodeClaim(claim)),
        // From when it was told, as an order is kept from when it came: its own moment may be weeks before.
        laneMs: ({ atMs }) => this.heardClock.timeMs ?? atMs,
      },
      this.heardClock,
    );
    this.purchasing = new BucketedState<PurchasingSession>(
      snapshot.purchasing,
      {
        ...bucketedFamily('purchasing', plans),
        decode: (text) => decodePurchasing(text, dictionaries),
        encode: (known, _bucketMs, into) => void into.text(encodePurchasing(known, dictionaries)),
        laneMs: (known) => known.atMs,
        isPutUnread: true,
      },
      this,
    );
    this.held = memory.held;
    this.histories = new Map(histories);
    this.dictionaries = dictionaries;
    this.seen = memory.seen;
    if (!this.seen.isLoaded) this.seen.load(snapshot.seen);
    this.visitors.fill(snapshot, asked);
    this.withCart = this.takeCarts(snapshot, asked);
  }

  /** To be called before a cart is changed, opened or removed. */
  touchCart(user: number): void {
    if (this.changedCarts.has(user)) return;
    const cart = this.visitors.carts.get(user);
    this.changedCarts.set(user, cart && { status: cart.status, currency: cart.currency, value: cart.value });
  }

  /** Users whose cart the unit has changed so far. */
  get withChangedCart(): Iterable<number> {
    return this.changedCarts.keys();
  }

  /**
   * Writes what changed, and drops whole buckets that lane time has left behind.
   * @param isLive whether its open carts are those of the shop as it is now
   */
  save(writes: Writes, dimensions: string, toMs: number, cartTimes: CartTimes, isLive: boolean): void {
    const until = { lane: toMs, own: this.ownMs ?? toMs, heard: this.heardClock.timeMs ?? toMs };
    this.visitors.save(writes, dimensions, toMs);
    for (const state of [this.sessions, this.orders, this.purchasing]) state.save(writes, dimensions, toMs);
    this.seen.save(writes, dimensions, until.own);
    this.claims.save(writes, dimensions, until.heard);
    // They are read again when they are needed.
    this.sessions.each((session) => this.visitors.sessions.release(session));
    this.saveCarts(writes, dimensions, cartTimes);
    if (isLive) this.countOpenCarts(writes);
    for (const { family, plan, clock } of bucketedFamilies(this.plans)) {
      const fromMs = this.startedAt[clock];
      if (fromMs === undefined) continue;
      for (const bucket of bucketsDead(plan, fromMs, until[clock])) writes.drop(family, `${dimensions}:${bucket}`);
    }
  }

  private takeCarts({ carts: stored }: LaneSnapshot, asked: Iterable<number>): number[] {
    const { visitors } = this;
    const users = [...stored].map(([userId, text]) => {
      const user = visitors.ofId(userId);
      if (!visitors.isCartLoaded(user)) {
        visitors.setCart(user, decodeCart(text));
        visitors.holdCart(user, text.length);
      }
      visitors.cartIsLoaded(user);
      return user;
    });
    for (const user of asked) visitors.cartIsLoaded(user);
    return users;
  }

  private saveCarts(writes: Writes, dimensions: string, { dueAt, recoveryEndsAt }: CartTimes): void {
    const changes = writes.changes(carts, dimensions);
    for (const [user, before] of this.changedCarts) {
      const cart = this.visitors.carts.get(user);
      const userId = this.visitors.idOf(user);
      if (cart === undefined) {
        changes.taken.push(userId);
        this.visitors.holdCart(user, 0);
      } else {
        cart.value = cartValue(cart);
        const text = encodeCart(cart);
        changes.field().text(userId);
        changes.value().text(text);
        changes.end();
        this.visitors.holdCart(user, text.length);
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
    for (const [user, before] of this.changedCarts) {
      count(-1, before);
      count(1, this.visitors.carts.get(user));
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

/** What has moved to another lane. */
export function takeFromLane(writes: Writes, dimensions: string, moved: LaneSnapshot, plans: Plans): void {
  for (const { kind } of OF_USERS) {
    const { family } = bucketedFamily(kind, plans);
    for (const [field, { bucket }] of moved[kind]) writes.remove(family, `${dimensions}:${bucket}`, field);
  }
  for (const userId of moved.carts.keys()) {
    writes.remove(carts, dimensions, userId);
    for (const family of [cartsDue, cartsExpiring]) writes.schedule(family, dimensions, userId, undefined);
  }
}
