import { fromMinorUnits } from '../../events/money.ts';
import { windowsOf } from '../../metrics/query/period.ts';
import type { RankedBy } from '../../metrics/reader.ts';
import type { QueryContext } from '../question.ts';
import { couponDiscount, couponOrders, couponRevenue } from './definition.ts';

interface CouponsQuery {
  readonly by: 'orders' | 'revenue' | 'discount';
  readonly currency?: string | undefined;
  readonly limit: number;
}

/** Coupons by what they brought, those of which there is any; ties by name. */
export async function queryCoupons(query: CouponsQuery, { reader, calendar, period, storeCurrency }: QueryContext) {
  const currency = query.currency ?? storeCurrency;
  const windows = windowsOf(period, calendar);
  const columns = {
    orders: { of: couponOrders, dimensions: '' },
    revenue: { of: couponRevenue, dimensions: currency },
    discount: { of: couponDiscount, dimensions: currency },
  } satisfies Record<CouponsQuery['by'], RankedBy>;
  const { of, dimensions } = columns[query.by];
  const top = await reader.ranking(of, windows, query.limit, dimensions);
  const coupons = top.map(({ member }) => member);
  const sumsOf = (by: RankedBy) => reader.sums(by.of, windows, coupons, by.dimensions);
  const [orders, revenue, discount] = await Promise.all([
    sumsOf(columns.orders),
    sumsOf(columns.revenue),
    sumsOf(columns.discount),
  ]);
  return coupons.map((coupon) => ({
    coupon,
    orders: orders.get(coupon) ?? 0,
    revenue: fromMinorUnits(revenue.get(coupon) ?? 0, currency),
    discount: fromMinorUnits(discount.get(coupon) ?? 0, currency),
  }));
}
