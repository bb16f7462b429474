import type { EventStep } from '../event-step.ts';
import { LINK_TIMEOUT_MS } from '../settings.ts';
import type { CartTimes, LaneState } from '../state/lane-state.ts';
import { type CartState, encodeCart } from '../state/records.ts';
import {
  abandonedAt,
  addLines,
  asItIs,
  type CartLink,
  changesCart,
  dueAt,
  isExpired,
  joinLines,
  noteActivity,
  noteStage,
  openCart,
  recoveryEndsAt,
  removeLines,
  wasUsersBefore,
} from './cart.ts';
import { CartBook, type CartBookParts } from './cart-book.ts';
import { compareBytes, type DueCart, DueCarts } from './due-carts.ts';

export interface LaneCartsParts extends CartBookParts {
  /** `live`, or the import's id. */
  readonly source: string;
  readonly state: LaneState;
  /** Lane time at the end of the unit: of carts that fall due later nobody needs to know. */
  readonly untilMs: number;
}

/** A record of the log may have a megabyte, and tells other things of a guest beside their cart. */
const MOST_CART_BYTES = 600_000;
const bytesAsJson = (text: string): number => Buffer.byteLength(JSON.stringify(text));

/** The carts of a lane, from opening to their end, in lane time alone. */
export class LaneCarts {
  readonly times: CartTimes;
  private readonly parts: LaneCartsParts;
  private readonly book: CartBook;
  private readonly due = new DueCarts();

  constructor(parts: LaneCartsParts) {
    this.parts = parts;
    this.book = new CartBook(parts);
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
      const cart = this.cartOf(next.user);
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
    const known = this.cartOf(step.user);
    // However late it comes: what its user did next shows that it had been left.
    if (known?.status === 'open' && step.timestampMs > abandonedAt(known, this.parts.cartTimeoutMs))
      this.abandon(step.user, known, step.arrivedAtMs);
    const cart = known !== undefined && !(known.status === 'abandoned' && isExpired(known, nowMs)) ? known : undefined;
    if (known !== undefined && cart === undefined) this.book.expire(step.userId, known);
    if (step.name === 'add_to_cart') this.add(step, cart, newestMs, nowMs);
    else if (cart !== undefined) this.goOn(step, cart, newestMs, nowMs);
  }

  /** Takes in a cart that was still open, or recoverable, when an import's lane closed. */
  adopt(user: number, cart: CartState): void {
    this.put(user, cart);
    this.watch(user);
  }

  /** A cart of the user's may fall due in this batch, by what they did last. */
  watch(user: number): void {
    const cart = this.cartOf(user);
    if (cart?.status !== 'open') return;
    const atMs = this.times.dueAt(cart);
    if (atMs >= this.parts.untilMs) return;
    this.due.push({ user, userId: this.parts.state.visitors.idOf(user), atMs });
  }

  /** Gives up what the guest has: it is the user's from here on. A cart that no record of the log may carry stays. @returns it as it is stored */
  handOver(guest: number, link: CartLink): string | undefined {
    const { guestId } = link;
    const cart = this.cartOf(guest);
    if (cart === undefined || bytesAsJson(encodeCart(cart)) > MOST_CART_BYTES) return undefined;
    if (wasUsersBefore(cart, link)) this.book.reopen(guestId, cart);
    const text = encodeCart(cart);
    if (cart.status === 'abandoned') this.book.unlist(guestId, cart);
    this.put(guest, undefined);
    return text;
  }

  /**
   * Takes in a guest's cart: as it is, or its lines, where the user has one open. What the user bought since something was last put into it ends it.
   * @param boughtMs timestamp of the user's newest purchase
   */
  takeOver(user: number, userId: string, cart: CartState, boughtMs: number | undefined, nowMs: number): void {
    const own = this.cartOf(user);
    cart.isTakenOver = true;
    if (cart.abandonedMs !== null) cart.countedAs ??= asItIs(cart);
    if (boughtMs !== undefined && boughtMs >= cart.changedMs) this.book.endAsBought(userId, cart, boughtMs);
    else if (own === undefined) this.begin(user, userId, cart, nowMs);
    else if (own.status === 'open' && cart.status === 'open') {
      this.parts.state.touchCart(user);
      joinLines(own, cart);
      this.touch(user, own, cart.lastMs, nowMs);
      if (cart.abandonedMs === null) this.book.count('emptied', cart, 0);
      else this.book.list('abandoned', userId, cart, cart.abandonedMs);
    } else if (own.status === 'open' || (cart.status === 'abandoned' && own.lastMs >= cart.lastMs))
      this.book.list('abandoned', userId, cart, cart.abandonedMs ?? cart.lastMs);
    // What the user has left stays listed, and can't be recovered any more: there is one cart at a time.
    else this.begin(user, userId, cart, nowMs);
  }

  /** What the user has was bought under another name, if nothing was put into it or taken out since. */
  boughtElsewhere(user: number, userId: string, boughtMs: number): void {
    const own = this.cartOf(user);
    if (own === undefined || boughtMs < own.changedMs) return;
    this.put(user, undefined);
    this.book.endAsBought(userId, own, boughtMs);
  }

  private begin(user: number, userId: string, cart: CartState, nowMs: number): void {
    this.put(user, cart);
    if (cart.status === 'open') this.touch(user, cart, cart.lastMs, nowMs);
    else this.book.list('abandoned', userId, cart, cart.abandonedMs ?? cart.lastMs);
  }

  /** Ends an open cart of a closing lane whose user has a cart here already: its deadline counts as passed. */
  supersede(userId: string, cart: CartState, arrivedMs: number): void {
    if (cart.status !== 'open') return;
    this.book.abandon(userId, cart, arrivedMs);
    this.book.list('abandoned', userId, cart, cart.abandonedMs ?? cart.lastMs);
  }

  /** The user is erased: an open cart ends as if everything had been taken out. */
  erase(user: number): void {
    const cart = this.cartOf(user);
    if (cart === undefined) return;
    if (cart.abandonedMs === null) this.book.count('emptied', cart, 0);
    this.put(user, undefined);
  }

  /** Abandoned carts that can't be recovered any more are not kept. */
  dropExpired(nowMs: number): void {
    const { state } = this.parts;
    for (const user of [...state.withCart, ...state.withChangedCart]) {
      const cart = this.cartOf(user);
      if (cart?.status !== 'abandoned' || !isExpired(cart, nowMs)) continue;
      this.book.expire(state.visitors.idOf(user), cart);
      this.put(user, undefined);
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
    if (cart.abandonedMs !== null && changesCart(cart, step.name)) cart.countedAs ??= asItIs(cart);
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
    if (known === undefined) this.book.count('opened', cart, 0);
    else if (known.status === 'abandoned') this.book.unlist(step.userId, known);
    if (cart.abandonedMs !== null) cart.countedAs ??= asItIs(cart);
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
