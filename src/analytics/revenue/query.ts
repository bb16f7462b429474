import { fromMinorUnits } from '../../events/money.ts';
import { fromThousandths } from '../../events/numbers/quantity.ts';
import { byDimension, inCurrency, splitField } from '../../metrics/fields.ts';
import { ratio } from '../../metrics/query/params.ts';
import { type Interval, windowsOf } from '../../metrics/query/period.ts';
import {
  byValueOf,
  type Filter,
  rowsInTime,
  selectionOf,
  topValues,
  valuesInTime,
} from '../../metrics/query/selection.ts';
import { pointOf, seriesOf } from '../../metrics/query/series.ts';
import type { Counts } from '../../metrics/reader.ts';
import type { QueryContext } from '../question.ts';
import { MONEY_PARTS, revenueCounts, UNITS_SOLD } from '../shared/sales.ts';
import { intervalsOf } from './intervals.ts';

const ORDERS_IN = inCurrency('orders', '');

interface RevenueQuery {
  readonly currency?: string | undefined;
  readonly interval?: Interval | undefined;
  readonly limit: number;
}

export async function queryRevenue(query: RevenueQuery, context: QueryContext) {
  const { reader, calendar, period, filter, breakdown } = context;
  const currency = query.currency ?? context.storeCurrency;
  const { dimensions, field } = selectionOf(filter);
  const metrics = [
    'orders',
    UNITS_SOLD,
    ...['orders', 'revenue', 'refunds', ...MONEY_PARTS].map((metric) => inCurrency(metric, currency)),
  ];
  const fields = metrics.map(field);
  const { windows, times } = seriesOf(intervalOf(query, context), period, context);
  const revenueOf = (of: Counts): number => of.get(inCurrency('revenue', currency)) ?? 0;
  const read = (everything: boolean, values?: readonly string[]) =>
    Promise.all([
      reader.totals(revenueCounts, windowsOf(period, calendar), fields, dimensions),
      reader.counters(revenueCounts, windows, fields, dimensions),
      everything && reader.totals(revenueCounts, windowsOf(period, calendar), undefined, dimensions),
      breakdown === undefined || values !== undefined
        ? undefined
        : reader.totals(revenueCounts, windowsOf(period, calendar), undefined, byDimension('', breakdown)),
      breakdown === undefined || values === undefined
        ? undefined
        : valuesInTime(reader, {
            of: revenueCounts,
            dimension: breakdown,
            values,
            metrics,
            windows: windowsOf(period, calendar),
            points: windows,
          }),
    ]);
  let [sums, each, all, byValue, inTime] = await read(false);
  // Only where others have been paid in as well is everything read to find them: all of it at one moment.
  const hasOthers = hasOtherCurrencies(sums, fields);
  if (hasOthers) [sums, each, all, byValue, inTime] = await read(true);
  const top = topValues(await byValueOf(byValue ?? new Map(), reader.pause, filter), revenueOf, query.limit);
  // Rows with series are read beside the whole, so that they add up to it.
  if (query.interval !== undefined && top.length > 0)
    [sums, each, all, byValue, inTime] = await read(
      hasOthers,
      top.map(([value]) => value),
    );
  const figuresOf = (counts: Counts, of: readonly string[]) => toAnswer(counts, of, currency);
  const series = times.map((time, i) => pointOf(time, figuresOf(each[i] ?? new Map(), fields)));
  const [orders = 0] = fields.map((field) => sums.get(field) ?? 0);
  const asked = orders > 0 ? [{ currency, orders }] : [];
  return {
    currency,
    ...figuresOf(sums, fields),
    currencies: all ? ordersByCurrency(all, filter) : asked,
    intervals: intervalsOf(period, context),
    dimensions: context.dimensions.map(({ name }) => name),
    series,
    ...(breakdown !== undefined && {
      breakdown: rowsInTime(breakdown, top, inTime, times, metrics, figuresOf),
    }),
  };
}

function hasOtherCurrencies(sums: Counts, fields: readonly string[]): boolean {
  const [all, , ofCurrency] = fields.map((field) => sums.get(field) ?? 0);
  return all !== ofCurrency;
}

/** The most frequent first. */
function ordersByCurrency(sums: Counts, filter: Filter | undefined) {
  return [...sums]
    .map(([field, orders]) => ({
      ...(filter === undefined ? { metric: field, value: undefined } : splitField(field)),
      orders,
    }))
    .filter(({ metric, value }) => value === filter?.value && metric.startsWith(ORDERS_IN))
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
  const sums = fields.map((field) => counts.get(field) ?? 0);
  const [orders = 0, units = 0, ordersInCurrency = 0, revenue = 0, refunds = 0, shipping = 0, tax = 0, discount = 0] =
    sums;
  return {
    revenue: fromMinorUnits(revenue, currency),
    refunds: fromMinorUnits(refunds, currency),
    net_revenue: fromMinorUnits(revenue - refunds, currency),
    shipping: fromMinorUnits(shipping, currency),
    tax: fromMinorUnits(tax, currency),
    discount: fromMinorUnits(discount, currency),
    orders,
    units: fromThousandths(units),
    average_order_value: ratio(fromMinorUnits(revenue, currency), ordersInCurrency),
  };
}
