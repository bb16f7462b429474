import TinyQueue from 'tinyqueue';
import type { CartFact } from '../../metrics/facts.ts';
import type { Writes } from '../../metrics/writes.ts';
import type { Calendar } from '../../time/calendar.ts';
import type { EventStep } from '../event-step.ts';
import type { CartTimes, LaneState } from '../state/lane-state.ts';
import type { Memory } from '../state/memory.ts';
import { type CartState, encodeEndedCart } from '../state/records.ts';
import { cartDays, cartIndex, cartRecords, outbox } from '../state/state-families.ts';
import {
  abandonedAt,
  addLines,
  cartLines,
  cartValue,
  dueAt,
  isExpired,
  noteActivity,
  noteStage,
  openCart,
  recoveryEndsAt,
  removeLines,
} from './cart.ts';
import { cartField, outboxEntry, toCartRecord } from './cart-message.ts';

export interface LaneCartsParts {
  /** `live`, or the import's id. */
  readonly source: string;
  readonly state: LaneState;
  readonly cartTimeoutMs: number;
  /** Lane time at the end of the unit: of carts that fall due later nobody needs to know. */
  readonly untilMs: number;
  readonly calendar: Calendar;
  readonly memory: Memory;
  readonly writes: Writes;
  /** Where what is said about carts waits to be published. */
  readonly outboxDimensions: string;
}

/** As Redis orders what has one score: not as JavaScript compares texts. */
const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** An open cart and the moment after which it is abandoned. */
interface DueCart {
  readonly user: number;
  readonly userId: string;
  readonly atMs: number;
}

/** The carts of a lane, from opening to their end, in lane time alone. */
export class LaneCarts {
  readonly times: CartTimes;
  private readonly parts: LaneCartsParts;
  private readonly due = new TinyQueue<DueCart>([], (a, b) => a.atMs - b.atMs || compareBytes(a.userId, b.userId));

  constructor(parts: LaneCartsParts) {
    this.parts = parts;
    this.times = { dueAt: (cart) => dueAt(cart, parts.cartTimeoutMs), recoveryEndsAt };
    for (const user of parts.state.withCart) this.watch(user);
  }

  /** Carts whose deadline lane time has passed are abandoned, in the order of their deadlines. */
  abandonDueBefore(nowMs: number): void {
    this.abandonWhile(({ atMs }) => atMs < nowMs);
  }

  /** For a unit in which nothing else happens: lane time will have passed these deadlines with the next event. */
  abandonUpTo(lastMs: number, lastUserId: string): void {
    this.abandonWhile(
      ({ atMs, userId }) => atMs < lastMs || (atMs === lastMs && compareBytes(userId, lastUserId) <= 0),
    );
  }

  private abandonWhile(isDue: (next: DueCart) => boolean): void {
    for (let next = this.due.peek(); next !== undefined && isDue(next); next = this.due.peek()) {
      this.due.pop();
      const cart = this.cartOf(next.user);
      if (cart?.status === 'open' && this.times.dueAt(cart) === next.atMs) this.abandon(next.user, cart);
    }
  }

  fold(step: EventStep, newestMs: number, nowMs: number): void {
    const known = this.cartOf(step.user);
    // However late it comes: what its user did next shows that it had been left.
    if (known?.status === 'open' && step.timestampMs > abandonedAt(known, this.parts.cartTimeoutMs))
      this.abandon(step.user, known);
    const cart = known !== undefined && !(known.status === 'abandoned' && isExpired(known, nowMs)) ? known : undefined;
    if (step.name === 'add_to_cart') this.add(step, cart, newestMs, nowMs);
    else if (cart !== undefined) this.goOn(step, cart, newestMs, nowMs);
  }

  /** Takes in a cart that was still open, or recoverable, when an import's lane closed. */
  adopt(user: number, cart: CartState): void {
    this.put(user, cart);
    this.watch(user);
  }

  /** Ends an open cart of a closing lane whose user has a cart here already: its deadline counts as passed. */
  supersede(userId: string, cart: CartState): void {
    if (cart.status !== 'open') return;
    this.noteAbandoned(userId, cart);
    this.list('abandoned', userId, cart, cart.abandonedMs ?? cart.lastMs);
  }

  /** The user is erased: an open cart ends as if everything had been taken out. */
  erase(user: number): void {
    const cart = this.cartOf(user);
    if (cart === undefined) return;
    if (cart.abandonedMs === null) this.emitCart('emptied', cart, 0);
    this.put(user, undefined);
  }

  /** Abandoned carts that can't be recovered any more are not kept. */
  dropExpired(nowMs: number): void {
    const { state } = this.parts;
    for (const user of [...state.withCart, ...state.withChangedCart]) {
      const cart = this.cartOf(user);
      if (cart?.status === 'abandoned' && isExpired(cart, nowMs)) this.put(user, undefined);
    }
  }

  private cartOf(user: number): CartState | undefined {
    return this.parts.state.visitors.carts.get(user);
  }

  private put(user: number, cart: CartState | undefined): void {
    this.parts.state.touchCart(user);
    this.parts.state.visitors.setCart(user, cart);
  }

  private goOn(step: EventStep, cart: CartState, newestMs: number, nowMs: number): void {
    this.parts.state.touchCart(step.user);
    if (step.name === 'purchase') {
      this.buy(step, cart);
      return;
    }
    if (step.name === 'remove_from_cart') removeLines(cart, step.event);
    if (step.name === 'remove_from_cart' && cart.lines.size === 0) {
      this.empty(step, cart);
      return;
    }
    noteStage(cart, step.name);
    this.touch(step.user, cart, newestMs, nowMs);
  }

  private add(step: EventStep, known: CartState | undefined, newestMs: number, nowMs: number): void {
    this.parts.state.touchCart(step.user);
    const cart = known ?? openCart(step.event, step.values, newestMs, nowMs, this.parts.source);
    if (known === undefined) this.emitCart('opened', cart, 0);
    else if (known.status === 'abandoned') this.unlist('abandoned', step.userId, known);
    cart.status = 'open';
    addLines(cart, step.event);
    this.touch(step.user, cart, newestMs, nowMs);
  }

  private touch(user: number, cart: CartState, newestMs: number, nowMs: number): void {
    noteActivity(cart, newestMs, nowMs, this.parts.cartTimeoutMs);
    this.parts.state.visitors.setCart(user, cart);
    this.watch(user);
  }

  private buy({ user, userId, timestampMs }: EventStep, cart: CartState): void {
    this.parts.state.visitors.setCart(user, undefined);
    if (cart.abandonedMs === null) this.emitCart('purchased', cart, 0);
    else {
      this.emitCart('recovered', cart, cart.abandonedValue, Math.max(0, timestampMs - cart.abandonedMs) / 1_000);
      this.unlist('abandoned', userId, cart);
      this.list('recovered', userId, cart, timestampMs);
      this.announce('recovered', userId, cart, timestampMs);
    }
  }

  /** A cart that was abandoned once stays abandoned, unless buying recovers it. */
  private empty({ user, userId }: EventStep, cart: CartState): void {
    if (cart.abandonedMs === null) this.emitCart('emptied', cart, 0);
    else this.list('abandoned', userId, cart, cart.abandonedMs);
    this.parts.state.visitors.setCart(user, undefined);
  }

  private abandon(user: number, cart: CartState): void {
    const userId = this.parts.state.visitors.idOf(user);
    this.parts.state.touchCart(user);
    this.noteAbandoned(userId, cart);
    cart.status = 'abandoned';
    cart.graceMs = 0;
    this.list('abandoned', userId, cart, cart.abandonedMs ?? cart.lastMs);
  }

  /** Counts and says once what is abandoned for the first time. */
  private noteAbandoned(userId: string, cart: CartState): void {
    const isFirstTime = cart.abandonedMs === null;
    cart.abandonedMs = abandonedAt(cart, this.parts.cartTimeoutMs);
    if (!isFirstTime) return;
    cart.abandonedValue = cartValue(cart);
    this.emitCart('abandoned', cart, cart.abandonedValue);
    this.announce('abandoned', userId, cart);
  }

  /** With what it held when it was abandoned. */
  private announce(topic: 'abandoned' | 'recovered', userId: string, cart: CartState, recoveredMs?: number): void {
    const { writes, outboxDimensions, calendar } = this.parts;
    const record = toCartRecord(userId, { ...cart, value: cart.abandonedValue }, calendar, recoveredMs);
    writes.enqueue(outbox, outboxDimensions, JSON.stringify(outboxEntry(topic, cart.source, record)));
  }

  private list(status: 'abandoned' | 'recovered', userId: string, cart: CartState, atMs: number): void {
    const { writes, calendar } = this.parts;
    const { day } = calendar.at(cart.openedMs);
    const field = cartField(userId, cart.cartId);
    const recoveredMs = status === 'recovered' ? atMs : undefined;
    writes.put(cartRecords, day, field, encodeEndedCart({ cart, recoveredMs }));
    writes.schedule(cartIndex, `${status}:${day}`, field, atMs);
    writes.put(cartDays, '', day, '1');
  }

  private unlist(status: 'abandoned', userId: string, cart: CartState): void {
    const { writes, calendar } = this.parts;
    const { day } = calendar.at(cart.openedMs);
    const field = cartField(userId, cart.cartId);
    writes.remove(cartRecords, day, field);
    writes.schedule(cartIndex, `${status}:${day}`, field, undefined);
  }

  private watch(user: number): void {
    const cart = this.cartOf(user);
    if (cart?.status !== 'open') return;
    const atMs = this.times.dueAt(cart);
    if (atMs >= this.parts.untilMs) return;
    this.due.push({ user, userId: this.parts.state.visitors.idOf(user), atMs });
  }

  private emitCart(step: CartFact['step'], cart: CartState, value: number, recoverySeconds?: number): void {
    const { values, currency, stage } = cart;
    const { calendar, memory, writes } = this.parts;
    const opened = memory.sums.hour(calendar.at(cart.openedMs));
    const dimensions = memory.sums.dictionaries.values.ofTexts(values);
    const lines = step === 'abandoned' ? cartLines(cart) : [];
    memory.countings.cart({ step, opened, dimensions, currency, value, stage, lines, recoverySeconds }, writes);
  }
}
