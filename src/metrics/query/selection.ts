import type { CounterFamily } from '../family.ts';
import { byDimension, fieldOf, ofValue, splitField } from '../fields.ts';
import type { Counts, Reader, WindowSet } from '../reader.ts';
import { mostSeries, type PointTime, pointOf } from './series.ts';
import type { Pause } from './totals.ts';

/** One value of a dimension, which an answer is about alone. */
export interface Filter {
  readonly dimension: string;
  readonly value: string;
}

/** Where the counters of what an answer is about stand: the sums over all, or those of one value. */
export interface Selection {
  /** What the family's keys have behind its name. */
  readonly dimensions: string;
  field(metric: string): string;
}

export function selectionOf(filter: Filter | undefined, dimensions = ''): Selection {
  if (filter === undefined) return { dimensions, field: (metric) => metric };
  return {
    dimensions: byDimension(dimensions, filter.dimension),
    field: (metric) => fieldOf(metric, filter.value),
  };
}

/** Under which name users of a stage are kept. */
export function usersOf(stage: string, filter: Filter | undefined): string {
  return filter === undefined ? stage : ofValue(stage, filter.dimension, filter.value);
}

/** So many are looked at in one go. */
const AT_ONCE = 10_000;

/** The counters of each value by themselves, out of a dimension's own key; of the one that is asked about, where there is one. */
export async function byValueOf(
  counts: Counts,
  pause: Pause,
  filter?: Filter,
): Promise<Map<string, Map<string, number>>> {
  const values = new Map<string, Map<string, number>>();
  let looked = 0;
  for (const [field, n] of counts) {
    if (++looked % AT_ONCE === 0) await pause();
    const { metric, value } = splitField(field);
    if (filter !== undefined && value !== filter.value) continue;
    const metrics = values.get(value) ?? new Map<string, number>();
    values.set(value, metrics.set(metric, n));
  }
  return values;
}

export interface ValuesInTime {
  readonly of: CounterFamily;
  readonly dimension: string;
  readonly values: readonly string[];
  readonly metrics: readonly string[];
  /** Of all of the period, and of each point of the series. */
  readonly windows: WindowSet;
  readonly points: WindowSet;
}

/**
 * Counters of the first values over the period and in each point, of as many as may have a series: read at one moment, so that they add up.
 * @returns for such a value the counters, and which of them are its own: one for each metric; undefined for the others
 */
export async function valuesInTime(reader: Reader, asked: ValuesInTime) {
  const { of, dimension, metrics, windows, points } = asked;
  const values = asked.values.slice(0, mostSeries(points.labels.length));
  const own = new Map(values.map((value) => [value, metrics.map((metric) => fieldOf(metric, value))]));
  const fields = [...own.values()].flat();
  const dimensions = byDimension('', dimension);
  const [total, each] = await Promise.all([
    reader.totals(of, windows, fields, dimensions),
    reader.counters(of, points, fields, dimensions),
  ]);
  return (value: string) => {
    const ownFields = own.get(value);
    return ownFields && { total, each, fields: ownFields };
  };
}

/** Rows of a breakdown by metrics; with a series where counters in time were read for the value. `figuresOf` takes their fields. */
export function rowsInTime<T extends object>(
  dimension: string,
  top: readonly (readonly [string, Counts])[],
  inTime: Awaited<ReturnType<typeof valuesInTime>> | undefined,
  times: readonly PointTime[],
  metrics: readonly string[],
  figuresOf: (counts: Counts, fields: readonly string[]) => T,
) {
  return top.map(([value, first]) => {
    const own = inTime?.(value);
    if (own === undefined) return rowOf(dimension, value, figuresOf(first, metrics));
    const series = times.map((time, i) => pointOf(time, figuresOf(own.each[i] ?? new Map(), own.fields)));
    return rowOf(dimension, value, { ...figuresOf(own.total, own.fields), series });
  });
}

/** The `limit` values with the greatest score; ties by name. */
export function topValues<T>(values: ReadonlyMap<string, T>, score: (of: T) => number, limit: number): [string, T][] {
  return [...values].sort(([a, x], [b, y]) => score(y) - score(x) || (a < b ? -1 : 1)).slice(0, limit);
}

/** A row of a breakdown, which names its value by the dimension. */
export function rowOf<T extends object>(dimension: string, value: string, figures: T): T & Record<string, unknown> {
  return Object.assign({ [dimension]: value }, figures);
}
