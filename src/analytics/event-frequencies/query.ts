import { inCity, splitField } from '../../metrics/fields.ts';
import { type Interval, seriesOf, windowsOf } from '../../metrics/query/period.ts';
import { addUp } from '../../metrics/query/totals.ts';
import type { QueryContext } from '../question.ts';
import { frequencies } from './definition.ts';

interface FrequenciesQuery {
  readonly city?: string | undefined;
  readonly interval?: Interval | undefined;
  readonly limit: number;
}

/** Names by count, the most frequent first; ties by name. */
export async function queryFrequencies({ city, interval, limit }: FrequenciesQuery, context: QueryContext) {
  const { reader, calendar, period } = context;
  const total = addUp(await reader.counters(frequencies, windowsOf(period, calendar)));
  const rows = [...total]
    .map(([field, n]) => ({ ...splitField(field), count: n }))
    .filter((row) => row.city === city)
    .sort((a, b) => b.count - a.count || (a.metric < b.metric ? -1 : 1))
    .slice(0, limit);
  if (interval === undefined) return rows.map((row) => ({ name: row.metric, count: row.count }));
  const { windows, buckets } = seriesOf(interval, period, context);
  const fields = rows.map((row) => inCity(row.metric, city));
  const each = await reader.counters(frequencies, windows, fields);
  const starts = buckets.map((bucket) => calendar.format(bucket.startMs));
  return rows.map((row) => ({
    name: row.metric,
    count: row.count,
    series: starts.map((start, i) => ({ start, count: each[i]?.get(inCity(row.metric, city)) ?? 0 })),
  }));
}
