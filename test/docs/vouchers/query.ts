import type { QueryContext } from '../../../src/analytics/question.ts';
import { revenueCounts } from '../../../src/analytics/shared/sales.ts';
import { ratio } from '../../../src/metrics/query/params.ts';
import { windowsOf } from '../../../src/metrics/query/period.ts';
import { selectionOf } from '../../../src/metrics/query/selection.ts';
import { addUp } from '../../../src/metrics/query/totals.ts';
import { voucherCounts } from './definition.ts';

export async function queryVouchers({ reader, calendar, period, filter }: QueryContext) {
  const windows = windowsOf(period, calendar);
  const { dimensions, field } = selectionOf(filter);
  const fields = { used: field('used'), orders: field('orders') };
  const [vouchers, sales] = await Promise.all([
    reader.counters(voucherCounts, windows, [fields.used], dimensions),
    reader.counters(revenueCounts, windows, [fields.orders], dimensions),
  ]);
  const used = addUp(vouchers).get(fields.used) ?? 0;
  const orders = addUp(sales).get(fields.orders) ?? 0;
  return { used, orders, used_per_order: ratio(used, orders) };
}
