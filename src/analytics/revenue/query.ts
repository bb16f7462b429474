import { fromMinorUnits } from '../../events/money.ts';
import { fromThousandths } from '../../events/numbers/quantity.ts';
import { inCity, inCurrency, splitField } from '../../metrics/fields.ts';
import { ratio } from '../../metrics/query/params.ts';
import { type Interval, seriesOf, windowsOf } from '../../metrics/query/period.ts';
import type { Counts } from '../../metrics/reader.ts';
import type { QueryContext } from '../question.ts';
import { revenueCounts, UNITS_SOLD } from '../shared/sales.ts';
import { intervalsOf } from './intervals.ts';

const ORDERS_IN = inCurrency('orders', '');

interface RevenueQuery {
  readonly city?: string | undefined;
  readonly currency?: string | undefined;
  readonly interval?: Interval | undefined;
}

export async function queryRevenue(query: RevenueQuery, context: QueryContext) {
  const { reader, calendar, period } = context;
  const currency = query.currency ?? context.storeCurrency;
  const fields = [
    'orders',
    UNITS_SOLD,
    ...['orders', 'revenue', 'refunds'].map((metric) => inCurrency(metric, currency)),
  ].map((metric) => inCity(metric, query.city));
  const { windows, buckets } = seriesOf(intervalOf(query, context), period, context);
  const read = (everything: boolean) =>
    Promise.all([
      reader.totals(revenueCounts, windowsOf(period, calendar), fields),
      reader.counters(revenueCounts, windows, fields),
      everything && reader.totals(revenueCounts, windowsOf(period, calendar)),
    ]);
  let [sums, each, all] = await read(false);
  // Only where others have been paid in as well is everything read to find them: all of it at one moment.
  if (hasOtherCurrencies(sums, fields)) [sums, each, all] = await read(true);
  const series = buckets.map((bucket, i) => ({
    start: calendar.format(bucket.startMs),
    ...toAnswer(each[i] ?? new Map(), fields, currency),
  }));
  const [orders = 0] = fields.map((field) => sums.get(field) ?? 0);
  const asked = orders > 0 ? [{ currency, orders }] : [];
  return {
    currency,
    ...toAnswer(sums, fields, currency),
    currencies: all ? ordersByCurrency(all, query.city) : asked,
    intervals: intervalsOf(period, context),
    series,
  };
}

function hasOtherCurrencies(sums: Counts, fields: readonly string[]): boolean {
  const [all, , ofCurrency] = fields.map((field) => sums.get(field) ?? 0);
  return all !== ofCurrency;
}

/** The most frequent first. */
function ordersByCurrency(sums: Counts, city: string | undefined) {
  return [...sums]
    .map(([field, orders]) => ({ ...splitField(field), orders }))
    .filter(({ metric, city: of }) => of === city && metric.startsWith(ORDERS_IN))
    .map(({ metric, orders }) => ({ currency: metric.slice(ORDERS_IN.length), orders }))
    .sort((a, b) => b.orders - a.orders || (a.currency < b.currency ? -1 : 1));
}

/** 15 minutes by default; days for a period that lies beyond what is kept of them or would have too many points. */
function intervalOf({ interval }: RevenueQuery, { period, nowMs, hourlyDays }: QueryContext): Interval {
  if (interval !== undefined) return interval;
  const dayMs = 86_400_000;
  const recent = period.fromMs >= nowMs - hourlyDays * dayMs && period.toMs - period.fromMs <= 10 * dayMs;
  return recent || period.grain !== 'day' ? '15m' : 'day';
}

function toAnswer(counts: Counts, fields: readonly string[], currency: string) {
  const [orders = 0, units = 0, ordersInCurrency = 0, revenue = 0, refunds = 0] = fields.map(
    (field) => counts.get(field) ?? 0,
  );
  return {
    revenue: fromMinorUnits(revenue, currency),
    refunds: fromMinorUnits(refunds, currency),
    net_revenue: fromMinorUnits(revenue - refunds, currency),
    orders,
    units: fromThousandths(units),
    average_order_value: ratio(fromMinorUnits(revenue, currency), ordersInCurrency),
  };
}
