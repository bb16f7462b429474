import { fromMinorUnits } from '../../events/money.ts';
import { type QueryContext, Unknown } from '../analytic.ts';
import {
  itemNames,
  itemPrices,
  priceField,
  productCarts,
  productOrders,
  productRefunds,
  productRemoves,
  productRevenue,
  productUnits,
  productViews,
  stockLevels,
} from '../catalogue.ts';
import type { NewestFamily } from '../families.ts';
import { byValue, pageOf } from '../paging.ts';
import { ratio } from '../params.ts';
import { windowsOf } from '../period.ts';
import type { Counts } from '../reader.ts';
import { unstampNewest } from '../writes.ts';

const COUNTS = {
  views: productViews,
  carts: productCarts,
  removes: productRemoves,
  orders: productOrders,
  units: productUnits,
} as const;
const MONEY = { revenue: productRevenue, refunds: productRefunds } as const;
const FAMILIES = { ...COUNTS, ...MONEY };
type Column = keyof typeof FAMILIES;
const COLUMNS: readonly Column[] = ['views', 'carts', 'removes', 'orders', 'units', 'revenue', 'refunds'];

export interface ProductRow {
  readonly item_id: string;
  readonly item_name: string | null;
  readonly views: number;
  readonly carts: number;
  readonly removes: number;
  readonly orders: number;
  readonly units: number;
  readonly revenue: number;
  readonly refunds: number;
  readonly view_to_cart_rate: number | null;
  readonly cart_to_order_rate: number | null;
  readonly stock_level: number | null;
  readonly price: number | null;
}

export interface ProductsQuery {
  readonly sort: keyof ProductRow;
  readonly order?: 'asc' | 'desc' | undefined;
  readonly currency?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

type Totals = ReadonlyMap<Column, Counts>;

const isMoney = (column: Column): boolean => column in MONEY;
const dimensionsOf = (column: Column, currency: string): string => (isMoney(column) ? currency : '');

/** Every item that something happened to in the period. */
export async function askProducts(query: ProductsQuery, context: QueryContext) {
  return (await askTop(query, context)) ?? (await askAll(query, context));
}

/**
 * Where a page is full of items with something in the column that decides the order, only that column is added up over all
 * items, and the others for those on the page.
 */
async function askTop({ sort, order, limit, cursor, ...query }: ProductsQuery, context: QueryContext) {
  const column = COLUMNS.find((name) => name === sort);
  if (column === undefined || order === 'asc') return undefined;
  const currency = query.currency ?? context.storeCurrency;
  const windows = windowsOf(context.period, context.calendar);
  const dimensions = dimensionsOf(column, currency);
  // One more than are shown tells whether there is another page; behind a cursor it is not known how many lie before.
  const wanted = cursor === undefined ? limit + 1 : Number.POSITIVE_INFINITY;
  const ranked = await context.reader.ranking(FAMILIES[column], windows, wanted, dimensions);
  const rows = ranked.map(({ member, score }) => ({
    itemId: member,
    value: isMoney(column) ? fromMinorUnits(score, currency) : score,
  }));
  const { page, nextCursor } = pageOf(rows, (row) => [row.value, row.itemId], byValue('desc'), limit, cursor);
  if (nextCursor === undefined) return undefined;
  const items = page.map(({ itemId }) => itemId);
  const others = COLUMNS.filter((name) => name !== column);
  const [totals, details] = await Promise.all([
    totalsOf(items, others, currency, context),
    detailsOf(items, currency, context),
  ]);
  totals.set(column, new Map(ranked.map(({ member, score }) => [member, score])));
  return { data: items.map((itemId) => toRow(itemId, totals, currency, details.get(itemId))), nextCursor };
}

/** Only what decides the order is read of every item, and the rest of those on the page. */
async function askAll(query: ProductsQuery, context: QueryContext) {
  const currency = query.currency ?? context.storeCurrency;
  const deciding = DECIDING.get(query.sort) ?? COLUMNS.filter((column) => column === query.sort);
  const [items, totals] = await Promise.all([everyItem(currency, context), allTotals(deciding, currency, context)]);
  const detail = DETAILS.get(query.sort);
  const early = detail === undefined ? undefined : await detailsOf(items, currency, context, [detail]);
  const rows = items.map((itemId) => toRow(itemId, totals, currency, early?.get(itemId)));
  const order = query.order ?? (query.sort === 'item_id' || query.sort === 'item_name' ? 'asc' : 'desc');
  const { page, nextCursor } = pageOf(
    rows,
    (row) => [row[query.sort], row.item_id],
    byValue(order),
    query.limit,
    query.cursor,
  );
  const shown = page.map(({ item_id }) => item_id);
  const others = COLUMNS.filter((column) => !deciding.includes(column));
  const [rest, details] = await Promise.all([
    totalsOf(shown, others, currency, context),
    detailsOf(shown, currency, context),
  ]);
  const all = new Map([...totals, ...rest]);
  const data = shown.map((itemId) => toRow(itemId, all, currency, details.get(itemId)));
  return { data, ...(nextCursor !== undefined && { nextCursor }) };
}

async function everyItem(currency: string, { reader, calendar, period }: QueryContext): Promise<string[]> {
  const by = COLUMNS.map((column) => ({ of: FAMILIES[column], dimensions: dimensionsOf(column, currency) }));
  return reader.members(by, windowsOf(period, calendar));
}

/** @throws Unknown where nothing has ever been heard of the item */
export async function askProduct(itemId: string, asked: string | undefined, context: QueryContext) {
  const currency = asked ?? context.storeCurrency;
  const [totals, known] = await Promise.all([
    totalsOf([itemId], COLUMNS, currency, context),
    detailsOf([itemId], currency, context),
  ]);
  const details = known.get(itemId);
  const heardOf = details?.name !== null || details.stock !== null || details.price !== null;
  if (!heardOf && ![...totals.values()].some((counts) => counts.size > 0))
    throw new Unknown(`No event has named the item ${itemId} in this period`);
  return toRow(itemId, totals, currency, details);
}

async function totalsOf(
  items: readonly string[],
  columns: readonly Column[],
  currency: string,
  context: QueryContext,
): Promise<Map<Column, Counts>> {
  const windows = windowsOf(context.period, context.calendar);
  const each = await Promise.all(
    columns.map(async (column): Promise<[Column, Counts]> => {
      const dimensions = dimensionsOf(column, currency);
      return [column, await context.reader.sums(FAMILIES[column], windows, items, dimensions)];
    }),
  );
  return new Map(each);
}

async function allTotals(
  columns: readonly Column[],
  currency: string,
  { reader, calendar, period }: QueryContext,
): Promise<Totals> {
  const windows = windowsOf(period, calendar);
  const each = await Promise.all(
    columns.map(async (column): Promise<[Column, Counts]> => {
      const dimensions = dimensionsOf(column, currency);
      const ranked = await reader.ranking(FAMILIES[column], windows, Number.POSITIVE_INFINITY, dimensions);
      return [column, new Map(ranked.map(({ member, score }) => [member, score]))];
    }),
  );
  return new Map(each);
}

interface Details {
  readonly name: string | null;
  readonly stock: number | null;
  readonly price: number | null;
}

/** Columns that a rate is made of. */
const DECIDING: ReadonlyMap<keyof ProductRow, readonly Column[]> = new Map([
  ['view_to_cart_rate', ['carts', 'views']],
  ['cart_to_order_rate', ['orders', 'carts']],
] satisfies [keyof ProductRow, Column[]][]);

const DETAILS: ReadonlyMap<keyof ProductRow, keyof Details> = new Map([
  ['item_name', 'name'],
  ['stock_level', 'stock'],
  ['price', 'price'],
]);

/** @param wanted those that are read; the others are null */
async function detailsOf(
  items: readonly string[],
  currency: string,
  { reader }: QueryContext,
  wanted: readonly (keyof Details)[] = [...DETAILS.values()],
) {
  const newest = (detail: keyof Details, of: NewestFamily, fields = items) =>
    wanted.includes(detail) ? reader.newest(of, fields) : [];
  const prices = items.map((itemId) => priceField(currency, itemId));
  const [names, stocks, amounts] = await Promise.all([
    newest('name', itemNames),
    newest('stock', stockLevels),
    newest('price', itemPrices, prices),
  ]);
  const value = (stamped: string | undefined): string | null =>
    stamped === undefined ? null : unstampNewest(stamped).value;
  const number = (stamped: string | undefined): number | null =>
    stamped === undefined ? null : Number(unstampNewest(stamped).value);
  return new Map(
    items.map((itemId, i): [string, Details] => [
      itemId,
      { name: value(names[i]), stock: number(stocks[i]), price: number(amounts[i]) },
    ]),
  );
}

function toRow(itemId: string, totals: Totals, currency: string, details: Details | undefined): ProductRow {
  const count = (column: Column): number => totals.get(column)?.get(itemId) ?? 0;
  return {
    item_id: itemId,
    item_name: details?.name ?? null,
    views: count('views'),
    carts: count('carts'),
    removes: count('removes'),
    orders: count('orders'),
    units: count('units'),
    revenue: fromMinorUnits(count('revenue'), currency),
    refunds: fromMinorUnits(count('refunds'), currency),
    view_to_cart_rate: ratio(count('carts'), count('views')),
    cart_to_order_rate: ratio(count('orders'), count('carts')),
    stock_level: details?.stock ?? null,
    price: details?.price ?? null,
  };
}
