import { fromThousandths } from '../../events/numbers/quantity.ts';
import { byValue, pageOf } from '../../metrics/query/paging.ts';
import { ratio } from '../../metrics/query/params.ts';
import { windowsOf } from '../../metrics/query/period.ts';
import type { Counts, HistoryEntry, WindowSet } from '../../metrics/reader.ts';
import type { Bucket } from '../../time/windows.ts';
import type { QueryContext } from '../question.ts';
import { itemNames, productOrders, productUnits, productViews, stockHistory, stockLevels } from '../shared/items.ts';
import { parseChange } from './changes.ts';

const HOUR_MS = 3_600_000;
/** The present rate of sale is that of the last 24 hours. */
const RATE_HOURS = 24;

interface InventoryQuery {
  readonly status?: 'low' | 'out' | undefined;
  readonly threshold: number;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

interface Level {
  readonly itemId: string;
  readonly level: number;
}

/** Items of which the stock is known, the lowest first. `low`: some are left, at most the threshold; `out`: none. */
export async function queryInventory(query: InventoryQuery, context: QueryContext) {
  const { limit, cursor } = query;
  const { page, nextCursor } = await pageOf(levelsOf(await context.reader.allLatest(stockLevels), query), {
    keyOf: ({ itemId, level }) => [level, itemId],
    compare: byValue('asc'),
    limit,
    cursor,
    pause: context.reader.pause,
  });
  const items = page.map(({ itemId }) => itemId);
  const [rows, outages] = await Promise.all([rowsOf(page, context), outagesOf(items, context)]);
  const data = rows.map((row) => ({ ...row, ...lostBy(row, outages) }));
  return { data, ...(nextCursor !== undefined && { nextCursor }) };
}

function fits(level: number, { status, threshold }: InventoryQuery): boolean {
  if (status === 'out') return level === 0;
  return status === undefined || (level > 0 && level <= threshold);
}

function* levelsOf(levels: ReadonlyMap<string, string>, query: InventoryQuery): Iterable<Level> {
  for (const [itemId, text] of levels) {
    const level = Number(text);
    if (fits(level, query)) yield { itemId, level };
  }
}

async function rowsOf(page: readonly Level[], context: QueryContext) {
  const { reader, calendar, period, nowMs } = context;
  const items = page.map(({ itemId }) => itemId);
  const windows = windowsOf(period, calendar);
  const sinceMs = calendar.at(nowMs - (RATE_HOURS - 1) * HOUR_MS).hourStartMs;
  const recent = hoursOf(calendar.buckets('hour', sinceMs, nowMs + 1));
  const [viewed, bought, soldRecently, names] = await Promise.all([
    reader.sums(productViews, windows, items),
    reader.sums(productUnits, windows, items),
    reader.sums(productUnits, recent, items),
    reader.latest(itemNames, items),
  ]);
  return page.map(({ itemId, level }, i) => {
    const name = names[i];
    const perHour = fromThousandths(soldRecently.get(itemId) ?? 0) / ((nowMs - sinceMs) / HOUR_MS);
    return {
      item_id: itemId,
      item_name: name ?? null,
      stock_level: level,
      views: viewed.get(itemId) ?? 0,
      units: fromThousandths(bought.get(itemId) ?? 0),
      hours_of_stock_left: level === 0 ? 0 : ratio(level, perHour),
    };
  });
}

const hoursOf = (buckets: readonly Bucket[]): WindowSet => ({
  window: 'hour',
  labels: buckets.map(({ label }) => label),
});

type Row = Awaited<ReturnType<typeof rowsOf>>[number];

interface Outages {
  /** Hours without stock. */
  readonly hours: ReadonlyMap<string, number>;
  readonly orders: Counts;
  readonly viewsWhileOut: Counts;
  readonly ordersWhileOut: Counts;
}

/**
 * Joins the hours of the period with the stock's history: an hour counts as one without stock where the level was 0 all
 * through it. Nothing where the hours are not kept any more.
 */
async function outagesOf(items: readonly string[], context: QueryContext): Promise<Outages | undefined> {
  const { reader, calendar, period, nowMs, hourlyDays } = context;
  if (period.fromMs < calendar.dayStart(calendar.addDays(calendar.at(nowMs).day, -hourlyDays))) return undefined;
  const untilMs = Math.min(period.toMs, nowMs);
  const buckets = calendar.buckets('hour', period.fromMs, untilMs);
  const windows = hoursOf(buckets);
  const [histories, orders] = await Promise.all([
    reader.historiesWithin(stockHistory, items, period.fromMs, untilMs),
    reader.sums(productOrders, windowsOf(period, calendar), items),
  ]);
  const out = new Map(items.map((item, i) => [item, hoursOut(histories[i] ?? [], buckets, untilMs)]));
  const wasOut = (item: string, hour: number): boolean => out.get(item)?.[hour] === true;
  // Few items are ever out: the hours are read of those alone.
  const concerned = items.filter((item) => out.get(item)?.includes(true));
  const [viewsWhileOut, ordersWhileOut] = await Promise.all([
    reader.sums(productViews, windows, concerned, '', wasOut),
    reader.sums(productOrders, windows, concerned, '', wasOut),
  ]);
  const hours = new Map([...out].map(([item, each]) => [item, each.filter(Boolean).length]));
  return { hours, orders, viewsWhileOut, ordersWhileOut };
}

/** Sales lost while it was out are its views then, times the orders for each view in the hours with stock. */
function lostBy({ item_id, views }: Row, outages: Outages | undefined) {
  if (outages === undefined) return { out_of_stock_hours: null, views_while_out: null, lost_sales: null };
  const lostViews = outages.viewsWhileOut.get(item_id) ?? 0;
  const ordersWhileIn = (outages.orders.get(item_id) ?? 0) - (outages.ordersWhileOut.get(item_id) ?? 0);
  const ordersPerView = ratio(ordersWhileIn, views - lostViews);
  return {
    out_of_stock_hours: outages.hours.get(item_id) ?? 0,
    views_while_out: lostViews,
    lost_sales: ordersPerView === null ? null : lostViews * ordersPerView,
  };
}

/**
 * For each hour: was the level 0 at every moment of it? Before the first known change nothing is known, so it was not.
 */
function hoursOut(history: readonly HistoryEntry[], hours: readonly Bucket[], untilMs: number): boolean[] {
  const changes = history.map(parseChange).reverse();
  let next = 0;
  let level: number | undefined;
  return hours.map(({ startMs }, i) => {
    const endMs = Math.min(untilMs, hours[i + 1]?.startMs ?? untilMs);
    let isOut = true;
    for (let change = changes[next]; change !== undefined && change.atMs < endMs; change = changes[++next]) {
      if (change.atMs > startMs) isOut &&= level === 0;
      level = change.value;
    }
    return isOut && level === 0;
  });
}
