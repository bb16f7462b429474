import { inCity, splitField } from '../../metrics/fields.ts';
import { byValue, type PageKey, pageOf } from '../../metrics/query/paging.ts';
import { type Interval, mostRows, seriesOf, windowsOf } from '../../metrics/query/period.ts';
import type { Pause } from '../../metrics/query/totals.ts';
import type { Counts } from '../../metrics/reader.ts';
import type { QueryContext } from '../question.ts';
import { frequencies } from './definition.ts';

interface FrequenciesQuery {
  readonly city?: string | undefined;
  readonly interval?: Interval | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

interface Row {
  readonly name: string;
  readonly count: number;
}

/** So many fields are looked at in one go. */
const AT_ONCE = 10_000;

const keyOf = ({ name, count }: Row): PageKey => [count, name];
/** The most frequent first; ties by name. */
const compare = byValue('desc');

/** Names by count. Only those of the page have a series, so that it is no dearer far down in the list. */
export async function queryFrequencies({ city, interval, limit, cursor }: FrequenciesQuery, context: QueryContext) {
  const { reader, calendar, period } = context;
  const windows = windowsOf(period, calendar);
  const all = await rowsOf(await reader.totals(frequencies, windows), city, reader.pause);
  const { page: rows, nextCursor } = await pageOf(all, { keyOf, compare, limit, cursor, pause: reader.pause });
  const more = nextCursor === undefined ? {} : { nextCursor };
  if (interval === undefined) return { data: rows, ...more };
  const { windows: points, buckets } = seriesOf(interval, period, context);
  mostRows(rows.length, buckets.length);
  // Which names are shown is known now; their counts are read once more with the series, so that they add up.
  const fields = rows.map(({ name }) => inCity(name, city));
  const [total, each] = await Promise.all([
    reader.totals(frequencies, windows, fields),
    reader.counters(frequencies, points, fields),
  ]);
  const starts = buckets.map((bucket) => calendar.format(bucket.startMs));
  const counted = await rowsOf(total, city, reader.pause);
  const data = counted
    .sort((a, b) => compare(keyOf(a), keyOf(b)))
    .map(({ name, count }) => ({
      name,
      count,
      series: starts.map((start, i) => ({ start, count: each[i]?.get(inCity(name, city)) ?? 0 })),
    }));
  return { data, ...more };
}

async function rowsOf(total: Counts, city: string | undefined, pause: Pause): Promise<Row[]> {
  const rows: Row[] = [];
  let looked = 0;
  for (const [field, count] of total) {
    if (++looked % AT_ONCE === 0) await pause();
    const { metric, city: of } = splitField(field);
    if (of === city) rows.push({ name: metric, count });
  }
  return rows;
}
