import { splitField } from '../fields.ts';
import type { Counts, Reader } from '../reader.ts';

/** Lets others have their turn while much is looked at. */
export type Pause = Reader['pause'];

/** Adds up counters of several windows, field by field. */
export function addUp(counts: readonly Counts[]): Map<string, number> {
  const total = new Map<string, number>();
  for (const window of counts) for (const [field, n] of window) total.set(field, (total.get(field) ?? 0) + n);
  return total;
}

/** So many are looked at in one go. */
const AT_ONCE = 10_000;

/** The counters of each city by themselves, without the sum over all. */
export async function byCity(total: Counts, pause: Pause): Promise<Map<string, Map<string, number>>> {
  const cities = new Map<string, Map<string, number>>();
  let looked = 0;
  for (const [field, n] of total) {
    if (++looked % AT_ONCE === 0) await pause();
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
