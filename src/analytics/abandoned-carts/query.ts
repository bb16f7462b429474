import { fromMinorUnits, toMinorUnits } from '../../events/money.ts';
import { fromThousandths } from '../../events/numbers/quantity.ts';
import { decodeCursor, encodeCursor } from '../../metrics/query/paging.ts';
import { windowsOf } from '../../metrics/query/period.ts';
import { QueryProblem } from '../../metrics/query/problems.ts';
import type { QueryContext } from '../question.ts';
import { itemNames } from '../shared/items.ts';
import type { CartPage, ListedCart } from './cart-lists.ts';
import { abandonedInCarts, abandonedUnits, abandonedValue } from './definition.ts';

interface CartsQuery {
  readonly status: 'open' | 'abandoned' | 'recovered';
  readonly currency?: string | undefined;
  readonly min_value?: number | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Carts that opened in the period: open ones by last activity, the others by how they ended; newest first. */
export async function queryCarts(
  query: CartsQuery,
  { carts, calendar, period, filter, dimensions, storeCurrency }: QueryContext,
) {
  const { status, limit, cursor } = query;
  const { fromMs, toMs } = period;
  const days = calendar.buckets('day', fromMs, toMs).map(({ label }) => label);
  const of = filter && { place: dimensions.findIndex(({ name }) => name === filter.dimension), value: filter.value };
  // One more than asked for says whether there is a next page.
  const page: CartPage = {
    fromMs,
    toMs,
    days,
    of,
    worth: worthOf(query, storeCurrency),
    limit: limit + 1,
    behind: behindOf(cursor),
  };
  const { carts: found, isCutShort } = await (status === 'open' ? carts.open(page) : carts.ended(status, page));
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  const more = last !== undefined && (isCutShort || found.length > limit);
  return { data: shown.map(({ cart }) => cart), ...(more && { nextCursor: cursorOf(last) }) };
}

function worthOf({ currency, min_value: least }: CartsQuery, storeCurrency: string): CartPage['worth'] {
  if (currency === undefined && least === undefined) return undefined;
  const of = currency ?? storeCurrency;
  return { currency: of, least: toMinorUnits(least ?? 0, of) };
}

function cursorOf({ atMs, cart }: ListedCart): string {
  return encodeCursor([atMs, cart.cart_id]);
}

function behindOf(cursor: string | undefined): CartPage['behind'] {
  if (cursor === undefined) return undefined;
  const [atMs, cartId] = decodeCursor(cursor);
  if (typeof atMs !== 'number') throw new QueryProblem('cursor', 'is none that an answer gave');
  return { atMs, cartId };
}

const BY = { carts: abandonedInCarts, units: abandonedUnits, value: abandonedValue };

interface AbandonedItemsQuery {
  readonly by: keyof typeof BY;
  readonly currency?: string | undefined;
  readonly limit: number;
}

/** What lay in carts when they were abandoned. */
export async function queryAbandonedItems(query: AbandonedItemsQuery, context: QueryContext) {
  const { reader, calendar, period } = context;
  const currency = query.currency ?? context.storeCurrency;
  const windows = windowsOf(period, calendar);
  const top = await reader.ranking(BY[query.by], windows, query.limit, query.by === 'value' ? currency : '');
  const items = top.map(({ member }) => member);
  const [carts, units, value] = await Promise.all([
    reader.sums(abandonedInCarts, windows, items),
    reader.sums(abandonedUnits, windows, items),
    reader.sums(abandonedValue, windows, items, currency),
  ]);
  const names = await reader.latest(itemNames, items);
  return items.map((itemId, i) => {
    const name = names[i];
    return {
      rank: i + 1,
      item_id: itemId,
      item_name: name ?? null,
      carts: carts.get(itemId) ?? 0,
      units: fromThousandths(units.get(itemId) ?? 0),
      value: fromMinorUnits(value.get(itemId) ?? 0, currency),
    };
  });
}
