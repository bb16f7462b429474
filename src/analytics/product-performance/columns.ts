import { fromMinorUnits } from '../../events/money.ts';
import { ratio } from '../../metrics/query/params.ts';
import { windowsOf } from '../../metrics/query/period.ts';
import type { Counts, RankedBy } from '../../metrics/reader.ts';
import type { QueryContext } from '../question.ts';
import { sumsOfWanted, type WantedItems } from '../shared/item-filter.ts';
import {
  productCarts,
  productOrders,
  productRefunds,
  productRemoves,
  productRevenue,
  productUnits,
  productViews,
  shownOf,
} from '../shared/items.ts';

const COUNTS = {
  views: productViews,
  carts: productCarts,
  removes: productRemoves,
  orders: productOrders,
  units: productUnits,
} as const;
const MONEY = { revenue: productRevenue, refunds: productRefunds } as const;
const FAMILIES = { ...COUNTS, ...MONEY };

/** What is added up of an item; each is a ranking. */
export type Column = keyof typeof FAMILIES;
export const COLUMNS: readonly Column[] = ['views', 'carts', 'removes', 'orders', 'units', 'revenue', 'refunds'];

/** What a rate is made of: dividend, divisor. */
const RATES = { view_to_cart_rate: ['carts', 'views'], cart_to_order_rate: ['orders', 'carts'] } as const;
type Rate = keyof typeof RATES;

export type Totals = ReadonlyMap<Column, Counts>;

export const isColumn = (name: string): name is Column => name in FAMILIES;
export const isRate = (name: string): name is Rate => name in RATES;
export const columnsOf = (rate: Rate): readonly Column[] => RATES[rate];

/** As answers show it: in major units where it is money. */
export function columnOf(column: Column, itemId: string, totals: Totals, currency: string): number {
  const sum = totals.get(column)?.get(itemId) ?? 0;
  return column in MONEY ? fromMinorUnits(sum, currency) : shownOf(FAMILIES[column], sum);
}

/** Null where the item has nothing in the divisor's column. */
export function rateOf(rate: Rate, itemId: string, totals: Totals): number | null {
  const [dividend, divisor] = RATES[rate];
  return ratio(totals.get(dividend)?.get(itemId) ?? 0, totals.get(divisor)?.get(itemId) ?? 0);
}

/** What is added up of an item, a category or a brand, as answers show it. */
export interface Figures extends Record<Column, number>, Record<Rate, number | null> {}

export function figuresOf(name: string, totals: Totals, currency: string): Figures {
  const sum = (column: Column): number => columnOf(column, name, totals, currency);
  return {
    views: sum('views'),
    carts: sum('carts'),
    removes: sum('removes'),
    orders: sum('orders'),
    units: sum('units'),
    revenue: sum('revenue'),
    refunds: sum('refunds'),
    view_to_cart_rate: rateOf('view_to_cart_rate', name, totals),
    cart_to_order_rate: rateOf('cart_to_order_rate', name, totals),
  };
}

/** Sums of these items. */
export function totalsOf(
  items: readonly string[],
  columns: readonly Column[],
  currency: string,
  { reader, calendar, period }: QueryContext,
): Promise<Totals> {
  const windows = windowsOf(period, calendar);
  return eachColumn(columns, currency, ({ of, dimensions }) => reader.sums(of, windows, items, dimensions));
}

/** Sums of every item, or of as many with the greatest of each column; where some are wanted, of these. */
export function greatestTotals(
  columns: readonly Column[],
  limit: number,
  currency: string,
  { reader, calendar, period }: QueryContext,
  wanted: WantedItems | undefined,
): Promise<Totals> {
  const windows = windowsOf(period, calendar);
  return eachColumn(columns, currency, async ({ of, dimensions }) => {
    if (wanted !== undefined) return sumsOfWanted(wanted, of, windows, reader, dimensions);
    if (!Number.isFinite(limit)) return reader.everySum(of, windows, dimensions);
    const ranked = await reader.ranking(of, windows, limit, dimensions);
    return new Map(ranked.map(({ member, score }) => [member, score]));
  });
}

/** Items that have something in any column, in no order. */
export async function everyItem(
  currency: string,
  context: QueryContext,
  wanted: WantedItems | undefined,
): Promise<string[]> {
  const { reader, calendar, period } = context;
  if (wanted?.few !== undefined) {
    const totals = await totalsOf(wanted.few, COLUMNS, currency, context);
    return [...new Set([...totals.values()].flatMap((sums) => [...sums.keys()]))];
  }
  const by = COLUMNS.map((column) => rankedBy(column, currency));
  const items = await reader.members(by, windowsOf(period, calendar));
  return wanted === undefined ? items : items.filter((item) => wanted.has(item));
}

async function eachColumn(
  columns: readonly Column[],
  currency: string,
  read: (by: RankedBy) => Promise<Counts>,
): Promise<Totals> {
  const each = await Promise.all(
    columns.map(async (column): Promise<[Column, Counts]> => [column, await read(rankedBy(column, currency))]),
  );
  return new Map(each);
}

export function rankedBy(column: Column, currency: string): RankedBy {
  return { of: FAMILIES[column], dimensions: column in MONEY ? currency : '' };
}
