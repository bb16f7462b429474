import type { SaidRefund } from '../../events/event.ts';
import { shortHash } from '../../events/ids/short-hash.ts';
import { fromMinorUnits } from '../../events/money.ts';
import type { CountedOrder, OrderState } from './order-record.ts';
import { sumByItem } from './refund-counts.ts';

/** So many refunds are remembered with an order, and so many lines of them beside those of the newest: each may have two thousand. */
const MOST_REFUNDS = 20;
const MOST_LINES = 2_000;

/** The newest of them, as many as are remembered. */
export function newestOf(refunds: readonly SaidRefund[]): readonly SaidRefund[] {
  let from = Math.max(0, refunds.length - MOST_REFUNDS);
  let lines = refunds.slice(from).reduce((sum, refund) => sum + linesIn(refund), 0);
  for (; lines > MOST_LINES && from < refunds.length - 1; from++) lines -= linesIn(refunds[from]);
  return refunds.slice(from);
}

const linesIn = (refund: SaidRefund | undefined): number =>
  (refund?.items.length ?? 0) + (refund?.counts?.lines.length ?? 0);

export const newestIdsOf = (ids: readonly string[]): readonly string[] => ids.slice(-MOST_REFUNDS);

/** All that refunds have taken of an order that counts, as refunds: those that it remembers, and one of what the others came to. */
export function takenOf(order: OrderState, counted: CountedOrder, name: readonly string[]): readonly SaidRefund[] {
  const { taken, currency } = order;
  const own = taken.flatMap(({ counts }) => (counts?.currency === currency ? [counts] : []));
  const known = sumByItem(own.flatMap(({ lines }) => lines));
  const amount = order.refunded - own.reduce((sum, counts) => sum + counts.amount, 0);
  const lines = order.lines.flatMap(({ itemId, refunded }) => {
    const revenue = refunded - (known.get(itemId) ?? 0);
    return revenue === 0 ? [] : [{ itemId, revenue, isOther: false }];
  });
  if (amount === 0 && lines.length === 0) return taken;
  const [oldest] = taken;
  const others: SaidRefund = {
    id: shortHash(['others', ...name]),
    atMs: oldest?.atMs ?? counted.timestampMs,
    values: oldest?.values ?? counted.values,
    currency,
    value: fromMinorUnits(amount, currency),
    items: lines.map(({ itemId, revenue }) => ({ itemId, price: fromMinorUnits(revenue, currency), quantity: 1 })),
    counts: { currency, amount, isBeyond: false, lines },
  };
  return [others, ...taken];
}
