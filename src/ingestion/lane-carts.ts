import TinyQueue from 'tinyqueue';
import type { CartFact, Fact } from '../analytics/facts.ts';
import type { Calendar } from '../analytics/windows.ts';
import type { ShopEvent } from '../events/event.ts';
import { addLines, cartValue, dueAt, goneAt, isGone, noteStage, openCart, removeLines } from './carts.ts';
import type { CartTimes, LaneState } from './lane-state.ts';
import type { CartState } from './records.ts';

export interface LaneCartsParts {
  readonly state: LaneState;
  readonly cartTimeoutMs: number;
  readonly calendar: Calendar;
  readonly emit: (fact: Fact) => void;
}

/** The carts of a lane, from opening to their end, in lane time alone. */
export class LaneCarts {
  readonly times: CartTimes;
  private readonly parts: LaneCartsParts;
  private readonly due = new TinyQueue<{ readonly userId: string; readonly atMs: number }>(
    [],
    (a, b) => a.atMs - b.atMs || (a.userId < b.userId ? -1 : 1),
  );

  constructor(parts: LaneCartsParts) {
    this.parts = parts;
    this.times = { dueAt: (cart) => dueAt(cart, parts.cartTimeoutMs), goneAt };
    for (const [userId, cart] of parts.state.allCarts()) this.watch(userId, cart);
  }

  /** Carts whose deadline lane time has passed are abandoned, in the order of their deadlines. */
  advance(nowMs: number): void {
    for (let next = this.due.peek(); next !== undefined && next.atMs < nowMs; next = this.due.peek()) {
      this.due.pop();
      const cart = this.parts.state.cart(next.userId);
      if (cart?.status === 'open' && this.times.dueAt(cart) === next.atMs) this.abandon(next.userId, cart);
    }
  }

  fold(event: ShopEvent, newestMs: number, nowMs: number): void {
    const known = this.parts.state.cart(event.userId);
    const cart = known !== undefined && !(known.status === 'abandoned' && isGone(known, nowMs)) ? known : undefined;
    if (event.name === 'add_to_cart') this.add(event, cart, newestMs);
    else if (cart !== undefined) this.goOn(event, cart, newestMs, nowMs);
  }

  /** Takes in a cart that was still open, or recoverable, when an import's lane closed. */
  adopt(userId: string, cart: CartState): void {
    this.parts.state.putCart(userId, cart);
    this.watch(userId, cart);
  }

  /** Ends an open cart of a closing lane whose user has a cart here already: its deadline counts as passed. */
  supersede(cart: CartState): void {
    if (cart.status === 'open' && cart.abandonedMs === null) this.emitCart('abandoned', cart, cartValue(cart));
  }

  /** The user is to be forgotten: an open cart ends as if everything had been taken out. */
  erase(userId: string): void {
    const cart = this.parts.state.cart(userId);
    if (cart === undefined) return;
    if (cart.abandonedMs === null) this.emitCart('emptied', cart, 0);
    this.parts.state.putCart(userId, undefined);
  }

  /** Abandoned carts that can't be recovered any more are not kept. */
  forgetGone(nowMs: number): void {
    const { state } = this.parts;
    for (const [userId, cart] of state.allCarts())
      if (cart.status === 'abandoned' && isGone(cart, nowMs)) state.putCart(userId, undefined);
  }

  private goOn(event: ShopEvent, cart: CartState, newestMs: number, nowMs: number): void {
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

  private add(event: ShopEvent, known: CartState | undefined, newestMs: number): void {
    const cart = known ?? openCart(event, newestMs);
    if (known === undefined) this.emitCart('opened', cart, 0);
    cart.status = 'open';
    addLines(cart, event);
    this.touch(event.userId, cart, newestMs);
  }

  private touch(userId: string, cart: CartState, newestMs: number): void {
    cart.lastMs = Math.max(cart.lastMs, newestMs);
    this.parts.state.putCart(userId, cart);
    this.watch(userId, cart);
  }

  /** A cart that was abandoned once stays abandoned in the counts, unless buying recovers it. */
  private end(userId: string, cart: CartState, step: 'purchased' | 'emptied' | 'recovered', nowMs: number): void {
    if (step === 'recovered') {
      if (!isGone(cart, nowMs)) this.emitCart(step, cart, cart.abandonedValue);
    } else if (cart.abandonedMs === null) this.emitCart(step, cart, 0);
    this.parts.state.putCart(userId, undefined);
  }

  private abandon(userId: string, cart: CartState): void {
    if (cart.abandonedMs === null) {
      cart.abandonedMs = this.times.dueAt(cart);
      cart.abandonedValue = cartValue(cart);
      this.emitCart('abandoned', cart, cart.abandonedValue);
    }
    cart.status = 'abandoned';
    this.parts.state.putCart(userId, cart);
  }

  private watch(userId: string, cart: CartState): void {
    if (cart.status === 'open') this.due.push({ userId, atMs: this.times.dueAt(cart) });
  }

  private emitCart(step: CartFact['step'], cart: CartState, value: number): void {
    const { city, currency } = cart;
    const { calendar, emit } = this.parts;
    emit({ kind: 'cart', step, opened: calendar.at(cart.openedMs), city, currency, value });
  }
}
