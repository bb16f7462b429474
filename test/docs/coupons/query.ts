import type { QueryContext } from '../../../src/analytics/question.ts';
import { revenueCounts } from '../../../src/analytics/shared/sales.ts';
import { inCity } from '../../../src/metrics/fields.ts';
import { ratio } from '../../../src/metrics/query/params.ts';
import { windowsOf } from '../../../src/metrics/query/period.ts';
import { addUp } from '../../../src/metrics/query/totals.ts';
import { couponCounts } from './definition.ts';

export async function queryCoupons(city: string | undefined, { reader, calendar, period }: QueryContext) {
  const windows = windowsOf(period, calendar);
  const fields = { used: inCity('used', city), orders: inCity('orders', city) };
  const [coupons, sales] = await Promise.all([
    reader.counters(couponCounts, windows, [fields.used]),
    reader.counters(revenueCounts, windows, [fields.orders]),
  ]);
  const used = addUp(coupons).get(fields.used) ?? 0;
  const orders = addUp(sales).get(fields.orders) ?? 0;
  return { used, orders, used_per_order: ratio(used, orders) };
}
