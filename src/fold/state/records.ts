import { jsonText } from '../../events/json-text.ts';
import { type Dictionaries, NO_VALUE } from '../../metrics/sums/dictionaries.ts';
import { StoredTuple } from './stored-tuple.ts';

/**
 * State as it is kept: JSON arrays, short yet readable in any Redis browser. The first moment of what lies in a bucket is told by
 * its distance from the bucket's beginning, others by that from one before them, which mostly is 0.
 */

export interface UserState {
  /** Newest timestamp of the user's shop events. */
  newestMs: number;
  /** Lane time at the user's last event: what is too long ago counts as unknown. */
  laneMs: number;
  /** Beginning of the local hour, and dimension values, for which `stages` says at which open stages the user has been counted. */
  hourMs: number;
  dimensions: number;
  stages: number[];
  /** The session that began last, by the number of its id; those before it are kept by themselves. */
  current: { readonly id: number; readonly session: SessionState } | undefined;
}

export interface SessionState {
  firstMs: number;
  /** Timestamp of the last event in log order; `newestMs` is the greatest. */
  lastMs: number;
  newestMs: number;
  laneMs: number;
  /** The dimension values of its first event. */
  readonly dimensions: number;
  events: number;
  /** Stages reached, for each funnel in its fixed order. */
  progress: number[];
  /** When the last of them was reached, in milliseconds after `firstMs`. */
  reachedAfterMs: number[];
  /** Searches that no view_item has followed yet. */
  searches: PendingSearch[];
}

/** Number of the term, moment, and how often. */
export type PendingSearch = [term: number, atMs: number, count: number];

export interface CartLine {
  quantity: number;
  price: number;
  currency: string;
}

export interface CartState {
  readonly cartId: string;
  status: 'open' | 'abandoned';
  readonly city: string;
  /** That of its first line. */
  currency: string;
  readonly openedMs: number;
  /** The user's newest shop event. */
  lastMs: number;
  /** By how much it falls due later than CART_TIMEOUT after that, since its last event came late. */
  graceMs: number;
  stage: 'cart' | 'checkout';
  /** When it was abandoned last; it stays known when the cart is taken up again. */
  abandonedMs: number | null;
  /** Minor units that lay in it when it was abandoned for the first time, which is what counts. */
  abandonedValue: number;
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

type Texts = Pick<Dictionaries, 'values' | 'sessions' | 'terms'>;

export function encodeUser(user: UserState, bucketMs: number, texts: Texts): string {
  const { dimensions, newestMs, laneMs, hourMs, stages, current } = user;
  const times = `${newestMs - bucketMs},${laneMs - newestMs},${hourMs - newestMs}`;
  const own = `${jsonText(texts.values.text(dimensions))},${times},[${stages.join(',')}]`;
  if (current === undefined) return `[${own}]`;
  const { id, session } = current;
  const city = session.dimensions === dimensions ? SAME : texts.values.text(session.dimensions);
  return `[${own},[${jsonText(texts.sessions.text(id))},${sessionText(session, newestMs, city, texts)}]]`;
}

export function decodeUser(text: string, bucketMs: number, texts: Texts): UserState {
  const stored = StoredTuple.parse(text);
  const newestMs = bucketMs + stored.number(1);
  const dimensions = texts.values.ofText(stored.text(0));
  return {
    newestMs,
    laneMs: newestMs + stored.number(2),
    hourMs: newestMs + stored.number(3),
    dimensions,
    stages: stored.numbers(4),
    // Earlier versions kept every session by itself.
    current: stored.has(5) ? currentOf(stored.tuple(5), newestMs, dimensions, texts) : undefined,
  };
}

function currentOf(stored: StoredTuple, newestMs: number, dimensions: number, texts: Texts) {
  const id = texts.sessions.ofText(stored.text(0));
  return { id, session: sessionOf(stored.tuple(1), newestMs, dimensions, texts) };
}

export function encodeSession(session: SessionState, bucketMs: number, texts: Texts): string {
  return sessionText(session, bucketMs, texts.values.text(session.dimensions), texts);
}

export function decodeSession(text: string, bucketMs: number, texts: Texts): SessionState {
  return sessionOf(StoredTuple.parse(text), bucketMs, NO_VALUE, texts);
}

/** Stands for the user's city; no city has an empty name. */
const SAME = '';

function sessionText(s: SessionState, fromMs: number, city: string, { terms }: Texts): string {
  const times = `${s.firstMs - fromMs},${s.lastMs - s.firstMs},${s.newestMs - s.lastMs},${s.laneMs - s.lastMs}`;
  const progress = `[${s.progress.join(',')}],[${s.reachedAfterMs.join(',')}]`;
  const searches = s.searches.map(([term, atMs, count]) => `[${jsonText(terms.text(term))},${atMs},${count}]`);
  const pending = searches.length === 0 ? '' : `,[${searches.join(',')}]`;
  return `[${jsonText(city)},${times},${s.events},${progress}${pending}]`;
}

function sessionOf(
  stored: StoredTuple,
  fromMs: number,
  userDimensions: number,
  { values, terms }: Texts,
): SessionState {
  const city = stored.text(0);
  const firstMs = fromMs + stored.number(1);
  const lastMs = firstMs + stored.number(2);
  const searches = stored.has(8) ? stored.tuples(8) : [];
  // Field by field and in this order, as `beginSession` does it: what is folded all the time has one shape.
  return {
    firstMs,
    lastMs,
    newestMs: lastMs + stored.number(3),
    laneMs: lastMs + stored.number(4),
    dimensions: city === SAME ? userDimensions : values.ofText(city),
    events: stored.number(5),
    progress: stored.numbers(6),
    reachedAfterMs: stored.numbers(7),
    searches: searches.map((one) => [terms.ofText(one.text(0)), one.number(1), one.number(2)]),
  };
}

export function encodeCart(c: CartState): string {
  const lines = [...c.lines].map(([itemId, line]) => [itemId, line.quantity, line.price, line.currency]);
  return JSON.stringify([
    c.cartId,
    c.status,
    c.city,
    c.currency,
    c.openedMs,
    c.lastMs - c.openedMs,
    c.stage,
    c.abandonedMs === null ? null : c.abandonedMs - c.openedMs,
    c.abandonedValue,
    c.value,
    c.source,
    lines,
    ...(c.graceMs === 0 ? [] : [c.graceMs]),
  ]);
}

export function decodeCart(text: string): CartState {
  return cartOf(StoredTuple.parse(text));
}

/** As it is listed: what it was when it ended is enough to tell all that lists show. */
export function encodeEndedCart({ cart, recoveredMs }: EndedCart): string {
  // Its worth is what it was when it was abandoned; what it was as of a commit would depend on how batches were cut.
  return `[${recoveredMs ?? 'null'},${encodeCart({ ...cart, value: cart.abandonedValue })}]`;
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
    city: stored.text(2),
    currency: stored.text(3),
    openedMs,
    lastMs: openedMs + stored.number(5),
    graceMs: stored.has(12) ? stored.number(12) : 0,
    stage: stored.oneOf(6, ['cart', 'checkout']),
    abandonedMs: abandonedAfterMs === null ? null : openedMs + abandonedAfterMs,
    abandonedValue: stored.number(8),
    value: stored.number(9),
    source: stored.text(10),
    lines: new Map(stored.tuples(11).map((line) => [line.text(0), cartLineOf(line)])),
  };
}

const cartLineOf = (line: StoredTuple): CartLine => ({
  quantity: line.number(1),
  price: line.number(2),
  currency: line.text(3),
});
