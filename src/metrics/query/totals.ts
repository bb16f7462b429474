import { splitField } from '../fields.ts';
import type { Counts } from '../reader.ts';

/** Adds up counters of several windows, field by field. */
export function addUp(counts: readonly Counts[]): Map<string, number> {
  const total = new Map<string, number>();
  for (const window of counts) for (const [field, n] of window) total.set(field, (total.get(field) ?? 0) + n);
  return total;
}

/** The counters of each city by themselves, without the sum over all. */
export function byCity(total: Counts): Map<string, Map<string, number>> {
  const cities = new Map<string, Map<string, number>>();
  for (const [field, n] of total) {
    const { metric, city } = splitField(field);
    if (city === undefined) continue;
    const metrics = cities.get(city) ?? new Map<string, number>();
    cities.set(city, metrics.set(metric, n));
  }
  return cities;
}

/** The `limit` cities with the greatest score; ties by name. */
export function topCities<T>(cities: ReadonlyMap<string, T>, score: (of: T) => number, limit: number): [string, T][] {
  return [...cities].sort(([a, x], [b, y]) => score(y) - score(x) || (a < b ? -1 : 1)).slice(0, limit);
}
