import { z } from 'zod';
import type { SaidRefund } from '../../events/event.ts';
import { refundOfWire, refundSchema, wireRefund } from '../../events/validation/wire-refund.ts';
import type { MoneyParts } from '../../metrics/facts.ts';
import { StoredTuple } from '../state/stored-tuple.ts';
import { ALL, fullnessOf } from './fullness.ts';

/** An order as it is kept, in minor units and thousandths: what it was worth, and what refunds have taken of that. */
export interface OrderState {
  laneMs: number;
  readonly currency: string;
  readonly revenue: number;
  readonly units: number;
  readonly lines: readonly OrderLine[];
  /** What refunds have taken of `revenue` so far. */
  readonly refunded: number;
  readonly standing: Standing;
  /** The newest refunds that have taken of it: should another report stay, they are of that. */
  readonly taken: readonly SaidRefund[];
  /** The newest refunds that the order's partition has sent here, by their ids: such a record may come twice. */
  readonly settled: readonly string[];
  /** The import that has made it known to the live lane. */
  readonly importId?: string | undefined;
}

/** Does it count? Not where another report stays; the order's partition knows whose. */
type Standing = ({ readonly kind: 'counts' } & CountedOrder) | TakenBack;

interface TakenBack {
  readonly kind: 'taken-back';
  /** How much was said of it. */
  readonly fullness: number;
}

/** What an earlier version has kept without a word is as if all were said. */
const TAKEN_BACK: Standing = { kind: 'taken-back', fullness: ALL };

/** How much is known of an order, whoever said it. */
export const knownOf = ({ lines, standing }: OrderState): number =>
  standing.kind === 'counts' ? fullnessOf({ ...standing, lines: lines.length }) : standing.fullness;

/** Where an order counts, so that it can be taken back there. */
export interface CountedOrder {
  readonly timestampMs: number;
  /** How much the report said by itself; other ones may have added to it since. */
  readonly fullness: number;
  readonly values: readonly string[];
  readonly paymentType: string | undefined;
  readonly parts: MoneyParts | undefined;
  /** The session that it came in; undefined where an earlier version did not say. */
  readonly session: OrderSession | undefined;
}

export interface OrderSession {
  readonly id: string;
  readonly beganMs: number;
}

export interface OrderLine {
  readonly itemId: string;
  readonly units: number;
  readonly revenue: number;
  readonly refunded: number;
}

const takenSchema = z.array(refundSchema);

/**
 * `[lane time, currency, revenue, units, [line, …], refunded, where it counts, [settled, …], import, taken]`, up to what most have: most orders are
 * not refunded, and few from elsewhere.
 */
export function encodeOrder(order: OrderState): string {
  const { laneMs, currency, revenue, units, lines, refunded, standing } = order;
  const where = standing.kind === 'counts' ? countedTuple(standing, order) : takenBackTuple(standing);
  const further = furtherOf(order);
  const isPlain = where.length === 0 && further.length === 0;
  const rest = isPlain ? unlessZero(refunded) : [refunded, where, ...further];
  return JSON.stringify([laneMs, currency, revenue, units, lines.map(lineTuple), ...rest]);
}

function furtherOf({ settled, importId, taken }: OrderState): readonly unknown[] {
  if (taken.length > 0) return [settled, importId ?? '', JSON.stringify(taken.map(wireRefund))];
  if (importId !== undefined) return [settled, importId];
  return settled.length > 0 ? [settled] : [];
}

/**
 * `[timestamp − lane time, [value, …], payment type or null, [session's id, began − timestamp], [shipping, tax, discount, coupon], fullness]`: most
 * orders name no parts, and have nothing added.
 */
function countedTuple(
  { timestampMs, fullness, values, paymentType, session, parts }: CountedOrder,
  { laneMs, lines }: Pick<OrderState, 'laneMs' | 'lines'>,
) {
  const of = session === undefined ? [] : [session.id, session.beganMs - timestampMs];
  const named = parts && [
    parts.shipping,
    parts.tax,
    parts.discount,
    ...(parts.coupon === undefined ? [] : [parts.coupon]),
  ];
  const isAsSaid = fullness === fullnessOf({ lines: lines.length, paymentType, parts });
  const added = isAsSaid ? [] : [fullness];
  const rest = named === undefined && isAsSaid ? [] : [named ?? [], ...added];
  return [timestampMs - laneMs, values, paymentType ?? null, of, ...rest];
}

/** `[fullness]`, and nothing where all was said. */
const takenBackTuple = ({ fullness }: TakenBack): readonly number[] => (fullness === ALL ? [] : [fullness]);

function standingOf(stored: StoredTuple, laneMs: number, lines: number): Standing {
  if (!stored.has(1)) return stored.has(0) ? { kind: 'taken-back', fullness: stored.number(0) } : TAKEN_BACK;
  const timestampMs = laneMs + stored.number(0);
  const session = stored.tuple(3);
  const paymentType = stored.textOrNull(2) ?? undefined;
  const parts = stored.has(4) && stored.tuple(4).has(0) ? partsOf(stored.tuple(4)) : undefined;
  return {
    kind: 'counts',
    timestampMs,
    fullness: stored.has(5) ? stored.number(5) : fullnessOf({ lines, paymentType, parts }),
    values: stored.texts(1),
    paymentType,
    session: session.has(0) ? { id: session.text(0), beganMs: timestampMs + session.number(1) } : undefined,
    parts,
  };
}

const partsOf = (stored: StoredTuple): MoneyParts => ({
  shipping: stored.number(0),
  tax: stored.number(1),
  discount: stored.number(2),
  coupon: stored.has(3) ? stored.text(3) : undefined,
});

const lineTuple = ({ itemId, units, revenue, refunded }: OrderLine) => [
  itemId,
  units,
  revenue,
  ...unlessZero(refunded),
];
const unlessZero = (refunded: number): readonly number[] => (refunded === 0 ? [] : [refunded]);

export function decodeOrder(text: string): OrderState {
  const stored = StoredTuple.parse(text);
  const laneMs = stored.number(0);
  const lines = stored.tuples(4).map(orderLineOf);
  return {
    laneMs,
    currency: stored.text(1),
    revenue: stored.number(2),
    units: stored.number(3),
    lines,
    refunded: stored.has(5) ? stored.number(5) : 0,
    standing: stored.has(6) ? standingOf(stored.tuple(6), laneMs, lines.length) : TAKEN_BACK,
    settled: stored.has(7) ? stored.texts(7) : [],
    taken: stored.has(9) ? takenSchema.parse(JSON.parse(stored.text(9))).map(refundOfWire) : [],
    ...(stored.has(8) && stored.text(8) !== '' && { importId: stored.text(8) }),
  };
}

const orderLineOf = (line: StoredTuple): OrderLine => ({
  itemId: line.text(0),
  units: line.number(1),
  revenue: line.number(2),
  refunded: line.has(3) ? line.number(3) : 0,
});

/** What takes a report back is on its way for so long at most: a day, should counting be behind. */
const ON_THE_WAY_MS = 86_400_000;

/** May a report that came then be taken back yet? */
export const isRecent = ({ laneMs }: OrderState, nowMs: number): boolean => nowMs - laneMs <= ON_THE_WAY_MS;

/** What an erasure asks of an order: its lines and refunds, of which there may be thousands, only where it may be taken back yet. */
export function forErasure(text: string, nowMs: number): string {
  const order = decodeOrder(text);
  return isRecent(order, nowMs) ? text : encodeOrder({ ...order, lines: [], taken: [] });
}
