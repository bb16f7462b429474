import type { CountedEvents } from '../counted-events.ts';
import type { EventStep } from '../event-step.ts';
import { LINK_TIMEOUT_MS } from '../settings.ts';
import type { CartTimes, LaneState } from '../state/lane-state.ts';
import type { CartState } from '../state/records.ts';
import {
  abandonedAt,
  addLines,
  asItIs,
  changesCart,
  dueAt,
  isExpired,
  noteActivity,
  noteStage,
  openCart,
  recoveryEndsAt,
  removeLines,
} from './cart.ts';
import { CartBook, type CartBookParts } from './cart-book.ts';
import { CartHandover, type CartsByUser } from './cart-handover.ts';
import { cartStep, cartTurn } from './cart-step.ts';
import { compareBytes, type DueCart, DueCarts } from './due-carts.ts';

export interface LaneCartsParts extends CartBookParts {
  /** `live`, or the import's id. */
  readonly source: string;
  readonly state: LaneState;
  /** Lane time at the end of the unit: of carts that fall due later nobody needs to know. */
  readonly untilMs: number;
  readonly counted: CountedEvents | undefined;
}

/** The carts of a lane, from opening to their end, in lane time alone. */
export class LaneCarts implements CartsByUser {
  readonly times: CartTimes;
  readonly handover: CartHandover;
  private readonly parts: LaneCartsParts;
  private readonly book: CartBook;
  private readonly due = new DueCarts();

  constructor(parts: LaneCartsParts) {
    this.parts = parts;
    this.book = new CartBook(parts);
    this.handover = new CartHandover(this, this.book, parts.counted);
    this.times = { dueAt: (cart) => dueAt(cart, parts.cartTimeoutMs), recoveryEndsAt };
    for (const user of parts.state.withCart) this.watch(user);
  }

  /** Carts whose deadline lane time has passed are abandoned, in the order of their deadlines. */
  abandonDueBefore(nowMs: number, arrivedMs: number): void {
    this.abandonWhile(arrivedMs, ({ atMs }) => atMs < nowMs);
  }

  /** For a unit in which nothing else happens: lane time will have passed these deadlines with the next event. */
  abandonUpTo(lastMs: number, lastUserId: string, arrivedMs: number): void {
    this.abandonWhile(
      arrivedMs,
      ({ atMs, userId }) => atMs < lastMs || (atMs === lastMs && compareBytes(userId, lastUserId) <= 0),
    );
  }

  private abandonWhile(arrivedMs: number, isDue: (next: DueCart) => boolean): void {
    for (const next of this.due.takeWhile(isDue)) {
      const cart = this.of(next.user);
      if (cart?.status !== 'open' || this.times.dueAt(cart) !== next.atMs) continue;
      // What the user did last may wait to be counted.
      if (this.parts.state.held.has(next.user)) this.postpone(next.user, cart);
      else this.abandon(next.user, cart, arrivedMs);
    }
  }

  /** It is looked at again later, so that others which are due get their turn. */
  private postpone(user: number, cart: CartState): void {
    this.parts.state.touchCart(user);
    cart.graceMs += LINK_TIMEOUT_MS;
    this.watch(user);
  }

  fold(step: EventStep, newestMs: number, nowMs: number): void {
    const known = this.kept(step.user);
    // However late it comes: what its user did next shows that it had been left.
    if (known?.status === 'open' && step.timestampMs > abandonedAt(known, this.parts.cartTimeoutMs))
      this.abandon(step.user, known, step.arrivedAtMs);
    const cart = known !== undefined && !(known.status === 'abandoned' && isExpired(known, nowMs)) ? known : undefined;
    if (known !== undefined && cart === undefined) this.book.expire(step.userId, known);
    if (step.name === 'add_to_cart') this.note(step, this.add(step, cart, newestMs, nowMs));
    else if (cart !== undefined) {
      this.goOn(step, cart, newestMs, nowMs);
      this.note(step, cart);
    }
  }

  private note(step: EventStep, cart: CartState): void {
    if (this.parts.counted === undefined) return;
    step.cart = cartStep(cart, this.dueOf(step.user, cart));
  }

  leave(user: number, cart: CartState, atMs: number, arrivedMs: number): void {
    if (cart.status === 'open' && this.times.dueAt(cart) < atMs) this.abandon(user, cart, arrivedMs);
  }

  dueOf(user: number, cart: CartState): number | undefined {
    return this.of(user) === cart && cart.status === 'open' ? this.times.dueAt(cart) : undefined;
  }

  /** Takes in a cart that was still open, or recoverable, when an import's lane closed. */
  adopt(user: number, cart: CartState): void {
    this.put(user, cart);
    this.watch(user);
  }

  /** A cart of the user's may fall due in this batch, by what they did last. */
  watch(user: number): void {
    const cart = this.of(user);
    if (cart?.status !== 'open') return;
    const atMs = this.times.dueAt(cart);
    if (atMs >= this.parts.untilMs) return;
    this.due.push({ user, userId: this.parts.state.visitors.idOf(user), atMs });
  }

  /** Ends an open cart of a closing lane whose user has a cart here already: its deadline counts as passed. */
  supersede(userId: string, cart: CartState, arrivedMs: number): void {
    if (cart.status !== 'open') return;
    this.book.abandon(userId, cart, arrivedMs);
    this.book.list('abandoned', userId, cart, cart.abandonedMs ?? cart.lastMs);
  }

  /** The user is erased: an open cart ends as if everything had been taken out. */
  erase(user: number): void {
    const cart = this.of(user);
    if (cart === undefined) return;
    if (cart.abandonedMs === null) this.book.count('emptied', cart, 0);
    this.put(user, undefined);
    this.parts.counted?.cart(cartTurn('erased', this.parts.state.visitors.idOf(user), cart));
  }

  /** Abandoned carts that can't be recovered any more are not kept. */
  dropExpired(nowMs: number): void {
    const { state } = this.parts;
    for (const user of [...state.withCart, ...state.withChangedCart]) {
      const cart = this.kept(user);
      if (cart?.status !== 'abandoned' || !isExpired(cart, nowMs)) continue;
      this.book.expire(state.visitors.idOf(user), cart);
      this.put(user, undefined);
    }
  }

  /** One that can't be recovered any more is dropped with the unit, and is nobody's from when on that is so. */
  of(user: number): CartState | undefined {
    const { timeMs } = this.parts.state;
    const cart = this.kept(user);
    const isGone = cart?.status === 'abandoned' && timeMs !== undefined && isExpired(cart, timeMs);
    return isGone ? undefined : cart;
  }

  change(user: number): void {
    this.parts.state.touchCart(user);
  }

  put(user: number, cart: CartState | undefined): void {
    this.change(user);
    this.parts.state.visitors.setCart(user, cart);
  }

  private kept(user: number): CartState | undefined {
    return this.parts.state.visitors.carts.get(user);
  }

  private goOn(step: EventStep, cart: CartState, newestMs: number, nowMs: number): void {
    this.parts.state.touchCart(step.user);
    if (step.name === 'purchase') {
      this.buy(step, cart);
      return;
    }
    if (cart.abandonedMs !== null && changesCart(cart, step.name)) cart.countedAs ??= asItIs(cart);
    if (step.name === 'remove_from_cart') removeLines(cart, step.event);
    if (step.name === 'remove_from_cart' && cart.lines.size === 0) {
      this.empty(step, cart);
      return;
    }
    noteStage(cart, step.name);
    this.touch(step.user, cart, newestMs, nowMs);
  }

  private add(step: EventStep, known: CartState | undefined, newestMs: number, nowMs: number): CartState {
    this.parts.state.touchCart(step.user);
    const cart = known ?? openCart(step.event, step.values, newestMs, nowMs, this.parts.source);
    if (known === undefined) this.book.count('opened', cart, 0);
    else if (known.status === 'abandoned') this.book.unlist(step.userId, known);
    if (cart.abandonedMs !== null) cart.countedAs ??= asItIs(cart);
    cart.status = 'open';
    addLines(cart, step.event);
    this.touch(step.user, cart, newestMs, nowMs);
    return cart;
  }

  touch(user: number, cart: CartState, newestMs: number, nowMs: number): void {
    noteActivity(cart, newestMs, nowMs, this.parts.cartTimeoutMs);
    this.parts.state.visitors.setCart(user, cart);
    this.watch(user);
  }

  /** What the user did before a guest's cart came was in time for it, or else it had been left by then. */
  activityOf(user: number, cart: CartState): number {
    const { visitors } = this.parts.state;
    const newestMs = visitors.isVisitor(user) ? visitors.newestMs.at(user) : cart.lastMs;
    return newestMs <= abandonedAt(cart, this.parts.cartTimeoutMs) ? newestMs : cart.lastMs;
  }

  private buy({ user, userId, timestampMs }: EventStep, cart: CartState): void {
    this.parts.state.visitors.setCart(user, undefined);
    if (cart.isTakenOver) this.book.endAsBought(userId, cart, timestampMs);
    else if (cart.abandonedMs === null) this.book.count('purchased', cart, 0);
    else this.book.recover(userId, cart, timestampMs);
  }

  /** A cart that was abandoned once stays abandoned, unless buying recovers it. */
  private empty({ user, userId }: EventStep, cart: CartState): void {
    if (cart.abandonedMs === null) this.book.count('emptied', cart, 0);
    else this.book.list('abandoned', userId, cart, cart.abandonedMs);
    this.parts.state.visitors.setCart(user, undefined);
  }

  private abandon(user: number, cart: CartState, arrivedMs: number): void {
    const userId = this.parts.state.visitors.idOf(user);
    this.parts.state.touchCart(user);
    this.book.abandon(userId, cart, arrivedMs);
    cart.status = 'abandoned';
    cart.graceMs = 0;
    // What became of it in the live lane is asked when its own closes, so it stays listed until then.
    if (!this.parts.isTakenBack) this.book.list('abandoned', userId, cart, cart.abandonedMs ?? cart.lastMs);
  }
}
