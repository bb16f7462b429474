import { byValue, pageOf } from '../../metrics/query/paging.ts';
import { NotFound } from '../../metrics/query/problems.ts';
import type { QueryContext } from '../question.ts';
import {
  COLUMNS,
  type Column,
  columnOf,
  columnsOf,
  everyItem,
  greatestTotals,
  isColumn,
  isRate,
  rateOf,
  type Totals,
  totalsOf,
} from './columns.ts';
import { type Details, detailsOf } from './details.ts';

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

interface ProductsQuery {
  readonly sort: keyof ProductRow;
  readonly order?: 'asc' | 'desc' | undefined;
  readonly currency?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

const DETAILS: ReadonlyMap<keyof ProductRow, keyof Details> = new Map([
  ['item_name', 'name'],
  ['stock_level', 'stock'],
  ['price', 'price'],
]);

/** Every item that something happened to in the period: of all of them only what decides their order is read. */
export async function queryProducts(query: ProductsQuery, context: QueryContext) {
  const currency = query.currency ?? context.storeCurrency;
  const deciding = decidingColumns(query.sort);
  const page = (items: Iterable<string>, totals: Totals, details?: ReadonlyMap<string, Details>) => {
    const by = (itemId: string) => sortedBy(query.sort, itemId, totals, details?.get(itemId), currency);
    const compare = byValue(orderOf(query));
    return pageOf([...items], (itemId) => [by(itemId), itemId], compare, query.limit, query.cursor);
  };
  const first = await firstTotals(query, deciding, currency, context);
  if (first !== undefined) {
    const { page: items, nextCursor } = page(first.get(deciding.at(-1) ?? 'views')?.keys() ?? [], first);
    if (nextCursor !== undefined) return { data: await rowsOf(items, first, currency, context), nextCursor };
  }
  const [everything, totals] = await Promise.all([
    everyItem(currency, context),
    first ?? greatestTotals(deciding, Number.POSITIVE_INFINITY, currency, context),
  ]);
  const detail = DETAILS.get(query.sort);
  const details = detail && (await detailsOf(everything, currency, context, [detail]));
  const { page: items, nextCursor } = page(everything, totals, details);
  const data = await rowsOf(items, totals, currency, context);
  return { data, ...(nextCursor !== undefined && { nextCursor }) };
}

function orderOf({ sort, order }: ProductsQuery): 'asc' | 'desc' {
  return order ?? (sort === 'item_id' || sort === 'item_name' ? 'asc' : 'desc');
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
): Promise<Totals | undefined> {
  if (isRate(query.sort)) return greatestTotals(deciding, Number.POSITIVE_INFINITY, currency, context);
  if (!isColumn(query.sort) || orderOf(query) === 'asc') return undefined;
  // One more than are shown tells whether there is another page; behind a cursor it is not known how many lie before.
  const most = query.cursor === undefined ? query.limit + 1 : Number.POSITIVE_INFINITY;
  return greatestTotals(deciding, most, currency, context);
}

function sortedBy(
  sort: keyof ProductRow,
  itemId: string,
  totals: Totals,
  details: Details | undefined,
  currency: string,
): string | number | null {
  if (isColumn(sort)) return columnOf(sort, itemId, totals, currency);
  if (isRate(sort)) return rateOf(sort, itemId, totals);
  const detail = DETAILS.get(sort);
  return detail === undefined ? itemId : (details?.[detail] ?? null);
}

/** @throws NotFound where nothing has ever been heard of the item */
export async function queryProduct(itemId: string, asked: string | undefined, context: QueryContext) {
  const currency = asked ?? context.storeCurrency;
  const [totals, known] = await Promise.all([
    totalsOf([itemId], COLUMNS, currency, context),
    detailsOf([itemId], currency, context),
  ]);
  const details = known.get(itemId);
  const heardOf = details?.name !== null || details.stock !== null || details.price !== null;
  if (!heardOf && ![...totals.values()].some((counts) => counts.size > 0))
    throw new NotFound(`No event has named the item ${itemId} in this period`);
  return toRow(itemId, totals, currency, details);
}

/** @param known columns that need not be read any more */
async function rowsOf(items: readonly string[], known: Totals, currency: string, context: QueryContext) {
  const others = COLUMNS.filter((column) => !known.has(column));
  const [rest, details] = await Promise.all([
    totalsOf(items, others, currency, context),
    detailsOf(items, currency, context),
  ]);
  const totals = new Map([...known, ...rest]);
  return items.map((itemId) => toRow(itemId, totals, currency, details.get(itemId)));
}

function toRow(itemId: string, totals: Totals, currency: string, details: Details | undefined): ProductRow {
  const sum = (column: Column): number => columnOf(column, itemId, totals, currency);
  return {
    item_id: itemId,
    item_name: details?.name ?? null,
    views: sum('views'),
    carts: sum('carts'),
    removes: sum('removes'),
    orders: sum('orders'),
    units: sum('units'),
    revenue: sum('revenue'),
    refunds: sum('refunds'),
    view_to_cart_rate: rateOf('view_to_cart_rate', itemId, totals),
    cart_to_order_rate: rateOf('cart_to_order_rate', itemId, totals),
    stock_level: details?.stock ?? null,
    price: details?.price ?? null,
  };
}
