import { fromMinorUnits } from '../../events/money.ts';
import { fromThousandths } from '../../events/numbers/quantity.ts';
import type { QueryContext } from '../question.ts';
import {
  priceField,
  priceHistory,
  productOrders,
  productRevenue,
  productUnits,
  productViews,
  stockHistory,
} from '../shared/items.ts';
import { type Change, parseChange } from './changes.ts';

const HOUR_MS = 3_600_000;
const SIDE_HOURS = 24;
const MOST_CHANGES = 1_000;

interface ChangesQuery {
  readonly currency?: string | undefined;
  readonly limit: number;
}

/** Price changes of the period, the newest first, with the item's figures in the 24 whole hours on each side. */
export async function queryPriceImpact(itemId: string, { currency, limit }: ChangesQuery, context: QueryContext) {
  const { calendar, period, storeCurrency } = context;
  const money = currency ?? storeCurrency;
  const prices = await pricesUntil(itemId, money, context);
  const shown = prices
    .map((change, i) => ({ change, before: prices[i - 1], ...sidesOf(change, context) }))
    // A price that is said again changes nothing.
    .filter(({ change, before }) => change.atMs >= period.fromMs && change.value !== before?.value)
    .reverse()
    .slice(0, limit);
  const moments = shown.flatMap(({ beforeMs, afterMs }) => [beforeMs, afterMs]);
  const figures = await figuresFrom(itemId, money, moments, context);
  return shown.map(({ change, before, beforeMs, afterMs }) => ({
    changed_at: calendar.format(change.atMs),
    price_before: before?.value ?? null,
    price_after: change.value,
    before: figures(beforeMs),
    after: figures(afterMs),
  }));
}

/** Where the 24 whole hours before a change begin, and those after it. */
function sidesOf({ atMs }: Change, { calendar }: QueryContext) {
  const hourMs = calendar.at(atMs).hourStartMs;
  return { beforeMs: hourMs - SIDE_HOURS * HOUR_MS, afterMs: hourMs === atMs ? hourMs : hourMs + HOUR_MS };
}

/** Oldest first. */
async function pricesUntil(itemId: string, currency: string, { reader, period }: QueryContext): Promise<Change[]> {
  const field = priceField(currency, itemId);
  const entries = await reader.history(priceHistory, field, 0, period.toMs, MOST_CHANGES);
  return entries.map(parseChange).reverse();
}

/**
 * What an item sold in 24 whole hours from a moment on; null where its hours are not kept any more. `hours` says
 * how many of them are over. Changes lie close together, so every hour between the first and the last is read once.
 */
async function figuresFrom(itemId: string, currency: string, moments: readonly number[], context: QueryContext) {
  const { calendar, nowMs, hourlyDays } = context;
  const keptMs = calendar.dayStart(calendar.addDays(calendar.at(nowMs).day, -hourlyDays));
  const kept = moments.filter((fromMs) => fromMs >= keptMs);
  const hours = kept.length === 0 ? [] : await hoursOf(itemId, currency, Math.min(...kept), Math.max(...kept), context);
  return (fromMs: number) => {
    if (fromMs < keptMs) return null;
    const side = hours.filter(({ startMs }) => startMs >= fromMs && startMs < fromMs + SIDE_HOURS * HOUR_MS);
    const sum = (of: 'views' | 'orders' | 'units' | 'revenue'): number => side.reduce((all, hour) => all + hour[of], 0);
    return {
      views: sum('views'),
      orders: sum('orders'),
      units: fromThousandths(sum('units')),
      revenue: fromMinorUnits(sum('revenue'), currency),
      hours: Math.max(0, Math.min(SIDE_HOURS, Math.floor((nowMs - fromMs) / HOUR_MS))),
    };
  };
}

/** An item hour by hour, up to a day behind the last moment. */
async function hoursOf(
  itemId: string,
  currency: string,
  fromMs: number,
  lastMs: number,
  { reader, calendar }: QueryContext,
) {
  const buckets = calendar.buckets('hour', fromMs, lastMs + SIDE_HOURS * HOUR_MS);
  const windows = { window: 'hour', labels: buckets.map(({ label }) => label) } as const;
  const [views, orders, units, revenue] = await Promise.all([
    reader.scores(productViews, windows, itemId),
    reader.scores(productOrders, windows, itemId),
    reader.scores(productUnits, windows, itemId),
    reader.scores(productRevenue, windows, itemId, currency),
  ]);
  return buckets.map(({ startMs }, i) => ({
    startMs,
    views: views[i] ?? 0,
    orders: orders[i] ?? 0,
    units: units[i] ?? 0,
    revenue: revenue[i] ?? 0,
  }));
}

/** The prices that an item had in the period, newest first. */
export async function queryPrices(itemId: string, { currency, limit }: ChangesQuery, context: QueryContext) {
  const { calendar, period, storeCurrency } = context;
  const changes = await pricesUntil(itemId, currency ?? storeCurrency, context);
  return changes
    .filter(({ atMs }) => atMs >= period.fromMs)
    .reverse()
    .slice(0, limit)
    .map(({ atMs, value }) => ({ changed_at: calendar.format(atMs), price: value }));
}

/** The stock levels that an item had in the period, newest first. */
export async function queryStockLevels(itemId: string, limit: number, { reader, calendar, period }: QueryContext) {
  const entries = await reader.history(stockHistory, itemId, period.fromMs, period.toMs, limit);
  return entries.map(parseChange).map(({ atMs, value }) => ({ changed_at: calendar.format(atMs), stock_level: value }));
}
