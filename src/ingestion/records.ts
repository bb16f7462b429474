import { z } from 'zod';

/**
 * State as it is kept: JSON arrays, short yet readable in any Redis browser. The first moment of what lies in a bucket is told by
 * its distance from the bucket's beginning, others by that from one before them, which mostly is 0.
 */

const pendingSearch = z.tuple([z.string(), z.number(), z.number()]);
const sessionTuple = z.tuple([
  z.string(),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.array(z.number()),
  z.array(z.number()),
  z.array(pendingSearch).optional(),
]);
const userTuple = z.tuple([
  z.string(),
  z.number(),
  z.number(),
  z.number(),
  z.array(z.number()),
  z.tuple([z.string(), sessionTuple]).optional(),
]);
const cartLine = z.tuple([z.string(), z.number(), z.number(), z.string()]);
const cartTuple = z.tuple([
  z.string(),
  z.enum(['open', 'abandoned']),
  z.string(),
  z.string(),
  z.number(),
  z.number(),
  z.enum(['cart', 'checkout']),
  z.number().nullable(),
  z.number(),
  z.number(),
  z.string(),
  z.array(cartLine),
]);
const endedCartTuple = z.tuple([z.number().nullable(), cartTuple]);
const orderTuple = z.tuple([
  z.number(),
  z.string(),
  z.number(),
  z.number(),
  z.array(z.tuple([z.string(), z.number(), z.number()])),
]);

export interface UserState {
  /** Newest timestamp of the user's shop events. */
  newestMs: number;
  /** Lane time at the user's last event: what is too long ago is forgotten. */
  laneMs: number;
  /** Beginning of the local hour, and city, for which `stages` says at which open stages the user has been counted. */
  hourMs: number;
  city: string;
  stages: number[];
  /** The session that began last; those before it are kept by themselves. */
  current: { readonly id: string; readonly session: SessionState } | undefined;
}

export interface SessionState {
  firstMs: number;
  /** Timestamp of the last event in log order; `newestMs` is the greatest. */
  lastMs: number;
  newestMs: number;
  laneMs: number;
  readonly city: string;
  events: number;
  /** Stages reached, for each funnel in its fixed order. */
  progress: number[];
  /** When the last of them was reached, in milliseconds after `firstMs`. */
  reachedAfterMs: number[];
  /** Searches that no view_item has followed yet. */
  searches: PendingSearch[];
}

/** Term, moment, and how often. */
export type PendingSearch = [term: string, atMs: number, count: number];

export interface CartLine {
  quantity: number;
  price: number;
  currency: string;
}

export interface CartState {
  readonly cartId: string;
  status: 'open' | 'abandoned';
  readonly city: string;
  readonly currency: string;
  readonly openedMs: number;
  /** The user's newest shop event. */
  lastMs: number;
  stage: 'cart' | 'checkout';
  /** When it was abandoned for the first time; it stays known when the cart is taken up again. */
  abandonedMs: number | null;
  /** Minor units that lay in it then. */
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

export interface OrderState {
  laneMs: number;
  readonly currency: string;
  readonly revenue: number;
  readonly units: number;
  readonly lines: readonly { readonly itemId: string; readonly units: number; readonly revenue: number }[];
}

/** A moment that is kept under what happened then. */
export function encodeMoment(ms: number, bucketMs: number): string {
  return (ms - bucketMs).toString(36);
}

export function decodeMoment(text: string, bucketMs: number): number {
  return bucketMs + Number.parseInt(text, 36);
}

export function encodeUser(user: UserState, bucketMs: number): string {
  const { city, newestMs, laneMs, hourMs, stages, current } = user;
  const own = [city, newestMs - bucketMs, laneMs - newestMs, hourMs - newestMs, stages];
  if (current === undefined) return JSON.stringify(own);
  const { id, session } = current;
  return JSON.stringify([...own, [id, sessionFields(session, newestMs, session.city === city ? SAME : session.city)]]);
}

export function decodeUser(text: string, bucketMs: number): UserState {
  const [city, newest, lane, hour, stages, current] = userTuple.parse(JSON.parse(text));
  const newestMs = bucketMs + newest;
  return {
    newestMs,
    laneMs: newestMs + lane,
    hourMs: newestMs + hour,
    city,
    stages,
    current: current && currentOf(current, newestMs, city),
  };
}

function currentOf([id, [of, ...rest]]: [string, z.infer<typeof sessionTuple>], newestMs: number, city: string) {
  return { id, session: sessionOf([of === SAME ? city : of, ...rest], newestMs) };
}

export function encodeSession(session: SessionState, bucketMs: number): string {
  return JSON.stringify(sessionFields(session, bucketMs, session.city));
}

export function decodeSession(text: string, bucketMs: number): SessionState {
  return sessionOf(sessionTuple.parse(JSON.parse(text)), bucketMs);
}

/** Stands for the user's city; no city has an empty name. */
const SAME = '';

function sessionFields(s: SessionState, fromMs: number, city: string): unknown[] {
  const { firstMs, lastMs, newestMs, laneMs, events, progress, reachedAfterMs, searches } = s;
  const times = [firstMs - fromMs, lastMs - firstMs, newestMs - lastMs, laneMs - lastMs];
  const all = [city, ...times, events, progress, reachedAfterMs];
  return searches.length === 0 ? all : [...all, searches];
}

function sessionOf(tuple: z.infer<typeof sessionTuple>, fromMs: number): SessionState {
  const [city, first, last, newest, lane, events, progress, reachedAfterMs, searches = []] = tuple;
  const firstMs = fromMs + first;
  const lastMs = firstMs + last;
  // Field by field and in this order, as `beginSession` does it: what is folded all the time has one shape.
  return {
    firstMs,
    lastMs,
    newestMs: lastMs + newest,
    laneMs: lastMs + lane,
    city,
    events,
    progress,
    reachedAfterMs,
    searches,
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
  ]);
}

export function decodeCart(text: string): CartState {
  return cartOf(cartTuple.parse(JSON.parse(text)));
}

/** As it is listed: what it was when it ended is enough to tell all that lists show. */
export function encodeEndedCart({ cart, recoveredMs }: EndedCart): string {
  // Its worth is what it was when it was abandoned; what it was as of a commit would depend on how batches were cut.
  return `[${recoveredMs ?? 'null'},${encodeCart({ ...cart, value: cart.abandonedValue })}]`;
}

export function decodeEndedCart(text: string): EndedCart {
  const [recoveredMs, cart] = endedCartTuple.parse(JSON.parse(text));
  return { cart: cartOf(cart), recoveredMs: recoveredMs ?? undefined };
}

function cartOf(tuple: z.infer<typeof cartTuple>): CartState {
  const [cartId, status, city, currency, openedMs, last, stage, abandoned, abandonedValue, value, source, lines] =
    tuple;
  return {
    cartId,
    status,
    city,
    currency,
    openedMs,
    lastMs: openedMs + last,
    stage,
    abandonedMs: abandoned === null ? null : openedMs + abandoned,
    abandonedValue,
    value,
    source,
    lines: new Map(lines.map(([itemId, quantity, price, of]) => [itemId, { quantity, price, currency: of }])),
  };
}

export function encodeOrder(order: OrderState): string {
  const lines = order.lines.map((line) => [line.itemId, line.units, line.revenue]);
  return JSON.stringify([order.laneMs, order.currency, order.revenue, order.units, lines]);
}

export function decodeOrder(text: string): OrderState {
  const [laneMs, currency, revenue, units, lines] = orderTuple.parse(JSON.parse(text));
  return { laneMs, currency, revenue, units, lines: lines.map(([itemId, u, r]) => ({ itemId, units: u, revenue: r })) };
}
