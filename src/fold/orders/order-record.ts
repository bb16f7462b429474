import { z } from 'zod';
import type { SaidRefund } from '../../events/event.ts';
import { refundOfWire, refundSchema, wireRefund } from '../../events/validation/wire-refund.ts';
import type { MoneyParts } from '../../metrics/facts.ts';
import { StoredTuple } from '../state/stored-tuple.ts';

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

/** Does it count? Not where somebody else's report stays; the order's partition knows whose. So it does of what an earlier version has kept without a word. */
export type Standing = ({ readonly kind: 'counts' } & CountedOrder) | { readonly kind: 'taken-back' };

export const TAKEN_BACK: Standing = { kind: 'taken-back' };

/** Where an order counts, so that it can be taken back there. */
export interface CountedOrder {
  readonly timestampMs: number;
  readonly values: readonly string[];
  readonly paymentType: string | undefined;
  readonly parts: MoneyParts | undefined;
  /** The session that it was the first order of; undefined where there had been another. */
  readonly session: { readonly id: string; readonly beganMs: number } | undefined;
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
  const where = standing.kind === 'counts' ? countedTuple(standing, laneMs) : [];
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
 * `[timestamp − lane time, [value, …], payment type or null, [session's id, began − timestamp], [shipping, tax, discount, coupon]]`: the session
 * is empty where it was not its first order; most orders name no parts.
 */
function countedTuple({ timestampMs, values, paymentType, session, parts }: CountedOrder, laneMs: number) {
  const first = session === undefined ? [] : [session.id, session.beganMs - timestampMs];
  const named = parts && [
    parts.shipping,
    parts.tax,
    parts.discount,
    ...(parts.coupon === undefined ? [] : [parts.coupon]),
  ];
  return [timestampMs - laneMs, values, paymentType ?? null, first, ...(named === undefined ? [] : [named])];
}

function standingOf(stored: StoredTuple, laneMs: number): Standing {
  if (!stored.has(0)) return TAKEN_BACK;
  const timestampMs = laneMs + stored.number(0);
  const session = stored.tuple(3);
  return {
    kind: 'counts',
    timestampMs,
    values: stored.texts(1),
    paymentType: stored.textOrNull(2) ?? undefined,
    session: session.has(0) ? { id: session.text(0), beganMs: timestampMs + session.number(1) } : undefined,
    parts: stored.has(4) ? partsOf(stored.tuple(4)) : undefined,
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
  return {
    laneMs,
    currency: stored.text(1),
    revenue: stored.number(2),
    units: stored.number(3),
    lines: stored.tuples(4).map(orderLineOf),
    refunded: stored.has(5) ? stored.number(5) : 0,
    standing: stored.has(6) ? standingOf(stored.tuple(6), laneMs) : TAKEN_BACK,
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
