import { inCity, splitField } from '../../metrics/fields.ts';
import { type Interval, mostRows, seriesOf, windowsOf } from '../../metrics/query/period.ts';
import type { Pause } from '../../metrics/query/totals.ts';
import type { Counts } from '../../metrics/reader.ts';
import type { QueryContext } from '../question.ts';
import { frequencies } from './definition.ts';

interface FrequenciesQuery {
  readonly city?: string | undefined;
  readonly interval?: Interval | undefined;
  readonly limit: number;
}

/** So many fields are looked at in one go. */
const AT_ONCE = 10_000;

/** Names by count, the most frequent first; ties by name. */
export async function queryFrequencies({ city, interval, limit }: FrequenciesQuery, context: QueryContext) {
  const { reader, calendar, period } = context;
  const windows = windowsOf(period, calendar);
  const rows = await byCount(await reader.totals(frequencies, windows), city, limit, reader.pause);
  if (interval === undefined) return rows;
  const { windows: points, buckets } = seriesOf(interval, period, context);
  mostRows(rows.length, buckets.length);
  // Which names are shown is known now; their counts are read once more with the series, so that they add up.
  const fields = rows.map(({ name }) => inCity(name, city));
  const [total, each] = await Promise.all([
    reader.totals(frequencies, windows, fields),
    reader.counters(frequencies, points, fields),
  ]);
  const starts = buckets.map((bucket) => calendar.format(bucket.startMs));
  return (await byCount(total, city, limit, reader.pause)).map(({ name, count }) => ({
    name,
    count,
    series: starts.map((start, i) => ({ start, count: each[i]?.get(inCity(name, city)) ?? 0 })),
  }));
}

async function byCount(total: Counts, city: string | undefined, limit: number, pause: Pause) {
  const rows: { readonly name: string; readonly count: number }[] = [];
  let looked = 0;
  for (const [field, count] of total) {
    if (++looked % AT_ONCE === 0) await pause();
    const { metric, city: of } = splitField(field);
    if (of === city) rows.push({ name: metric, count });
  }
  return rows.sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1)).slice(0, limit);
}
