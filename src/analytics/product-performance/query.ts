import { byValue, encodeCursor, type PageKey, pageOf } from '../../metrics/query/paging.ts';
import type { Period } from '../../metrics/query/period.ts';
import { NotFound } from '../../metrics/query/problems.ts';
import { because } from '../../metrics/query/reason.ts';
import type { QueryContext } from '../question.ts';
import { type AskedItems, LEVELS, type WantedItems, wantedItems } from '../shared/item-filter.ts';
import {
  COLUMNS,
  type Column,
  columnOf,
  columnsOf,
  everyItem,
  type Figures,
  figuresOf,
  greatestTotals,
  isColumn,
  isRate,
  rateOf,
  type Totals,
  totalsOf,
} from './columns.ts';
import { type Details, detailOf, detailsOf } from './details.ts';

export interface ProductRow extends Figures {
  readonly item_id: string;
  readonly item_name: string | null;
  readonly category: string | null;
  readonly category2: string | null;
  readonly category3: string | null;
  readonly category4: string | null;
  readonly category5: string | null;
  readonly brand: string | null;
  readonly variant: string | null;
  readonly stock_level: number | null;
  readonly price: number | null;
}

interface ProductsQuery extends AskedItems {
  readonly sort: keyof ProductRow;
  readonly order?: 'asc' | 'desc' | undefined;
  readonly currency?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Rows of which all columns are read at one moment. */
const ROWS_AT_ONCE = 200;

const DETAILS: ReadonlyMap<keyof ProductRow, keyof Details> = new Map([
  ['item_name', 'name'],
  ...LEVELS.map((level) => [level, level] as const),
  ['brand', 'brand'],
  ['variant', 'variant'],
  ['stock_level', 'stock'],
  ['price', 'price'],
]);

/**
 * Every item that something happened to in the period: of all of them only what decides their order is read. Of those that are shown
 * everything is read at one moment, so that a row agrees with itself and with its place.
 */
export async function queryProducts(query: ProductsQuery, context: QueryContext) {
  const currency = query.currency ?? context.storeCurrency;
  const deciding = decidingColumns(query.sort);
  const compare = byValue(orderOf(query));
  const page = (items: Iterable<string>, totals: Totals, details?: ReadonlyMap<string, string | number | null>) => {
    const by = (itemId: string) =>
      details === undefined ? sortedBy(query.sort, itemId, totals, currency) : (details.get(itemId) ?? null);
    const { limit, cursor } = query;
    const { pause } = context.reader;
    return pageOf(items, { keyOf: (itemId) => [by(itemId), itemId], compare, limit, cursor, pause });
  };
  const answer = async (items: readonly string[], hasMore: boolean) => {
    const rows = await rowsOf(items, currency, context);
    const keyOf = (row: ProductRow): PageKey => [row[query.sort], row.item_id];
    const data = rows.sort((a, b) => compare(keyOf(a), keyOf(b)));
    const last = data.at(-1);
    return { data, ...(hasMore && last && { nextCursor: encodeCursor(keyOf(last)) }) };
  };
  const wanted = await wantedItems(query, context.reader);
  const first = await firstTotals(query, deciding, currency, context, wanted);
  if (first !== undefined) {
    const { page: items, nextCursor } = await page(first.get(deciding.at(-1) ?? 'views')?.keys() ?? [], first);
    if (nextCursor !== undefined) return answer(items, true);
  }
  const [everything, totals] = await Promise.all([
    everyItem(currency, context, wanted),
    first ?? greatestTotals(deciding, Number.POSITIVE_INFINITY, currency, context, wanted),
  ]);
  const detail = DETAILS.get(query.sort);
  const details = detail && (await detailOf(detail, everything, currency, context));
  const { page: items, nextCursor } = await page(everything, totals, details);
  return answer(items, nextCursor !== undefined);
}

const TEXTS: ReadonlySet<keyof ProductRow> = new Set(['item_id', 'item_name', ...LEVELS, 'brand', 'variant']);

function orderOf({ sort, order }: ProductsQuery): 'asc' | 'desc' {
  return order ?? (TEXTS.has(sort) ? 'asc' : 'desc');
}

function decidingColumns(sort: keyof ProductRow): readonly Column[] {
  if (isRate(sort)) return columnsOf(sort);
  return isColumn(sort) ? [sort] : [];
}

/**
 * Items without a rate come last, and so do those with nothing in a column that is sorted downwards: mostly
 * the others fill the page, and nobody need ask which items there are. Undefined where the order is another.
 */
async function firstTotals(
  query: ProductsQuery,
  deciding: readonly Column[],
  currency: string,
  context: QueryContext,
  wanted: WantedItems | undefined,
): Promise<Totals | undefined> {
  if (isRate(query.sort)) return greatestTotals(deciding, Number.POSITIVE_INFINITY, currency, context, wanted);
  if (!isColumn(query.sort) || orderOf(query) === 'asc') return undefined;
  // One more than are shown tells whether there is another page; behind a cursor it is not known how many lie before.
  const most = query.cursor === undefined ? query.limit + 1 : Number.POSITIVE_INFINITY;
  return greatestTotals(deciding, most, currency, context, wanted);
}

function sortedBy(sort: keyof ProductRow, itemId: string, totals: Totals, currency: string): string | number | null {
  if (isColumn(sort)) return columnOf(sort, itemId, totals, currency);
  return isRate(sort) ? rateOf(sort, itemId, totals) : itemId;
}

/** @throws NotFound where nothing is kept of the item */
export async function queryProduct(itemId: string, asked: string | undefined, context: QueryContext) {
  const currency = asked ?? context.storeCurrency;
  const [totals, known] = await Promise.all([
    totalsOf([itemId], COLUMNS, currency, context),
    detailsOf([itemId], currency, context),
  ]);
  const details = known.get(itemId);
  const hasDetails = Object.values(details ?? {}).some((detail) => detail !== null);
  const isInPeriod = [...totals.values()].some((counts) => counts.size > 0);
  if (!hasDetails && !isInPeriod && !(await wasHeardOf(itemId, currency, context)))
    throw new NotFound(`Nothing is kept of an item ${itemId}`, because('unknown-item', { item: itemId }));
  return toRow(itemId, totals, currency, details);
}

/** On any day that is kept: an item without a name may have been seen yesterday. */
async function wasHeardOf(itemId: string, currency: string, context: QueryContext): Promise<boolean> {
  const { calendar, nowMs, dailyDays } = context;
  const day = calendar.at(nowMs).day;
  const [from, to] = [calendar.addDays(day, -dailyDays), calendar.addDays(day, 1)];
  const kept: Period = { fromMs: calendar.dayStart(from), toMs: calendar.dayStart(to), from, to: day, grain: 'day' };
  const totals = await totalsOf([itemId], COLUMNS, currency, { ...context, period: kept });
  return [...totals.values()].some((counts) => counts.size > 0);
}

async function rowsOf(items: readonly string[], currency: string, context: QueryContext): Promise<ProductRow[]> {
  const rows: ProductRow[] = [];
  for (let from = 0; from < items.length; from += ROWS_AT_ONCE) {
    const some = items.slice(from, from + ROWS_AT_ONCE);
    const [totals, details] = await Promise.all([
      totalsOf(some, COLUMNS, currency, context),
      detailsOf(some, currency, context),
    ]);
    rows.push(...some.map((itemId) => toRow(itemId, totals, currency, details.get(itemId))));
  }
  return rows;
}

function toRow(itemId: string, totals: Totals, currency: string, details: Details | undefined): ProductRow {
  return {
    item_id: itemId,
    item_name: details?.name ?? null,
    category: details?.category ?? null,
    category2: details?.category2 ?? null,
    category3: details?.category3 ?? null,
    category4: details?.category4 ?? null,
    category5: details?.category5 ?? null,
    brand: details?.brand ?? null,
    variant: details?.variant ?? null,
    ...figuresOf(itemId, totals, currency),
    stock_level: details?.stock ?? null,
    price: details?.price ?? null,
  };
}
