import { distinctStages } from '../analytics/funnel/funnel.ts';
import { advanceOpenStages } from '../analytics/funnel/progress.ts';
import { REALTIME_MS } from '../analytics/shared/realtime.ts';
import type { InventoryEvent, ShopEvent } from '../events/event.ts';
import { type PartitionId, partitionName } from '../events/partition.ts';
import type { Fact, OrderFacts, SessionStep } from '../metrics/facts.ts';
import type { Writes } from '../metrics/writes.ts';
import type { Calendar } from '../time/calendar.ts';
import { LaneCarts } from './carts/lane-carts.ts';
import { orderOf, refundOf } from './orders.ts';
import { advanceSession, beginSession, beginUser, continues, followSearches, isOver } from './sessions/session.ts';
import { type FoldSettings, RETURN_MS } from './settings.ts';
import { plansOf } from './state/bucket-plans.ts';
import { type CachedLane, LaneState } from './state/lane-state.ts';
import type { OrderState, SessionState, UserState } from './state/records.ts';
import type { LaneSnapshot, LaneTime } from './state/snapshot.ts';
import { type StateKeys, sessionField, sessionIdOf } from './state/state-keys.ts';

export type FoldOutcome = 'applied' | 'duplicate' | 'unknown-refund';

export interface LaneParts {
  /** `live`, or the import's id. */
  readonly name: string;
  readonly partition: PartitionId;
  readonly snapshot: LaneSnapshot;
  readonly cached?: CachedLane | undefined;
  readonly time: LaneTime | undefined;
  readonly settings: FoldSettings;
  readonly calendar: Calendar;
  readonly emit: (fact: Fact) => void;
  readonly writes: Writes;
}

/**
 * One lane of a partition during one batch: live, or one import. Its time is the newest timestamp that came in it,
 * and it alone decides what is a duplicate, which session an event belongs to, and when a cart is abandoned.
 */
export class Lane {
  readonly state: LaneState;
  readonly carts: LaneCarts;
  private timeMs: number | undefined;
  private readonly startedMs: number | undefined;
  private readonly settings: FoldSettings;
  private readonly calendar: Calendar;
  private readonly emit: (fact: Fact) => void;
  private readonly stages: readonly string[];

  constructor({ name, partition, snapshot, cached, time, settings, calendar, emit, writes }: LaneParts) {
    this.state = new LaneState(snapshot, plansOf(settings), cached);
    this.carts = new LaneCarts({
      source: name,
      state: this.state,
      cartTimeoutMs: settings.cartTimeoutMs,
      calendar,
      emit,
      writes,
      outboxDimensions: partitionName(partition),
    });
    this.timeMs = time?.timeMs;
    this.startedMs = time?.timeMs;
    this.settings = settings;
    this.calendar = calendar;
    this.emit = emit;
    this.stages = distinctStages(settings.funnels);
  }

  get time(): number | undefined {
    return this.timeMs;
  }

  /** Moves the lane's time on; carts whose deadline it passes are abandoned. */
  advance(toMs: number): number {
    const nowMs = Math.max(this.timeMs ?? toMs, toMs);
    this.timeMs = nowMs;
    this.carts.abandonDueBefore(nowMs);
    return nowMs;
  }

  foldInventory(event: InventoryEvent, keys: StateKeys, arrivedAtMs: number): FoldOutcome {
    const nowMs = this.advance(event.timestampMs);
    if (this.isRepeated(keys, nowMs)) return 'duplicate';
    const { timestampMs } = event;
    this.emit({
      kind: 'inventory',
      event,
      at: this.calendar.at(timestampMs),
      realtime: this.realtime(event, arrivedAtMs),
    });
    return 'applied';
  }

  foldShop(event: ShopEvent, keys: StateKeys, arrivedAtMs: number): FoldOutcome {
    const nowMs = this.advance(event.timestampMs);
    if (this.isRepeated(keys, nowMs) || this.isKnownPurchase(event, keys, nowMs)) return 'duplicate';
    const { currency, order, outcome } = this.order(event, keys, nowMs);
    const at = this.calendar.at(event.timestampMs);
    const visitor = this.state.users.entry(keys.user);
    const known = visitor.value;
    const recent = known !== undefined && !isOver(known.laneMs, nowMs) ? known : undefined;
    const user = recent ?? beginUser(event, nowMs, at.hourStartMs);
    const session = this.sessionStep(event, user, recent !== undefined, nowMs);
    const newStages = this.touchUser(event, user, nowMs, at.hourStartMs);
    visitor.put(user);
    const counted = currency === event.currency ? event : { ...event, currency };
    const realtime = this.realtime(event, arrivedAtMs);
    this.emit({ kind: 'event', event: counted, at, realtime, session, newStages, order });
    this.carts.fold(event, user.newestMs, nowMs);
    return outcome;
  }

  /** @param isLive whether its open carts are those of the shop as it is now */
  save(writes: Writes, dimensions: string, isLive: boolean): void {
    if (this.timeMs === undefined) return;
    this.carts.dropExpired(this.timeMs);
    this.state.save(writes, dimensions, this.startedMs, this.timeMs, this.carts.times, isLive);
  }

  /** What arrives too late is no news: the windows of the last hour would be gone before anybody saw it in them. */
  private realtime({ timestampMs }: ShopEvent | InventoryEvent, arrivedAtMs: number) {
    return arrivedAtMs - timestampMs <= REALTIME_MS ? this.calendar.realtime(timestampMs) : undefined;
  }

  private isRepeated({ seen }: StateKeys, nowMs: number): boolean {
    const id = this.state.seen.entry(seen);
    if (id.value !== undefined && nowMs - id.value <= this.settings.dedupeWindowMs) return true;
    id.put(nowMs);
    return false;
  }

  private isKnownPurchase(event: ShopEvent, keys: StateKeys, nowMs: number): boolean {
    return event.name === 'purchase' && this.knownOrder(keys, nowMs) !== undefined;
  }

  private knownOrder({ order: field }: StateKeys, nowMs: number): OrderState | undefined {
    if (field === undefined) return undefined;
    const order = this.state.orders.get(field);
    return order !== undefined && nowMs - order.laneMs <= this.settings.transactionWindowMs ? order : undefined;
  }

  private order(
    event: ShopEvent,
    keys: StateKeys,
    nowMs: number,
  ): { currency: string; order: OrderFacts | undefined; outcome: FoldOutcome } {
    const { currency } = event;
    if (event.name === 'purchase') {
      const order = orderOf(event);
      if (keys.order !== undefined) this.state.orders.put(keys.order, { laneMs: nowMs, currency, ...order });
      return { currency, order, outcome: 'applied' };
    }
    if (event.name !== 'refund') return { currency, order: undefined, outcome: 'applied' };
    const refund = refundOf(event, this.knownOrder(keys, nowMs));
    if (refund.outcome === 'unknown-order') return { currency, order: undefined, outcome: 'unknown-refund' };
    return { currency: refund.currency, order: refund.order, outcome: 'applied' };
  }

  private sessionStep(event: ShopEvent, user: UserState, isKnown: boolean, nowMs: number): SessionStep {
    const session = (isKnown ? this.sessionOf(event, user, nowMs) : undefined) ?? this.begin(event, user, nowMs);
    const advance = advanceSession(session, event, nowMs, this.settings.funnels);
    const followed = followSearches(session, event, this.calendar);
    const isNewUser = session.events === 1 && this.isNewUser(event.userId, nowMs);
    const { firstMs, city, events } = session;
    const { durationDeltaMs, reached } = advance;
    return { began: this.calendar.at(firstMs), city, events, durationDeltaMs, reached, isNewUser, followed };
  }

  /** The session that goes on with this event: the user's newest, or one before it. */
  private sessionOf(event: ShopEvent, user: UserState, nowMs: number): SessionState | undefined {
    const id = sessionIdOf(event);
    const { current } = user;
    if (current?.id === id)
      return continues(current.session, user, event, nowMs, this.settings) ? current.session : undefined;
    const earlier = this.state.sessions.entry(sessionField(event.userId, id));
    const { value } = earlier;
    if (value === undefined || !continues(value, user, event, nowMs, this.settings)) return undefined;
    // It is added to in place.
    earlier.put(value);
    return value;
  }

  /** A session begins and is the user's newest; the one before it is kept by itself. */
  private begin(event: ShopEvent, user: UserState, nowMs: number): SessionState {
    const { sessions } = this.state;
    const id = sessionIdOf(event);
    const { current } = user;
    if (current?.id !== id) {
      if (current !== undefined && !isOver(current.session.laneMs, nowMs))
        sessions.put(sessionField(event.userId, current.id), current.session);
      sessions.entry(sessionField(event.userId, id)).remove();
    }
    const session = beginSession(event, nowMs);
    user.current = { id, session };
    return session;
  }

  /** A session begins: has none of the user's begun for thirty days? */
  private isNewUser(userId: string, nowMs: number): boolean {
    const known = this.state.knownUsers.entry(userId);
    const beganMs = known.value;
    known.put(nowMs);
    return beganMs === undefined || nowMs - beganMs > RETURN_MS;
  }

  /** @returns stages that the user may not have been counted at in its hour and city */
  private touchUser(
    { name, city, timestampMs }: ShopEvent,
    user: UserState,
    nowMs: number,
    hourMs: number,
  ): readonly string[] {
    user.newestMs = Math.max(user.newestMs, timestampMs);
    user.laneMs = nowMs;
    if (user.hourMs !== hourMs || user.city !== city) {
      user.hourMs = hourMs;
      user.city = city;
      user.stages = [];
    }
    return advanceOpenStages(user.stages, name, this.stages);
  }
}
