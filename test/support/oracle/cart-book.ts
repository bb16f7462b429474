import { cents, DAY, MIN, type OracleEvent, thousandths } from './events.ts';
import type { Oracle } from './oracle.ts';
import { unitOf } from './refunds.ts';
import type { Values } from './values.ts';

const CART_TIMEOUT = 60 * MIN;
const LATE_GRACE = 5 * MIN;
const RECOVERY = 7 * DAY;

export interface Cart {
  readonly user: string;
  readonly values: Values;
  readonly opened: number;
  last: number;
  /** Lane time when its last event was counted. */
  counted: number;
  /** What lies in it by item; `held` in thousandths. */
  readonly lines: Map<string, { held: number; price: number; currency: string }>;
  currency: string;
  abandonedAt: number | undefined;
  abandonedValue: number;
  idle: boolean;
  stage: 'cart' | 'checkout';
  recoveredAt: number | undefined;
  ended: boolean;
  /** As lists show it once it was abandoned: how it was then, or when it ended. */
  shown: { last: number; stage: string };
}

/** What is to be read on the topics. */
export interface Said {
  readonly topic: 'abandoned' | 'recovered';
  readonly user: string;
  readonly opened: number;
  readonly abandonedAt: number;
  readonly recoveredAt: number | undefined;
  readonly value: number;
  readonly currency: string;
  readonly city: string;
  readonly stage: string;
  readonly items: Record<string, number>;
  readonly source: string;
}

/** The carts of one lane, by the words of the rules. */
export class CartBook {
  readonly carts = new Map<string, Cart>();
  private readonly all: Oracle;

  private readonly source: string;

  constructor(all: Oracle, source: string) {
    this.all = all;
    this.source = source;
  }

  static worth(cart: Cart): number {
    let worth = 0;
    for (const line of cart.lines.values())
      if (line.currency === cart.currency) worth += cents(line.price, line.held / 1_000);
    return worth;
  }

  advance(now: number): void {
    for (const cart of this.carts.values()) {
      if (cart.idle || cart.last + CART_TIMEOUT >= now) continue;
      if (cart.counted + LATE_GRACE >= now) {
        this.all.happened('cart that came late and was left alone for a while');
        continue;
      }
      this.leave(cart);
    }
  }

  private leave(cart: Cart): void {
    cart.idle = true;
    cart.shown = { last: cart.last, stage: cart.stage };
    const isFirstTime = cart.abandonedAt === undefined;
    cart.abandonedAt = cart.last + CART_TIMEOUT;
    if (!isFirstTime) {
      this.all.happened('cart left again');
      return;
    }
    cart.abandonedValue = CartBook.worth(cart);
    this.step('abandoned', cart);
    this.say('abandoned', cart);
    this.all.ledger.addBoth(`abandoned_at:${cart.stage}`, cart.values, cart.opened);
    for (const [item, { held, price, currency }] of cart.lines) {
      this.all.ledger.add(`left:carts|${item}`, cart.opened);
      this.all.ledger.add(`left:units|${item}`, cart.opened, held);
      if (currency === cart.currency)
        this.all.ledger.add(`left:value:${currency}|${item}`, cart.opened, cents(price, held / 1_000));
    }
    this.all.ledger.addBoth(`abandoned_value:${cart.currency}`, cart.values, cart.opened, cart.abandonedValue);
  }

  event(event: OracleEvent, values: Values, user: string, newest: number, now: number): void {
    let cart = this.carts.get(user);
    if (cart !== undefined && !cart.idle && event.timestamp > cart.last + CART_TIMEOUT) {
      this.all.happened('cart that came late and had been left by its user’s next event');
      this.leave(cart);
    }
    if (cart?.idle && cart.abandonedAt !== undefined && now - cart.abandonedAt > RECOVERY) {
      this.all.happened('abandoned cart forgotten');
      cart = undefined;
    }
    if (event.name === 'add_to_cart') cart = this.put(event, values, user, cart, newest);
    if (cart === undefined) return;
    if (event.name === 'remove_from_cart' && this.take(event, cart)) {
      if (cart.abandonedAt === undefined) this.step('emptied', cart);
      cart.ended = true;
      cart.shown = { last: cart.last, stage: cart.stage };
      this.carts.delete(user);
      return;
    }
    if (event.name === 'purchase') {
      cart.shown = { last: cart.last, stage: cart.stage };
      this.buy(cart, event.timestamp);
      cart.ended = true;
      this.carts.delete(user);
      return;
    }
    if (['begin_checkout', 'add_shipping_info', 'add_payment_info'].includes(event.name)) cart.stage = 'checkout';
    cart.last = Math.max(cart.last, newest);
    cart.counted = now;
  }

  private put(event: OracleEvent, values: Values, user: string, known: Cart | undefined, newest: number): Cart {
    const cart: Cart = known ?? {
      user,
      stage: 'cart',
      recoveredAt: undefined,
      ended: false,
      shown: { last: newest, stage: 'cart' },
      values,
      opened: event.timestamp,
      last: newest,
      counted: newest,
      lines: new Map(),
      currency: event.currency ?? 'USD',
      abandonedAt: undefined,
      abandonedValue: 0,
      idle: false,
    };
    if (known === undefined) {
      this.carts.set(user, cart);
      this.all.everyCart.push(cart);
      this.all.sources.set(cart, this.source);
      this.step('opened', cart);
    } else if (cart.idle) this.all.happened('cart taken up again');
    cart.idle = false;
    const isFirstLine = cart.lines.size === 0 && (event.items ?? []).length > 0;
    if (isFirstLine) cart.currency = event.currency ?? 'USD';
    for (const item of event.items ?? []) {
      const known = cart.lines.get(item.item_id);
      const held = (known?.held ?? 0) + thousandths(item.quantity ?? 1);
      if (known !== undefined && item.price === undefined) {
        this.all.happened('line without a price, of an item that has one');
        known.held = held;
      } else
        cart.lines.set(item.item_id, { held, price: unitOf(item, event.value), currency: event.currency ?? 'USD' });
    }
    return cart;
  }

  /** Is nothing left? */
  private take(event: OracleEvent, cart: Cart): boolean {
    for (const item of event.items ?? []) {
      const line = cart.lines.get(item.item_id);
      if (line === undefined) continue;
      const takesAll = line.held === thousandths(item.quantity ?? 1);
      if (takesAll && line.held % 1_000 !== 0) this.all.happened('fraction that was taken out to the last of it');
      line.held -= thousandths(item.quantity ?? 1);
      if (line.held <= 0) cart.lines.delete(item.item_id);
    }
    return cart.lines.size === 0;
  }

  private buy(cart: Cart, at: number): void {
    if (cart.abandonedAt === undefined) this.step('purchased', cart);
    else {
      this.step('recovered', cart);
      cart.recoveredAt = at;
      this.say('recovered', cart);
      this.all.ledger.note('recovery', cart.opened, Math.max(0, at - cart.abandonedAt) / 1_000);
      this.all.ledger.addBoth(`recovered_value:${cart.currency}`, cart.values, cart.opened, cart.abandonedValue);
    }
  }

  private say(topic: Said['topic'], cart: Cart): void {
    const { user, opened, abandonedAt = 0, recoveredAt, abandonedValue, currency, stage, lines } = cart;
    const { city } = cart.values;
    const items = Object.fromEntries([...lines].map(([item, { held }]) => [item, held / 1_000]));
    const source = this.all.sources.get(cart) ?? '';
    const value = abandonedValue;
    this.all.said.push({ topic, user, opened, abandonedAt, recoveredAt, value, currency, city, stage, items, source });
  }

  step(what: string, cart: Cart): void {
    this.all.ledger.addBoth(`cart:${what}`, cart.values, cart.opened);
    this.all.happened(`cart ${what}`);
  }
}
