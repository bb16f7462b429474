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
  /** Where it counts; undefined where an earlier version has kept it, or where it counts no longer, since somebody else's report stays. */
  readonly counted: CountedOrder | undefined;
  /** The newest refunds that came from other partitions, by their events: such a record may come twice. */
  readonly refunds: readonly string[];
  /** The import that has made it known to the live lane. */
  readonly importId?: string | undefined;
}

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

/** Most orders are not refunded, and few from elsewhere. */
export function encodeOrder({
  laneMs,
  currency,
  revenue,
  units,
  lines,
  refunded,
  counted,
  refunds,
  importId,
}: OrderState): string {
  const where = counted === undefined ? [] : countedTuple(counted, laneMs);
  const isPlain = refunds.length === 0 && counted === undefined && importId === undefined;
  const told = importId !== undefined ? [refunds, importId] : refunds.length > 0 ? [refunds] : [];
  const rest = isPlain ? unlessZero(refunded) : [refunded, where, ...told];
  return JSON.stringify([laneMs, currency, revenue, units, lines.map(lineTuple), ...rest]);
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

function countedOf(stored: StoredTuple, laneMs: number): CountedOrder | undefined {
  if (!stored.has(0)) return undefined;
  const timestampMs = laneMs + stored.number(0);
  const session = stored.tuple(3);
  return {
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
    counted: stored.has(6) ? countedOf(stored.tuple(6), laneMs) : undefined,
    refunds: stored.has(7) ? stored.texts(7) : [],
    ...(stored.has(8) && { importId: stored.text(8) }),
  };
}

const orderLineOf = (line: StoredTuple): OrderLine => ({
  itemId: line.text(0),
  units: line.number(1),
  revenue: line.number(2),
  refunded: line.has(3) ? line.number(3) : 0,
});
