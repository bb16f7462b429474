import { fromMinorUnits } from '../../events/money.ts';
import { windowsOf } from '../../metrics/query/period.ts';
import { topValues } from '../../metrics/query/selection.ts';
import type { Counts, Ranked } from '../../metrics/reader.ts';
import type { QueryContext } from '../question.ts';
import { type AskedItems, sumsOfWanted, wantedItems } from '../shared/item-filter.ts';
import {
  itemNames,
  productCarts,
  productOrders,
  productRevenue,
  productUnits,
  productViews,
  shownOf,
} from '../shared/items.ts';

const COLUMNS = {
  views: productViews,
  carts: productCarts,
  orders: productOrders,
  units: productUnits,
  revenue: productRevenue,
};

interface PopularQuery extends AskedItems {
  readonly by: keyof typeof COLUMNS;
  readonly currency?: string | undefined;
  readonly limit: number;
}

/** The greatest that are above 0, as rankings give them. */
function greatestOf(sums: Counts, limit: number): Ranked[] {
  const positive = new Map([...sums].filter(([, score]) => score > 0));
  return topValues(positive, (score) => score, limit).map(([member, score]) => ({ member, score }));
}

export async function queryPopularProducts(
  query: PopularQuery,
  { reader, calendar, period, storeCurrency }: QueryContext,
) {
  const currency = query.currency ?? storeCurrency;
  const money = query.by === 'revenue';
  const windows = windowsOf(period, calendar);
  const dimensions = money ? currency : '';
  const column = COLUMNS[query.by];
  const wanted = await wantedItems(query, reader);
  const top =
    wanted === undefined
      ? await reader.ranking(column, windows, query.limit, dimensions)
      : greatestOf(await sumsOfWanted(wanted, column, windows, reader, dimensions), query.limit);
  const names = await reader.latest(
    itemNames,
    top.map(({ member }) => member),
  );
  const data = top.map(({ member, score }, i) => {
    const name = names[i];
    return {
      rank: i + 1,
      item_id: member,
      item_name: name ?? null,
      score: money ? fromMinorUnits(score, currency) : shownOf(column, score),
    };
  });
  return { data };
}
