import { StoredTuple } from './stored-tuple.ts';

/**
 * State as it is kept: JSON arrays, short yet readable in any Redis browser. The first moment of what lies in a bucket is told by
 * its distance from the bucket's beginning, others by that from one before them, which mostly is 0.
 */

export interface CartLine {
  /** The quantity that lies in the cart, in thousandths. */
  thousandths: number;
  price: number;
  currency: string;
}

export interface CountedAs {
  readonly stage: 'cart' | 'checkout';
  readonly lines: Map<string, CartLine>;
}

export interface FirstAbandoned {
  readonly atMs: number;
  /** When the log took the record by which that was found. */
  readonly arrivedMs: number;
}

export interface CartState {
  readonly cartId: string;
  status: 'open' | 'abandoned';
  /** Dimension values of the session in which it opened, in the dimensions' order; the first is the city. */
  readonly values: readonly string[];
  /** That of its first line. */
  currency: string;
  readonly openedMs: number;
  /** The user's newest shop event. */
  lastMs: number;
  /** When something was put into it or taken out last. */
  changedMs: number;
  /** It was a guest's, who is the user by now. */
  isTakenOver: boolean;
  /** By how much it falls due later than CART_TIMEOUT after that, since its last event came late. */
  graceMs: number;
  stage: 'cart' | 'checkout';
  /** When it was abandoned last; it stays known when the cart is taken up again. */
  abandonedMs: number | null;
  /** Minor units that lay in it when it was abandoned for the first time, which is what counts. */
  abandonedValue: number;
  /** When it counted as abandoned for the first time, which was said; it stays known when the cart is taken up again. */
  firstAbandoned: FirstAbandoned | undefined;
  /** Of one that has changed since it counted as abandoned: how it was counted, should that be taken back. */
  countedAs: CountedAs | undefined;
  /** Minor units that lie in it, as of the last commit. */
  value: number;
  /** `live`, or the import with which it opened. */
  readonly source: string;
  readonly lines: Map<string, CartLine>;
}

/** A cart that was abandoned, and perhaps bought after all. */
export interface EndedCart {
  readonly cart: CartState;
  readonly recoveredMs: number | undefined;
}

/** A moment that is kept under what happened then. */
export function encodeMoment(ms: number, bucketMs: number): string {
  return (ms - bucketMs).toString(36);
}

export function decodeMoment(text: string, bucketMs: number): number {
  return bucketMs + Number.parseInt(text, 36);
}

export function encodeCart(c: CartState): string {
  const lines = linesTuple(c.lines);
  return JSON.stringify([
    c.cartId,
    c.status,
    c.values,
    c.currency,
    c.openedMs,
    c.lastMs - c.openedMs,
    c.stage,
    c.abandonedMs === null ? null : c.abandonedMs - c.openedMs,
    c.abandonedValue,
    c.value,
    c.source,
    lines,
    ...restOf(c),
  ]);
}

/** Most carts are changed last by what their users do last, and in time. */
function restOf(cart: CartState): unknown[] {
  const { graceMs, openedMs, lastMs, changedMs, isTakenOver, countedAs, firstAbandoned } = cart;
  const known = [graceMs, changedMs - openedMs, isTakenOver ? 1 : 0];
  const counted = countedAs && [countedAs.stage, linesTuple(countedAs.lines)];
  if (firstAbandoned !== undefined)
    return [...known, counted ?? null, firstAbandoned.arrivedMs - openedMs, firstAbandoned.atMs - openedMs];
  if (counted !== undefined) return [...known, counted];
  if (isTakenOver) return known;
  if (changedMs !== lastMs) return [graceMs, changedMs - openedMs];
  return graceMs === 0 ? [] : [graceMs];
}

function linesTuple(lines: CountedAs['lines']) {
  return [...lines].map(([itemId, line]) => [itemId, line.thousandths, line.price, line.currency]);
}

export function decodeCart(text: string): CartState {
  return cartOf(StoredTuple.parse(text));
}

/** As it is listed: what it was when it ended is enough to tell all that lists show. */
export function encodeEndedCart({ cart, recoveredMs }: EndedCart): string {
  // Its worth is what it was when it was abandoned; what it was as of a commit would depend on how batches were cut.
  return `[${recoveredMs ?? 'null'},${encodeCart({ ...cart, value: cart.abandonedValue, firstAbandoned: undefined })}]`;
}

export function decodeEndedCart(text: string): EndedCart {
  const stored = StoredTuple.parse(text);
  return { cart: cartOf(stored.tuple(1)), recoveredMs: stored.numberOrNull(0) ?? undefined };
}

function cartOf(stored: StoredTuple): CartState {
  const openedMs = stored.number(4);
  const abandonedAfterMs = stored.numberOrNull(7);
  return {
    cartId: stored.text(0),
    status: stored.oneOf(1, ['open', 'abandoned']),
    values: stored.texts(2),
    currency: stored.text(3),
    openedMs,
    lastMs: openedMs + stored.number(5),
    changedMs: openedMs + stored.number(stored.has(13) ? 13 : 5),
    isTakenOver: stored.has(14) && stored.number(14) === 1,
    countedAs: stored.has(15) && !stored.isNull(15) ? countedAsOf(stored.tuple(15)) : undefined,
    firstAbandoned: stored.has(17)
      ? { arrivedMs: openedMs + stored.number(16), atMs: openedMs + stored.number(17) }
      : undefined,
    graceMs: stored.has(12) ? stored.number(12) : 0,
    stage: stored.oneOf(6, ['cart', 'checkout']),
    abandonedMs: abandonedAfterMs === null ? null : openedMs + abandonedAfterMs,
    abandonedValue: stored.number(8),
    value: stored.number(9),
    source: stored.text(10),
    lines: linesOf(stored, 11),
  };
}

const linesOf = (stored: StoredTuple, at: number): Map<string, CartLine> =>
  new Map(stored.tuples(at).map((line) => [line.text(0), cartLineOf(line)]));

const countedAsOf = (stored: StoredTuple): CountedAs => ({
  stage: stored.oneOf(0, ['cart', 'checkout']),
  lines: linesOf(stored, 1),
});

const cartLineOf = (line: StoredTuple): CartLine => ({
  thousandths: line.number(1),
  price: line.number(2),
  currency: line.text(3),
});
