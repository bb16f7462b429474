import type { Item, ShopEvent } from '../events/event.ts';
import { toMinorUnits } from '../events/money.ts';
import type { OrderFacts } from '../metrics/facts.ts';
import type { OrderState } from './state/records.ts';

/** Lines by item in minor units; the order's revenue is `value` where given, else their sum. */
export function orderOf(event: ShopEvent): OrderFacts {
  const lines = sumLines(event.items, event.currency);
  let total = 0;
  let units = 0;
  for (const line of lines) {
    total += line.revenue;
    units += line.units;
  }
  return { revenue: event.value === undefined ? total : toMinorUnits(event.value, event.currency), units, lines };
}

function sumLines(items: readonly Item[], currency: string): OrderFacts['lines'] {
  const byItem = new Map<string, { itemId: string; units: number; revenue: number }>();
  for (const { itemId, price = 0, quantity } of items) {
    const line = byItem.get(itemId) ?? { itemId, units: 0, revenue: 0 };
    // A line below 0 is a discount, and no thing that was sold.
    if (price >= 0) line.units += quantity;
    line.revenue += toMinorUnits(price, currency, quantity);
    byItem.set(itemId, line);
  }
  return [...byItem.values()];
}

export type Refund =
  | { readonly outcome: 'counted'; readonly order: OrderFacts; readonly currency: string }
  /** Neither value nor items, and the order is not known any more: it counts 0 and is reported. */
  | { readonly outcome: 'unknown-order' };

/** A refund without value and items refunds the whole order, in the order's own currency. */
export function refundOf(event: ShopEvent, known: OrderState | undefined): Refund {
  if (event.value !== undefined || event.items.length > 0) {
    return { outcome: 'counted', order: orderOf(event), currency: event.currency };
  }
  if (known === undefined) return { outcome: 'unknown-order' };
  return {
    outcome: 'counted',
    order: { revenue: known.revenue, units: known.units, lines: known.lines },
    currency: known.currency,
  };
}
