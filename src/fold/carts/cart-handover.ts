import type { CountedEvents } from '../counted-events.ts';
import { type CartState, encodeCart } from '../state/records.ts';
import { asItIs, type CartLink, cartValue, isExpired, joinLines, wasUsersBefore } from './cart.ts';
import type { CartBook } from './cart-book.ts';
import { type CartTurn, cartTurn } from './cart-step.ts';

/** A record of the log may have a megabyte, and tells other things of a guest beside their cart. */
const MOST_CART_BYTES = 600_000;
const bytesAsJson = (text: string): number => Buffer.byteLength(JSON.stringify(text));

/** The carts of a lane, by user. */
export interface CartsByUser {
  of(user: number): CartState | undefined;
  put(user: number, cart: CartState | undefined): void;
  /** The user's cart is about to change. */
  change(user: number): void;
  touch(user: number, cart: CartState, newestMs: number, nowMs: number): void;
  /** It is abandoned, where it was due before this moment: the lane may have had no event since. @param arrivedMs when the log took the event of this moment */
  leave(user: number, cart: CartState, atMs: number, arrivedMs: number): void;
  /** When something was last done with a cart that becomes the user's. */
  activityOf(user: number, cart: CartState): number;
  /** When it counts as abandoned if nothing else comes; undefined where the user has it no longer, or it does already. */
  dueOf(user: number, cart: CartState): number | undefined;
}

/** Carts of guests who sign in, on their way to the user. */
export class CartHandover {
  private readonly carts: CartsByUser;
  private readonly book: CartBook;
  private readonly counted: CountedEvents | undefined;

  constructor(carts: CartsByUser, book: CartBook, counted: CountedEvents | undefined) {
    this.carts = carts;
    this.book = book;
    this.counted = counted;
  }

  /** Gives up what the guest has: it is the user's from here on. A cart that no record of the log may carry stays. @returns it as it is stored */
  giveUp(guest: number, link: CartLink): string | undefined {
    const { guestId } = link;
    const { carts, book } = this;
    const cart = carts.of(guest);
    if (cart === undefined || bytesAsJson(encodeCart(cart)) > MOST_CART_BYTES) return undefined;
    carts.leave(guest, cart, link.atMs, link.arrivedMs ?? link.atMs);
    if (cart.status === 'abandoned' && isExpired(cart, link.atMs)) return undefined;
    carts.change(guest);
    if (wasUsersBefore(cart, link)) book.reopen(guestId, cart);
    cart.value = cartValue(cart);
    const text = encodeCart(cart);
    if (cart.status === 'abandoned') book.unlist(guestId, cart);
    carts.put(guest, undefined);
    this.tell('handed-over', guestId, cart);
    return text;
  }

  /**
   * Takes in a guest's cart: as it is, or its lines, where the user has one open. What the user bought since something was last put into it ends it.
   * @param boughtMs timestamp of the user's newest purchase
   */
  takeIn(user: number, userId: string, cart: CartState, boughtMs: number | undefined, nowMs: number): void {
    const { carts, book } = this;
    const own = carts.of(user);
    cart.isTakenOver = true;
    if (cart.abandonedMs !== null) cart.countedAs ??= asItIs(cart);
    if (boughtMs !== undefined && boughtMs >= cart.changedMs) this.endAsBought(userId, cart, boughtMs);
    else if (own === undefined) this.begin(user, userId, cart, nowMs);
    else if (own.status === 'open' && cart.status === 'open') {
      carts.change(user);
      joinLines(own, cart);
      carts.touch(user, own, cart.lastMs, nowMs);
      if (cart.abandonedMs === null) book.count('emptied', cart, 0);
      else book.list('abandoned', userId, cart, cart.abandonedMs);
      this.tell('joined', userId, cart);
      this.tell('taken-over', userId, own, carts.dueOf(user, own));
    } else if (own.status === 'open' || (cart.status === 'abandoned' && own.lastMs >= cart.lastMs)) {
      book.list('abandoned', userId, cart, cart.abandonedMs ?? cart.lastMs);
      this.tell('listed', userId, cart);
    }
    // What the user has left stays listed, and can't be recovered any more: there is one cart at a time.
    else this.begin(user, userId, cart, nowMs);
  }

  /** What the user has was bought under another name, if nothing was put into it or taken out since. */
  boughtElsewhere(user: number, userId: string, boughtMs: number): void {
    const own = this.carts.of(user);
    if (own === undefined || boughtMs < own.changedMs) return;
    this.carts.put(user, undefined);
    this.endAsBought(userId, own, boughtMs);
  }

  private endAsBought(userId: string, cart: CartState, boughtMs: number): void {
    this.book.endAsBought(userId, cart, boughtMs);
    this.tell('bought', userId, cart);
  }

  private begin(user: number, userId: string, cart: CartState, nowMs: number): void {
    const { carts } = this;
    carts.put(user, cart);
    if (cart.status === 'open') carts.touch(user, cart, carts.activityOf(user, cart), nowMs);
    else this.book.list('abandoned', userId, cart, cart.abandonedMs ?? cart.lastMs);
    this.tell('taken-over', userId, cart, carts.dueOf(user, cart));
  }

  private tell(became: CartTurn['became'], userId: string, cart: CartState, dueMs?: number): void {
    this.counted?.cart(cartTurn(became, userId, cart, dueMs));
  }
}
