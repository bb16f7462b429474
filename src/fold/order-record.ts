import { StoredTuple } from './state/stored-tuple.ts';

/** An order as it is kept, in minor units and thousandths: what it was worth, and what refunds have taken of that. */
export interface OrderState {
  laneMs: number;
  readonly currency: string;
  readonly revenue: number;
  readonly units: number;
  readonly lines: readonly OrderLine[];
  /** What refunds have taken of `revenue` so far. */
  readonly refunded: number;
}

export interface OrderLine {
  readonly itemId: string;
  readonly units: number;
  readonly revenue: number;
  readonly refunded: number;
}

/** What was refunded stands last, and only where something was: most orders are kept, and earlier versions kept all, without. */
export function encodeOrder({ laneMs, currency, revenue, units, lines, refunded }: OrderState): string {
  return JSON.stringify([laneMs, currency, revenue, units, lines.map(lineTuple), ...unlessZero(refunded)]);
}

const lineTuple = ({ itemId, units, revenue, refunded }: OrderLine) => [
  itemId,
  units,
  revenue,
  ...unlessZero(refunded),
];
const unlessZero = (refunded: number): readonly number[] => (refunded === 0 ? [] : [refunded]);

export function decodeOrder(text: string): OrderState {
  const stored = StoredTuple.parse(text);
  return {
    laneMs: stored.number(0),
    currency: stored.text(1),
    revenue: stored.number(2),
    units: stored.number(3),
    lines: stored.tuples(4).map(orderLineOf),
    refunded: stored.has(5) ? stored.number(5) : 0,
  };
}

const orderLineOf = (line: StoredTuple): OrderLine => ({
  itemId: line.text(0),
  units: line.number(1),
  revenue: line.number(2),
  refunded: line.has(3) ? line.number(3) : 0,
});
