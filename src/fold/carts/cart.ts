import type { ShopEvent } from '../../events/event.ts';
import { shortHash } from '../../events/ids/short-hash.ts';
import { toMinorUnits } from '../../events/money.ts';
import { fromThousandths, MAX_QUANTITY, toThousandths } from '../../events/numbers/quantity.ts';
import { MAX_AMOUNT, MAX_ITEMS } from '../../events/schema.ts';
import type { CartFact } from '../../metrics/facts.ts';
import { LATE_GRACE_MS, LOG_SKEW_MS, RECOVERY_MS } from '../settings.ts';
import type { CartLine, CartState, CountedAs } from '../state/records.ts';

const MOST_THOUSANDTHS = toThousandths(MAX_QUANTITY);

const CHECKOUT_STEPS: ReadonlySet<string> = new Set(['begin_checkout', 'add_shipping_info', 'add_payment_info']);

/**
 * A cart is named after its lane, its user and the event that opened it, so a replay names it alike; and after the lane's time, since an
 * event that is sent again behind DEDUPE_WINDOW opens another cart.
 */
export function openCart(
  event: ShopEvent,
  values: readonly string[],
  lastMs: number,
  nowMs: number,
  source: string,
): CartState {
  return {
    cartId: shortHash(['cart', source, event.userId, event.eventId, String(nowMs)]),
    status: 'open',
    values,
    currency: event.currency,
    openedMs: event.timestampMs,
    lastMs,
    changedMs: event.timestampMs,
    isTakenOver: false,
    firstAbandoned: undefined,
    countedAs: undefined,
    graceMs: 0,
    stage: 'cart',
    abandonedMs: null,
    abandonedValue: 0,
    value: 0,
    source,
    lines: new Map(),
  };
}

/** Adds lines; an item's newest price holds for all of it, and stays where a line names none. A cart holds at most as many items as an event may name. */
export function addLines(cart: CartState, event: ShopEvent): void {
  cart.changedMs = Math.max(cart.changedMs, event.timestampMs);
  if (cart.lines.size === 0 && event.items.length > 0) cart.currency = event.currency;
  for (const item of event.items) {
    const line = cart.lines.get(item.itemId);
    if (line === undefined && cart.lines.size >= MAX_ITEMS) continue;
    const thousandths = Math.min((line?.thousandths ?? 0) + toThousandths(item.quantity), MOST_THOUSANDTHS);
    const kept = item.price === undefined ? line : undefined;
    const price = kept?.price ?? item.price ?? 0;
    cart.lines.set(item.itemId, { thousandths, price, currency: kept?.currency ?? event.currency });
  }
}

/** Items that the cart does not hold are left out: removing them is no activity of the cart. */
export function removeLines(cart: CartState, event: ShopEvent): void {
  for (const item of event.items) {
    const line = cart.lines.get(item.itemId);
    if (line === undefined) continue;
    cart.changedMs = Math.max(cart.changedMs, event.timestampMs);
    line.thousandths -= toThousandths(item.quantity);
    if (line.thousandths <= 0) cart.lines.delete(item.itemId);
  }
}

/** Lines of another cart; where both hold an item, the price of the one that was touched last holds. */
export function joinLines(cart: CartState, other: CartState): void {
  for (const [itemId, line] of other.lines) {
    const known = cart.lines.get(itemId);
    if (known === undefined && cart.lines.size >= MAX_ITEMS) continue;
    const newer = known === undefined || other.lastMs > cart.lastMs ? line : known;
    const thousandths = Math.min((known?.thousandths ?? 0) + line.thousandths, MOST_THOUSANDTHS);
    cart.lines.set(itemId, { ...newer, thousandths });
  }
  cart.changedMs = Math.max(cart.changedMs, other.changedMs);
  if (other.stage === 'checkout') cart.stage = 'checkout';
}

export function asItIs({ stage, lines }: CartState): CountedAs {
  return { stage, lines: new Map([...lines].map(([itemId, line]) => [itemId, { ...line }])) };
}

/** A guest who is a user by a link, and when that was said: by the event, and by the log. */
export interface CartLink {
  readonly guestId: string;
  readonly atMs: number;
  readonly arrivedMs: number | undefined;
}

/** Was the guest the user already, and had the log been told, before the cart counted as abandoned? Then the link waited in a backlog. */
export function wasUsersBefore({ firstAbandoned }: CartState, { atMs, arrivedMs }: CartLink): boolean {
  if (firstAbandoned === undefined || arrivedMs === undefined) return false;
  return atMs <= firstAbandoned.atMs && arrivedMs <= firstAbandoned.arrivedMs + LOG_SKEW_MS;
}

/** Does the event change what the cart is counted as? */
export function changesCart(cart: CartState, eventName: string): boolean {
  return eventName === 'remove_from_cart' || (CHECKOUT_STEPS.has(eventName) && cart.stage !== 'checkout');
}

export function noteStage(cart: CartState, eventName: string): void {
  if (CHECKOUT_STEPS.has(eventName)) cart.stage = 'checkout';
}

/** Minor units of the lines in the cart's own currency, up to the greatest amount that an event may carry. */
export function cartValue(cart: CartState): number {
  let value = 0;
  for (const line of cart.lines.values()) {
    if (line.currency === cart.currency) value += lineValue(line);
  }
  return Math.min(value, toMinorUnits(MAX_AMOUNT, cart.currency));
}

/** An item's newest price holds for all of it, so a line may come to more than any event may carry. */
function lineValue({ price, currency, thousandths }: CartLine): number {
  return Math.min(toMinorUnits(price, currency, fromThousandths(thousandths)), toMinorUnits(MAX_AMOUNT, currency));
}

/** The lines, units in thousandths, with their worth in the cart's own currency. */
export function cartLines(cart: CartState): CartFact['lines'] {
  return [...cart.lines].map(([itemId, line]) => {
    const value = line.currency === cart.currency ? lineValue(line) : 0;
    return { itemId, units: line.thousandths, value };
  });
}

/** @param nowMs lane time at which the activity was counted: what ends the cart may be right behind it in the log */
export function noteActivity(cart: CartState, newestMs: number, nowMs: number, cartTimeoutMs: number): void {
  cart.lastMs = Math.max(cart.lastMs, newestMs);
  const earliestMs = nowMs + Math.min(LATE_GRACE_MS, cartTimeoutMs);
  cart.graceMs = Math.max(0, earliestMs - abandonedAt(cart, cartTimeoutMs));
}

/** The moment at which an idle cart counts as abandoned. */
export function abandonedAt(cart: CartState, cartTimeoutMs: number): number {
  return cart.lastMs + cartTimeoutMs;
}

/** The moment after which that is found. */
export function dueAt(cart: CartState, cartTimeoutMs: number): number {
  return abandonedAt(cart, cartTimeoutMs) + cart.graceMs;
}

/** The moment after which an abandoned cart is not kept any more. */
export function recoveryEndsAt(cart: CartState): number {
  return (cart.abandonedMs ?? cart.lastMs) + RECOVERY_MS;
}

/** Was it abandoned so long ago that buying does not recover it any more? */
export function isExpired(cart: CartState, nowMs: number): boolean {
  return cart.abandonedMs !== null && nowMs > recoveryEndsAt(cart);
}
