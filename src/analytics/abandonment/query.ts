import { fromMinorUnits } from '../../events/money.ts';
import { inCity, inCurrency } from '../../metrics/fields.ts';
import { histogramOf, quantile } from '../../metrics/histogram.ts';
import { ratio } from '../../metrics/query/params.ts';
import { type Interval, seriesOf, windowsOf } from '../../metrics/query/period.ts';
import { byCity, topCities } from '../../metrics/query/totals.ts';
import type { Counts } from '../../metrics/reader.ts';
import type { QueryContext } from '../question.ts';
import { cartCounts, recoveryTimes } from './definition.ts';

interface AbandonmentQuery {
  readonly city?: string | undefined;
  readonly currency?: string | undefined;
  readonly interval?: Interval | undefined;
  readonly breakdown?: 'city' | undefined;
  readonly limit: number;
}

const STEPS = ['opened', 'purchased', 'emptied', 'abandoned', 'recovered'] as const;

export async function queryAbandonment(query: AbandonmentQuery, context: QueryContext) {
  const { reader, calendar, period } = context;
  const currency = query.currency ?? context.storeCurrency;
  const fields = metrics(currency).map((metric) => inCity(metric, query.city));
  const windows = windowsOf(period, calendar);
  const points = query.interval && seriesOf(query.interval, period, context);
  // Asked for together, so that they add up.
  const [counts, times, each, cities] = await Promise.all([
    reader.totals(cartCounts, windows, fields),
    reader.totals(recoveryTimes, windows),
    points && reader.counters(cartCounts, points.windows, fields),
    query.breakdown && reader.totals(cartCounts, windows),
  ]);
  const answer = toAnswer(counts, query.city, currency);
  const histogram = histogramOf(times, '');
  const series = points?.buckets.map((bucket, i) => ({
    start: calendar.format(bucket.startMs),
    ...toAnswer(each?.[i] ?? new Map(), query.city, currency),
  }));
  const breakdown = async (of: Counts) => {
    const top = topCities(await byCity(of, reader.pause), (counts) => counts.get('opened') ?? 0, query.limit);
    return top.map(([city, counts]) => ({ city, ...toAnswer(counts, undefined, currency) }));
  };
  return {
    ...answer,
    ...(query.city === undefined && {
      median_recovery_seconds: quantile(histogram, 0.5),
      p90_recovery_seconds: quantile(histogram, 0.9),
    }),
    ...(series && { series }),
    ...(cities && { breakdown: await breakdown(cities) }),
  };
}

function metrics(currency: string): string[] {
  const values = [inCurrency('abandoned_value', currency), inCurrency('recovered_value', currency)];
  return [...STEPS, ...values, 'abandoned_at:cart', 'abandoned_at:checkout'];
}

function toAnswer(counts: Counts, city: string | undefined, currency: string) {
  const [carts = 0, purchased = 0, emptied = 0, abandoned = 0, recovered = 0, ...more] = metrics(currency).map(
    (metric) => counts.get(inCity(metric, city)) ?? 0,
  );
  const [abandonedValue = 0, recoveredValue = 0, atCart = 0, atCheckout = 0] = more;
  return {
    carts,
    purchased,
    emptied,
    abandoned,
    open: carts - purchased - emptied - abandoned,
    recovered,
    abandonment_rate: ratio(abandoned, carts),
    abandoned_value: fromMinorUnits(abandonedValue, currency),
    recovered_value: fromMinorUnits(recoveredValue, currency),
    lost_value: fromMinorUnits(abandonedValue - recoveredValue, currency),
    abandoned_by_stage: { cart: atCart, checkout: atCheckout },
  };
}
