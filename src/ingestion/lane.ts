import TinyQueue from 'tinyqueue';
import type { CartFact, Fact, OrderFacts } from '../analytics/facts.ts';
import { distinctStages } from '../analytics/funnel-definitions.ts';
import type { Calendar } from '../analytics/windows.ts';
import type { Writes } from '../analytics/writes.ts';
import type { InventoryEvent, ShopEvent } from '../events/event.ts';
import { reachesStage } from '../events/names.ts';
import { addLines, cartValue, dueAt, goneAt, isGone, noteStage, openCart, removeLines } from './carts.ts';
import { LaneState } from './lane-state.ts';
import { orderOf, refundOf } from './orders.ts';
import { plansOf } from './plans.ts';
import type { LaneSnapshot, LaneTime } from './ports.ts';
import type { CartState, UserState } from './records.ts';
import { advanceSession, beginSession, continues, isForgotten } from './sessions.ts';
import type { FoldSettings } from './settings.ts';
import type { StateKeys } from './state-keys.ts';

export type FoldOutcome = 'applied' | 'duplicate' | 'unknown-refund';

/**
 * One lane of a partition during one batch: live, or one import. Its time is the newest timestamp that came in it,
 * and it alone decides what is a duplicate, which session an event belongs to, and when a cart is abandoned.
 */
export class Lane {
  readonly state: LaneState;
  private timeMs: number | undefined;
  private readonly startedMs: number | undefined;
  private readonly settings: FoldSettings;
  private readonly calendar: Calendar;
  private readonly emit: (fact: Fact) => void;
  private readonly stages: readonly string[];
  private readonly due = new TinyQueue<{ readonly userId: string; readonly atMs: number }>(
    [],
    (a, b) => a.atMs - b.atMs || (a.userId < b.userId ? -1 : 1),
  );

  constructor(
    snapshot: LaneSnapshot,
    time: LaneTime | undefined,
    settings: FoldSettings,
    calendar: Calendar,
    emit: (fact: Fact) => void,
  ) {
    this.state = new LaneState(snapshot, plansOf(settings));
    this.timeMs = time?.timeMs;
    this.startedMs = time?.timeMs;
    this.settings = settings;
    this.calendar = calendar;
    this.emit = emit;
    this.stages = distinctStages(settings.funnels);
    for (const [userId, cart] of this.state.openCarts()) this.watch(userId, cart);
  }

  get time(): number | undefined {
    return this.timeMs;
  }

  /** Moves the lane's time on; carts whose deadline it passes are abandoned, in the order of their deadlines. */
  advance(toMs: number): number {
    const nowMs = Math.max(this.timeMs ?? toMs, toMs);
    this.timeMs = nowMs;
    for (let next = this.due.peek(); next !== undefined && next.atMs < nowMs; next = this.due.peek()) {
      this.due.pop();
      const cart = this.state.cart(next.userId);
      if (cart?.status === 'open' && dueAt(cart, this.settings.cartTimeoutMs) === next.atMs)
        this.abandon(next.userId, cart);
    }
    return nowMs;
  }

  foldInventory(event: InventoryEvent, keys: StateKeys): FoldOutcome {
    const nowMs = this.advance(event.timestampMs);
    if (this.isRepeated(keys, nowMs)) return 'duplicate';
    this.emit({ kind: 'inventory', event, at: this.calendar.at(event.timestampMs) });
    return 'applied';
  }

  foldShop(event: ShopEvent, keys: StateKeys): FoldOutcome {
    const nowMs = this.advance(event.timestampMs);
    if (this.isRepeated(keys, nowMs) || this.isKnownPurchase(event, keys, nowMs)) return 'duplicate';
    const { currency, order, outcome } = this.order(event, keys, nowMs);
    const at = this.calendar.at(event.timestampMs);
    const known = this.state.user(keys.user);
    const user = known !== undefined && !isForgotten(known.laneMs, nowMs) ? known : undefined;
    const session = this.step(event, keys, user, nowMs);
    const { next, newStages } = this.visit(event, user, nowMs, at.hour);
    this.state.putUser(keys.user, next);
    const counted = currency === event.currency ? event : { ...event, currency };
    this.emit({ kind: 'event', event: counted, at, session, newStages, order });
    this.foldCart(event, next.newestMs, nowMs);
    return outcome;
  }

  /** Takes in a cart that was still open, or recoverable, when an import's lane closed. */
  adopt(userId: string, cart: CartState): void {
    this.state.putCart(userId, cart);
    this.watch(userId, cart);
  }

  /** Ends an open cart of a closing lane whose user has a cart here already: its deadline counts as passed. */
  supersede(cart: CartState): void {
    if (cart.status === 'open' && cart.abandonedMs === null) this.emitCart('abandoned', cart, cartValue(cart));
  }

  save(writes: Writes, dimensions: string): void {
    if (this.timeMs === undefined) return;
    for (const [userId, cart] of this.state.openCarts()) {
      if (cart.status === 'abandoned' && isGone(cart, this.timeMs)) this.state.putCart(userId, undefined);
    }
    const cartTimes = { dueAt: (cart: CartState) => dueAt(cart, this.settings.cartTimeoutMs), goneAt };
    this.state.save(writes, dimensions, this.startedMs, this.timeMs, cartTimes);
  }

  private isRepeated({ seen }: StateKeys, nowMs: number): boolean {
    const seenMs = this.state.seenAt(seen);
    if (seenMs !== undefined && nowMs - seenMs <= this.settings.dedupeWindowMs) return true;
    this.state.markSeen(seen, nowMs);
    return false;
  }

  private isKnownPurchase(event: ShopEvent, keys: StateKeys, nowMs: number): boolean {
    return event.name === 'purchase' && this.knownOrder(keys, nowMs) !== undefined;
  }

  private knownOrder({ order: field }: StateKeys, nowMs: number) {
    if (field === undefined) return undefined;
    const order = this.state.order(field);
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
      if (keys.order !== undefined) this.state.putOrder(keys.order, { laneMs: nowMs, currency, ...order });
      return { currency, order, outcome: 'applied' };
    }
    if (event.name !== 'refund') return { currency, order: undefined, outcome: 'applied' };
    const refund = refundOf(event, this.knownOrder(keys, nowMs));
    if (refund.outcome === 'unknown-order') return { currency, order: undefined, outcome: 'unknown-refund' };
    return { currency: refund.currency, order: refund.order, outcome: 'applied' };
  }

  private step(event: ShopEvent, keys: StateKeys, user: UserState | undefined, nowMs: number) {
    const known = this.state.session(keys.session);
    const session = continues(known, user, event, nowMs, this.settings) ? known : beginSession(event, nowMs);
    const advance = advanceSession(session, event, nowMs, this.settings.funnels);
    this.state.putSession(keys.session, session);
    return { began: this.calendar.at(session.firstMs), city: session.city, events: session.events, ...advance };
  }

  private visit(
    event: ShopEvent,
    user: UserState | undefined,
    nowMs: number,
    hour: string,
  ): { next: UserState; newStages: string[] } {
    const same = user?.hour === hour && user.city === event.city;
    const stages = same ? user.stages : [];
    const newStages: string[] = [];
    this.stages.forEach((stage, i) => {
      if (!reachesStage(stage, event.name) || stages.includes(i)) return;
      stages.push(i);
      newStages.push(stage);
    });
    const newestMs = Math.max(user?.newestMs ?? 0, event.timestampMs);
    return { next: { newestMs, laneMs: nowMs, hour, city: event.city, stages }, newStages };
  }

  private foldCart(event: ShopEvent, newestMs: number, nowMs: number): void {
    const { userId } = event;
    const known = this.state.cart(userId);
    const cart = known !== undefined && !(known.status === 'abandoned' && isGone(known, nowMs)) ? known : undefined;
    if (event.name === 'add_to_cart') this.addToCart(event, cart, newestMs);
    else if (cart !== undefined) this.continueCart(event, cart, newestMs, nowMs);
  }

  private continueCart(event: ShopEvent, cart: CartState, newestMs: number, nowMs: number): void {
    if (event.name === 'purchase') {
      this.end(event.userId, cart, cart.abandonedMs === null ? 'purchased' : 'recovered', nowMs);
      return;
    }
    if (event.name === 'remove_from_cart') removeLines(cart, event);
    if (event.name === 'remove_from_cart' && cart.lines.size === 0) {
      this.end(event.userId, cart, 'emptied', nowMs);
      return;
    }
    noteStage(cart, event.name);
    this.touch(event.userId, cart, newestMs);
  }

  private addToCart(event: ShopEvent, known: CartState | undefined, newestMs: number): void {
    const cart = known ?? openCart(event, newestMs);
    if (known === undefined) this.emitCart('opened', cart, 0);
    cart.status = 'open';
    addLines(cart, event);
    this.touch(event.userId, cart, newestMs);
  }

  private touch(userId: string, cart: CartState, newestMs: number): void {
    cart.lastMs = Math.max(cart.lastMs, newestMs);
    this.state.putCart(userId, cart);
    this.watch(userId, cart);
  }

  /** A cart that was abandoned once stays abandoned in the counts, unless buying recovers it. */
  private end(userId: string, cart: CartState, step: 'purchased' | 'emptied' | 'recovered', nowMs: number): void {
    if (step === 'recovered') {
      if (!isGone(cart, nowMs)) this.emitCart(step, cart, cart.abandonedValue);
    } else if (cart.abandonedMs === null) this.emitCart(step, cart, 0);
    this.state.putCart(userId, undefined);
  }

  private abandon(userId: string, cart: CartState): void {
    if (cart.abandonedMs === null) {
      cart.abandonedMs = dueAt(cart, this.settings.cartTimeoutMs);
      cart.abandonedValue = cartValue(cart);
      this.emitCart('abandoned', cart, cart.abandonedValue);
    }
    cart.status = 'abandoned';
    this.state.putCart(userId, cart);
  }

  private watch(userId: string, cart: CartState): void {
    if (cart.status === 'open') this.due.push({ userId, atMs: dueAt(cart, this.settings.cartTimeoutMs) });
  }

  private emitCart(step: CartFact['step'], cart: CartState, value: number): void {
    const { city, currency } = cart;
    this.emit({ kind: 'cart', step, opened: this.calendar.at(cart.openedMs), city, currency, value });
  }
}
