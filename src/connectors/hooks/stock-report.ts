import { hookEventId } from '../../events/ids/hook-event-id.ts';
import type { Mapped } from '../connector.ts';
import { given } from '../mapping.ts';

/** What a shop has of an item, and asks for it; undefined where it does not say. */
export interface StockReport {
  readonly way: string;
  readonly itemId: string | undefined;
  readonly updatedAt: unknown;
  readonly level?: unknown;
  readonly price?: unknown;
  readonly currency?: unknown;
}

/** Repeats need not be known: the newest counts, and a price that is said again changes nothing. */
export function stockReport({ way, itemId, updatedAt, level, price, currency }: StockReport): readonly Mapped[] {
  if (itemId === undefined) return [];
  const shared = { item_id: itemId, timestamp: updatedAt };
  const id = (name: string): string => hookEventId(way, name, itemId, String(updatedAt));
  const isLevel = typeof level === 'number';
  const mapped: Mapped[] = [];
  if (isLevel) {
    // Shops that sell what they have not count on below 0.
    const fields = { ...shared, name: 'stock_update', stock_level: Math.max(0, Math.floor(level)) };
    mapped.push({ outcome: 'event', event: given({ ...fields, event_id: id('stock_update') }) });
  }
  if (price !== undefined && price !== null && price !== '') {
    const fields = { ...shared, name: 'price_change', price, currency };
    mapped.push({ outcome: 'event', event: given({ ...fields, event_id: id('price_change') }) });
  }
  return mapped;
}
