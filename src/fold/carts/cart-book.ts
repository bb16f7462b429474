import type { CartFact } from '../../metrics/facts.ts';
import type { Writes } from '../../metrics/writes.ts';
import type { Calendar } from '../../time/calendar.ts';
import type { Memory } from '../state/memory.ts';
import { type CartState, encodeEndedCart } from '../state/records.ts';
import {
  cartDays,
  cartIndex,
  cartRecords,
  outbox,
  recoveredOutbox,
  retractedMessages,
} from '../state/state-families.ts';
import { abandonedAt, cartLines, cartValue } from './cart.ts';
import { cartField, outboxEntry, retractionId, toCartRecord } from './cart-message.ts';

export interface CartBookParts {
  readonly cartTimeoutMs: number;
  readonly calendar: Calendar;
  readonly memory: Memory;
  readonly writes: Writes;
  /** Where what is said about carts waits to be published. */
  readonly outboxDimensions: string;
  /** Are these carts of an import that is taken back? What is listed of them goes when they end. */
  readonly isTakenBack: boolean;
}

/** What is counted, listed and said of carts. */
export class CartBook {
  private readonly parts: CartBookParts;

  constructor(parts: CartBookParts) {
    this.parts = parts;
  }

  /** @param sign -1 where the step turns out not to have been taken */
  count(step: CartFact['step'], cart: CartState, value: number, recoverySeconds?: number, sign: 1 | -1 = 1): void {
    const { values, currency, stage } = cart;
    const { calendar, memory, writes } = this.parts;
    const opened = memory.sums.hour(calendar.at(cart.openedMs));
    const dimensions = memory.sums.dictionaries.values.ofTexts(values);
    const lines = step === 'abandoned' ? cartLines(cart) : [];
    memory.countings.cart({ step, sign, opened, dimensions, currency, value, stage, lines, recoverySeconds }, writes);
  }

  /** Counts and says once what is abandoned for the first time. @param arrivedMs when the log took the record that shows it */
  abandon(userId: string, cart: CartState, arrivedMs: number): void {
    const isFirstTime = cart.abandonedMs === null;
    cart.abandonedMs = abandonedAt(cart, this.parts.cartTimeoutMs);
    if (!isFirstTime) return;
    cart.firstAbandoned = { atMs: cart.abandonedMs, arrivedMs };
    cart.abandonedValue = cartValue(cart);
    this.count('abandoned', cart, cart.abandonedValue);
    this.announce('abandoned', userId, cart);
  }

  /** It was abandoned, and is bought after all. */
  recover(userId: string, cart: CartState, boughtMs: number): void {
    this.count('recovered', cart, cart.abandonedValue, recoverySeconds(cart, boughtMs));
    this.unlist(userId, cart);
    this.list('recovered', userId, cart, boughtMs);
    this.announce('recovered', userId, cart, boughtMs);
  }

  /** It was not bought after all. */
  takeBackRecovery(cart: CartState, recoveredMs: number): void {
    this.count('recovered', cart, cart.abandonedValue, recoverySeconds(cart, recoveredMs), -1);
  }

  /** It was bought before: it never was abandoned. */
  takeBack(cart: CartState): void {
    const counted = cart.countedAs ?? cart;
    this.count(
      'abandoned',
      { ...cart, stage: counted.stage, lines: counted.lines },
      cart.abandonedValue,
      undefined,
      -1,
    );
  }

  /** Bought before it counted as abandoned, it never was. */
  endAsBought(userId: string, cart: CartState, boughtMs: number): void {
    if (cart.abandonedMs !== null && boughtMs > cart.abandonedMs) {
      this.recover(userId, cart, boughtMs);
      return;
    }
    if (cart.abandonedMs !== null) this.reopen(userId, cart);
    this.count('purchased', cart, 0);
  }

  /** It never was abandoned; nor is that said, if it has not been. */
  reopen(userId: string, cart: CartState): void {
    this.takeBack(cart);
    this.unlist(userId, cart);
    this.parts.writes.put(retractedMessages, this.parts.outboxDimensions, retractionId(cart.cartId, userId), '1');
    cart.status = 'open';
    cart.abandonedMs = null;
    cart.firstAbandoned = undefined;
    cart.countedAs = undefined;
  }

  list(status: 'abandoned' | 'recovered', userId: string, cart: CartState, atMs: number): void {
    const { writes, calendar, isTakenBack } = this.parts;
    if (isTakenBack) {
      this.delist(userId, cart);
      return;
    }
    const { day } = calendar.at(cart.openedMs);
    const field = cartField(userId, cart.cartId);
    const recoveredMs = status === 'recovered' ? atMs : undefined;
    writes.put(cartRecords, day, field, encodeEndedCart({ cart, recoveredMs }));
    writes.schedule(cartIndex, `${status}:${day}`, field, atMs);
    writes.put(cartDays, '', day, '1');
  }

  /** It is abandoned no longer. */
  unlist(userId: string, cart: CartState): void {
    const { writes, calendar } = this.parts;
    const { day } = calendar.at(cart.openedMs);
    const field = cartField(userId, cart.cartId);
    writes.remove(cartRecords, day, field);
    writes.schedule(cartIndex, `abandoned:${day}`, field, undefined);
  }

  /** It can't be recovered any more, and stays listed, unless its import is taken back. */
  expire(userId: string, cart: CartState): void {
    if (this.parts.isTakenBack) this.delist(userId, cart);
  }

  /** It never was. */
  delist(userId: string, cart: CartState): void {
    this.unlist(userId, cart);
    const { day } = this.parts.calendar.at(cart.openedMs);
    this.parts.writes.schedule(cartIndex, `recovered:${day}`, cartField(userId, cart.cartId), undefined);
  }

  /** With what it held when it was abandoned. */
  private announce(topic: 'abandoned' | 'recovered', userId: string, cart: CartState, recoveredMs?: number): void {
    const { writes, outboxDimensions, calendar } = this.parts;
    const record = toCartRecord(userId, { ...cart, value: cart.abandonedValue }, calendar, recoveredMs);
    const queue = topic === 'abandoned' ? outbox : recoveredOutbox;
    writes.enqueue(queue, outboxDimensions, JSON.stringify(outboxEntry(topic, cart.source, record)));
  }
}

const recoverySeconds = ({ abandonedMs }: CartState, boughtMs: number): number =>
  Math.max(0, boughtMs - (abandonedMs ?? boughtMs)) / 1_000;
