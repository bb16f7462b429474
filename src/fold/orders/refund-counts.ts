import type { CountedLine, RefundCounts, SaidRefund } from '../../events/event.ts';
import type { OrderFacts } from '../../metrics/facts.ts';
import { type Refund, refundOf } from './order.ts';

/** What a refund counts beside what it has counted so far; money may be below 0. */
export interface Correction {
  readonly currency: string;
  readonly order: OrderFacts;
}

type Counted = Omit<Extract<Refund, { outcome: 'counted' }>, 'outcome'>;

/** @param isOther is the item one that its day does not tell apart? */
export function countsOf({ order, currency, isBeyond }: Counted, isOther: (itemId: string) => boolean): RefundCounts {
  const lines = order.lines.map(({ itemId, revenue }) => ({ itemId, revenue, isOther: isOther(itemId) }));
  return { currency, amount: order.revenue, isBeyond, lines };
}

/** @returns undefined where it has counted nothing, since it says no amount */
export function countsSoFar(refund: SaidRefund): RefundCounts | undefined {
  if (refund.counts !== undefined) return refund.counts;
  const said = refundOf(refund, undefined);
  return said.outcome === 'counted' ? countsOf(said, () => false) : undefined;
}

/** What is to be added so that it counts what is right, that in the right currency first: two can't be taken off each other. */
export function correctionsOf(
  right: RefundCounts,
  soFar: RefundCounts | undefined,
): readonly [Correction, ...Correction[]] {
  if (soFar === undefined) return [correction(right.currency, right.amount, right.lines)];
  const off = soFar.lines.map((line) => ({ ...line, revenue: -line.revenue }));
  if (right.currency === soFar.currency)
    return [correction(right.currency, right.amount - soFar.amount, [...right.lines, ...off])];
  return [correction(right.currency, right.amount, right.lines), correction(soFar.currency, -soFar.amount, off)];
}

function correction(currency: string, revenue: number, lines: readonly CountedLine[]): Correction {
  const order = { revenue, units: 0, lines: linesOf(sumByItem(lines)), parts: undefined };
  return { currency, order };
}

export function sumByItem(lines: Iterable<Pick<CountedLine, 'itemId' | 'revenue'>>): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { itemId, revenue } of lines) sums.set(itemId, (sums.get(itemId) ?? 0) + revenue);
  return sums;
}

const linesOf = (sums: ReadonlyMap<string, number>): OrderFacts['lines'] =>
  [...sums].flatMap(([itemId, revenue]) => (revenue === 0 ? [] : [{ itemId, units: 0, revenue }]));
