import { fromMinorUnits } from '../../events/money.ts';
import { windowsOf } from '../../metrics/query/period.ts';
import type { QueryContext } from '../question.ts';
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

interface PopularQuery {
  readonly by: keyof typeof COLUMNS;
  readonly currency?: string | undefined;
  readonly limit: number;
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
  const top = await reader.ranking(column, windows, query.limit, dimensions);
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
