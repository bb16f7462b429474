import { fromMinorUnits } from '../../events/money.ts';
import type { QueryContext } from '../analytic.ts';
import {
  priceField,
  priceHistory,
  productOrders,
  productRevenue,
  productUnits,
  productViews,
  stockHistory,
} from '../catalogue.ts';
import { type Change, parseChange } from './changes.ts';

const HOUR_MS = 3_600_000;
const SIDE_HOURS = 24;
const MOST_CHANGES = 1_000;

export interface ChangesQuery {
  readonly currency?: string | undefined;
  readonly limit: number;
}

/** Price changes of the period, the newest first, with the item's figures in the 24 whole hours on each side. */
export async function askPriceImpact(itemId: string, { currency, limit }: ChangesQuery, context: QueryContext) {
  const { calendar, period, storeCurrency } = context;
  const money = currency ?? storeCurrency;
  const changes = await pricesUntil(itemId, money, context);
  const shown = changes
    .map((change, i) => ({ change, before: changes[i - 1] }))
    .filter(({ change }) => change.atMs >= period.fromMs)
    .reverse()
    .slice(0, limit);
  return Promise.all(
    shown.map(async ({ change, before }) => {
      const hourMs = calendar.at(change.atMs).hourStartMs;
      const afterMs = hourMs === change.atMs ? hourMs : hourMs + HOUR_MS;
      return {
        changed_at: calendar.format(change.atMs),
        price_before: before?.value ?? null,
        price_after: change.value,
        before: await figures(itemId, money, hourMs - SIDE_HOURS * HOUR_MS, context),
        after: await figures(itemId, money, afterMs, context),
      };
    }),
  );
}

/** Oldest first. */
async function pricesUntil(itemId: string, currency: string, { reader, period }: QueryContext): Promise<Change[]> {
  const field = priceField(currency, itemId);
  const entries = await reader.history(priceHistory, field, 0, period.toMs, MOST_CHANGES);
  return entries.map(parseChange).reverse();
}

/** 24 whole hours from a moment on; null where its hours are not kept any more. `hours` says how many of them are over. */
async function figures(itemId: string, currency: string, fromMs: number, context: QueryContext) {
  const { reader, calendar, nowMs, hourlyDays } = context;
  if (fromMs < calendar.dayStart(calendar.addDays(calendar.at(nowMs).day, -hourlyDays))) return null;
  const buckets = calendar.buckets('hour', fromMs, fromMs + SIDE_HOURS * HOUR_MS);
  const windows = { window: 'hour', labels: buckets.map(({ label }) => label) } as const;
  const [views, orders, units, revenue] = await Promise.all([
    reader.sums(productViews, windows, [itemId]),
    reader.sums(productOrders, windows, [itemId]),
    reader.sums(productUnits, windows, [itemId]),
    reader.sums(productRevenue, windows, [itemId], currency),
  ]);
  const sum = (counts: typeof views): number => counts.get(itemId) ?? 0;
  return {
    views: sum(views),
    orders: sum(orders),
    units: sum(units),
    revenue: fromMinorUnits(sum(revenue), currency),
    hours: Math.max(0, Math.min(SIDE_HOURS, Math.floor((nowMs - fromMs) / HOUR_MS))),
  };
}

/** The prices that an item had in the period, newest first. */
export async function askPrices(itemId: string, { currency, limit }: ChangesQuery, context: QueryContext) {
  const { calendar, period, storeCurrency } = context;
  const changes = await pricesUntil(itemId, currency ?? storeCurrency, context);
  return changes
    .filter(({ atMs }) => atMs >= period.fromMs)
    .reverse()
    .slice(0, limit)
    .map(({ atMs, value }) => ({ changed_at: calendar.format(atMs), price: value }));
}

/** The stock levels that an item had in the period, newest first. */
export async function askStockLevels(itemId: string, limit: number, { reader, calendar, period }: QueryContext) {
  const entries = await reader.history(stockHistory, itemId, period.fromMs, period.toMs, limit);
  return entries.map(parseChange).map(({ atMs, value }) => ({ changed_at: calendar.format(atMs), stock_level: value }));
}
