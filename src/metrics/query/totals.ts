import type { Counts, Reader } from '../reader.ts';

/** Lets others have their turn while much is looked at. */
export type Pause = Reader['pause'];

/** Adds up counters of several windows, field by field. */
export function addUp(counts: readonly Counts[]): Map<string, number> {
  const total = new Map<string, number>();
  for (const window of counts) for (const [field, n] of window) total.set(field, (total.get(field) ?? 0) + n);
  return total;
}
