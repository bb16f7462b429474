import { fromMinorUnits } from '../../events/money.ts';
import { byDimension, inCurrency } from '../../metrics/fields.ts';
import { histogramOf, quantile } from '../../metrics/histogram.ts';
import { ratio } from '../../metrics/query/params.ts';
import { type Interval, windowsOf } from '../../metrics/query/period.ts';
import { byValueOf, rowsInTime, selectionOf, topValues, valuesInTime } from '../../metrics/query/selection.ts';
import { pointOf, seriesOf } from '../../metrics/query/series.ts';
import type { Counts } from '../../metrics/reader.ts';
import type { QueryContext } from '../question.ts';
import { cartCounts, recoveryTimes } from './definition.ts';

interface AbandonmentQuery {
  readonly currency?: string | undefined;
  readonly interval?: Interval | undefined;
  readonly limit: number;
}

const STEPS = ['opened', 'purchased', 'emptied', 'abandoned', 'recovered'] as const;

export async function queryAbandonment(query: AbandonmentQuery, context: QueryContext) {
  const { reader, calendar, period, filter, breakdown } = context;
  const currency = query.currency ?? context.storeCurrency;
  const { dimensions, field } = selectionOf(filter);
  const fields = metrics(currency).map(field);
  const windows = windowsOf(period, calendar);
  const points = query.interval && seriesOf(query.interval, period, context);
  // Asked for together, so that they add up: once more where rows have series, for values that only the first look names.
  const read = (values?: readonly string[]) =>
    Promise.all([
      reader.totals(cartCounts, windows, fields, dimensions),
      reader.totals(recoveryTimes, windows),
      points && reader.counters(cartCounts, points.windows, fields, dimensions),
      breakdown === undefined || values !== undefined
        ? undefined
        : reader.totals(cartCounts, windows, undefined, byDimension('', breakdown)),
      breakdown === undefined || values === undefined || points === undefined
        ? undefined
        : valuesInTime(reader, {
            of: cartCounts,
            dimension: breakdown,
            values,
            metrics: metrics(currency),
            windows,
            points: points.windows,
          }),
    ]);
  let [counts, times, each, byValue, inTime] = await read();
  const top = topValues(
    await byValueOf(byValue ?? new Map(), reader.pause, filter),
    (of) => of.get('opened') ?? 0,
    query.limit,
  );
  if (points !== undefined && top.length > 0)
    [counts, times, each, byValue, inTime] = await read(top.map(([value]) => value));
  const figuresOf = (sums: Counts, of: readonly string[]) => toAnswer(sums, of, currency);
  const histogram = histogramOf(times, '');
  const series = points?.times.map((time, i) => pointOf(time, figuresOf(each?.[i] ?? new Map(), fields)));
  return {
    ...figuresOf(counts, fields),
    ...(filter === undefined && {
      median_recovery_seconds: quantile(histogram, 0.5),
      p90_recovery_seconds: quantile(histogram, 0.9),
    }),
    ...(series && { series }),
    ...(breakdown !== undefined && {
      breakdown: rowsInTime(breakdown, top, inTime, points?.times ?? [], metrics(currency), figuresOf),
    }),
  };
}

function metrics(currency: string): string[] {
  const values = [inCurrency('abandoned_value', currency), inCurrency('recovered_value', currency)];
  return [...STEPS, ...values, 'abandoned_at:cart', 'abandoned_at:checkout'];
}

function toAnswer(counts: Counts, fields: readonly string[], currency: string) {
  const [carts = 0, purchased = 0, emptied = 0, abandoned = 0, recovered = 0, ...more] = fields.map(
    (field) => counts.get(field) ?? 0,
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
