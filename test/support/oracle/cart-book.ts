import { cents, DAY, MIN, type OracleEvent } from './events.ts';
import type { Oracle } from './oracle.ts';

const CART_TIMEOUT = 60 * MIN;
const RECOVERY = 7 * DAY;

export interface Cart {
  readonly city: string;
  readonly opened: number;
  last: number;
  readonly lines: Map<string, { quantity: number; price: number; currency: string }>;
  readonly currency: string;
  abandonedAt: number | undefined;
  abandonedValue: number;
  idle: boolean;
}

/** The carts of one lane, by the words of API.md. */
export class CartBook {
  readonly carts = new Map<string, Cart>();
  private readonly all: Oracle;

  constructor(all: Oracle) {
    this.all = all;
  }

  static worth(cart: Cart): number {
    let worth = 0;
    for (const line of cart.lines.values())
      if (line.currency === cart.currency) worth += cents(line.price, line.quantity);
    return worth;
  }

  advance(now: number): void {
    for (const cart of this.carts.values()) {
      if (cart.idle || cart.last + CART_TIMEOUT >= now) continue;
      cart.idle = true;
      if (cart.abandonedAt !== undefined) continue;
      cart.abandonedAt = cart.last + CART_TIMEOUT;
      cart.abandonedValue = CartBook.worth(cart);
      this.step('abandoned', cart);
      this.all.ledger.addBoth(`abandoned_value:${cart.currency}`, cart.city, cart.opened, cart.abandonedValue);
    }
  }

  event(event: OracleEvent, user: string, newest: number, now: number): void {
    let cart = this.carts.get(user);
    if (cart?.idle && cart.abandonedAt !== undefined && now - cart.abandonedAt > RECOVERY) {
      this.all.happened('abandoned cart forgotten');
      cart = undefined;
    }
    if (event.name === 'add_to_cart') cart = this.put(event, user, cart, newest);
    if (cart === undefined) return;
    if (event.name === 'remove_from_cart' && this.take(event, cart)) {
      if (cart.abandonedAt === undefined) this.step('emptied', cart);
      this.carts.delete(user);
      return;
    }
    if (event.name === 'purchase') {
      this.buy(cart, now);
      this.carts.delete(user);
      return;
    }
    cart.last = Math.max(cart.last, newest);
  }

  private put(event: OracleEvent, user: string, known: Cart | undefined, newest: number): Cart {
    const cart: Cart = known ?? {
      city: event.city ?? 'unknown',
      opened: event.timestamp,
      last: newest,
      lines: new Map(),
      currency: event.currency ?? 'USD',
      abandonedAt: undefined,
      abandonedValue: 0,
      idle: false,
    };
    if (known === undefined) {
      this.carts.set(user, cart);
      this.step('opened', cart);
    } else if (cart.idle) this.all.happened('cart taken up again');
    cart.idle = false;
    for (const item of event.items ?? []) {
      const quantity = (cart.lines.get(item.item_id)?.quantity ?? 0) + (item.quantity ?? 1);
      cart.lines.set(item.item_id, { quantity, price: item.price ?? 0, currency: event.currency ?? 'USD' });
    }
    return cart;
  }

  /** Is nothing left? */
  private take(event: OracleEvent, cart: Cart): boolean {
    for (const item of event.items ?? []) {
      const line = cart.lines.get(item.item_id);
      if (line === undefined) continue;
      line.quantity -= item.quantity ?? 1;
      if (line.quantity <= 0) cart.lines.delete(item.item_id);
    }
    return cart.lines.size === 0;
  }

  private buy(cart: Cart, now: number): void {
    if (cart.abandonedAt === undefined) this.step('purchased', cart);
    else if (now - cart.abandonedAt <= RECOVERY) {
      this.step('recovered', cart);
      this.all.ledger.addBoth(`recovered_value:${cart.currency}`, cart.city, cart.opened, cart.abandonedValue);
    }
  }

  step(what: string, cart: Cart): void {
    this.all.ledger.addBoth(`cart:${what}`, cart.city, cart.opened);
    this.all.happened(`cart ${what}`);
  }
}
