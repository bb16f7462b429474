import type { OrderParts } from '../../events/details/order-parts.ts';
import type { PricedLine, SaidRefund, ShopEvent } from '../../events/event.ts';
import { toMinorUnits } from '../../events/money.ts';
import { toThousandths } from '../../events/numbers/quantity.ts';
import type { MoneyParts, OrderFacts } from '../../metrics/facts.ts';
import type { CountedOrder, OrderLine, OrderState } from './order-record.ts';

/** What an event says of money. */
type SaysAmount = Pick<SaidRefund, 'currency' | 'value' | 'items'>;

/** Lines by item, money in minor units, units in thousandths; the order's revenue is `value` where given, else their sum. */
export function orderOf(event: Pick<ShopEvent, 'parts'> & SaysAmount): OrderFacts {
  const lines = sumLines(event.items, event.currency);
  let total = 0;
  let units = 0;
  for (const line of lines) {
    total += line.revenue;
    units += line.units;
  }
  const revenue = event.value === undefined ? total : toMinorUnits(event.value, event.currency);
  return { revenue, units, lines, parts: event.parts && partsIn(event.parts, event.currency) };
}

function partsIn({ shipping, tax, discount, coupon }: OrderParts, currency: string): MoneyParts {
  return {
    shipping: toMinorUnits(shipping, currency),
    tax: toMinorUnits(tax, currency),
    discount: toMinorUnits(discount, currency),
    coupon,
  };
}

function sumLines(items: readonly PricedLine[], currency: string): OrderFacts['lines'] {
  const byItem = new Map<string, { itemId: string; units: number; revenue: number }>();
  for (const { itemId, price = 0, quantity } of items) {
    const line = byItem.get(itemId) ?? { itemId, units: 0, revenue: 0 };
    // A line below 0 is a discount, and no thing that was sold.
    if (price >= 0) line.units += toThousandths(quantity);
    line.revenue += toMinorUnits(price, currency, quantity);
    byItem.set(itemId, line);
  }
  return [...byItem.values()];
}

/** What is kept of an order, of which nothing is refunded yet. */
export function keptOrder(order: OrderFacts, currency: string, laneMs: number, counted: CountedOrder): OrderState {
  const { revenue, units } = order;
  const lines = order.lines.map((line) => ({ ...line, refunded: 0 }));
  const standing = { kind: 'counts', ...counted } as const;
  return { revenue, units, lines, currency, laneMs, refunded: 0, standing, taken: [], settled: [] };
}

export type Refund =
  | {
      readonly outcome: 'counted';
      readonly order: OrderFacts;
      readonly currency: string;
      /** More was to be refunded than was left. */
      readonly isBeyond: boolean;
    }
  /** It says no amount, and the order is not known any more: it counts 0 and is reported. */
  | { readonly outcome: 'unknown-order' };

/**
 * A refund without value and items refunds what is left of the order, and one of lines without prices what the order's own came to, in
 * the order's own currency; any other one what it says, up to what is left. Amounts of two currencies can't be compared.
 */
export function refundOf(event: SaysAmount, known: OrderState | undefined): Refund {
  const saysAmount = event.value !== undefined || event.items.some(({ price }) => price !== undefined);
  const isWhole = !saysAmount && event.items.length === 0;
  if (known === undefined && !saysAmount) return { outcome: 'unknown-order' };
  if (known === undefined || (saysAmount && event.currency !== known.currency))
    return { outcome: 'counted', order: orderOf(event), currency: event.currency, isBeyond: false };
  const { currency } = known;
  if (isWhole) return { outcome: 'counted', order: leftOf(known), currency, isBeyond: isSpent(known) };
  const asked = saysAmount ? orderOf(event) : pricedBy(known, event.items);
  const most = upToWhatIsLeft(asked, known);
  // What it says of no amount is no more than its lines.
  const order = saysAmount ? most : { ...most, revenue: Math.min(most.revenue, sumOf(most.lines, 'revenue')) };
  return { outcome: 'counted', order, currency, isBeyond: isLess(order, asked) };
}

/** GA4 asks of a part's refund for the things and how many they were: what they cost the order knows. */
function pricedBy(known: OrderState, items: readonly PricedLine[]): OrderFacts {
  const paid = new Map(known.lines.map((line) => [line.itemId, line]));
  const lines = sumLines(items, known.currency).map((line) => ({
    ...line,
    revenue: shareOf(paid.get(line.itemId), line.units),
  }));
  return { revenue: sumOf(lines, 'revenue'), units: sumOf(lines, 'units'), lines };
}

const sumOf = (lines: OrderFacts['lines'], of: 'revenue' | 'units'): number =>
  lines.reduce((sum, line) => sum + line[of], 0);

/** Rounded half up; in whole numbers, since a double does not hold such products. */
function shareOf(line: Pick<OrderLine, 'revenue' | 'units'> | undefined, units: number): number {
  if (line === undefined || line.units === 0 || line.revenue <= 0) return 0;
  const [revenue, of] = [BigInt(line.revenue), BigInt(line.units)];
  return Number((2n * revenue * BigInt(units) + of) / (2n * of));
}

/** The order after a refund of it. */
export function afterRefund(known: OrderState, { revenue, lines }: OrderFacts): OrderState {
  const byItem = new Map(lines.map((line) => [line.itemId, line.revenue]));
  const rest = known.lines.map((line) => ({ ...line, refunded: line.refunded + (byItem.get(line.itemId) ?? 0) }));
  return { ...known, refunded: known.refunded + revenue, lines: rest };
}

/** The order as if nothing had been refunded of it. */
export function unrefunded(known: OrderState): OrderState {
  return { ...known, refunded: 0, lines: known.lines.map((line) => ({ ...line, refunded: 0 })), taken: [] };
}

/** All that was paid is refunded; an order that cost nothing never is. */
const isSpent = ({ revenue, refunded }: OrderState): boolean => revenue > 0 && refunded >= revenue;

function leftOf(known: OrderState): OrderFacts {
  const lines = known.lines.map((line) => ({ ...line, revenue: line.revenue - line.refunded }));
  return { revenue: known.revenue - known.refunded, units: known.units, lines: isSpent(known) ? [] : worthAny(lines) };
}

/** An item that the order did not name has nothing left. */
function upToWhatIsLeft(asked: OrderFacts, known: OrderState): OrderFacts {
  const left = leftOf(known);
  const byItem = new Map(left.lines.map((line) => [line.itemId, line.revenue]));
  const lines = asked.lines.map((line) => ({ ...line, revenue: Math.min(line.revenue, byItem.get(line.itemId) ?? 0) }));
  return {
    revenue: Math.min(asked.revenue, left.revenue),
    units: asked.units,
    lines: isSpent(known) ? [] : worthAny(lines),
  };
}

const worthAny = (lines: OrderFacts['lines']): OrderFacts['lines'] => lines.filter(({ revenue }) => revenue !== 0);

function isLess(counted: OrderFacts, asked: OrderFacts): boolean {
  const byItem = new Map(counted.lines.map((line) => [line.itemId, line.revenue]));
  return (
    counted.revenue < asked.revenue || asked.lines.some(({ itemId, revenue }) => (byItem.get(itemId) ?? 0) < revenue)
  );
}
