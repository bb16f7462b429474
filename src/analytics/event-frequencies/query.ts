import { byDimension, splitField } from '../../metrics/fields.ts';
import { byValue, type PageKey, pageOf } from '../../metrics/query/paging.ts';
import { type Interval, windowsOf } from '../../metrics/query/period.ts';
import { byValueOf, type Filter, rowOf, selectionOf, topValues } from '../../metrics/query/selection.ts';
import { mostRows, pointOf, seriesOf } from '../../metrics/query/series.ts';
import type { Pause } from '../../metrics/query/totals.ts';
import type { Counts } from '../../metrics/reader.ts';
import type { QueryContext } from '../question.ts';
import { frequencies } from './definition.ts';

interface FrequenciesQuery {
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
export async function queryFrequencies({ interval, limit, cursor }: FrequenciesQuery, context: QueryContext) {
  const { reader, calendar, period, filter, breakdown } = context;
  const windows = windowsOf(period, calendar);
  const { dimensions, field } = selectionOf(filter);
  const total = await reader.totals(frequencies, windows, undefined, dimensions);
  const all = await rowsOf(total, filter, reader.pause);
  const { page: rows, nextCursor } = await pageOf(all, { keyOf, compare, limit, cursor, pause: reader.pause });
  const more = nextCursor === undefined ? {} : { nextCursor };
  if (interval === undefined && breakdown === undefined) return { data: rows, ...more };
  const points = interval && seriesOf(interval, period, context);
  if (points !== undefined) mostRows(rows.length, points.times.length);
  // Which names are shown is known now; their counts are read once more with the series, so that they add up.
  const fields = rows.map(({ name }) => field(name));
  const [counts, each, byDim] = await Promise.all([
    reader.totals(frequencies, windows, fields, dimensions),
    points && reader.counters(frequencies, points.windows, fields, dimensions),
    breakdown === undefined ? undefined : reader.totals(frequencies, windows, undefined, byDimension('', breakdown)),
  ]);
  const values = byDim && (await byValueOf(byDim, reader.pause, filter));
  const counted = await rowsOf(counts, filter, reader.pause);
  const data = counted
    .sort((a, b) => compare(keyOf(a), keyOf(b)))
    .map(({ name, count }) => ({
      name,
      count,
      ...(points && {
        series: points.times.map((time, i) => pointOf(time, { count: each?.[i]?.get(field(name)) ?? 0 })),
      }),
      ...(values && breakdown !== undefined && { breakdown: breakDown(breakdown, name, values, limit) }),
    }));
  return { data, ...more };
}

type ByValue = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Values by how often they had the event. */
function breakDown(dimension: string, name: string, values: ByValue, limit: number) {
  const having = new Map([...values].filter(([, counts]) => counts.has(name)));
  return topValues(having, (counts) => counts.get(name) ?? 0, limit).map(([value, counts]) =>
    rowOf(dimension, value, { count: counts.get(name) ?? 0 }),
  );
}

async function rowsOf(total: Counts, filter: Filter | undefined, pause: Pause): Promise<Row[]> {
  const rows: Row[] = [];
  let looked = 0;
  for (const [field, count] of total) {
    if (++looked % AT_ONCE === 0) await pause();
    const { metric: name, value } = filter === undefined ? { metric: field, value: undefined } : splitField(field);
    if (value === filter?.value) rows.push({ name, count });
  }
  return rows;
}
