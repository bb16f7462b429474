import type { Family } from './families.ts';
import type { CappedRead, Reader } from './reader.ts';

/** A reader that notes which capped buckets an answer came from, so that no question has to ask by itself what a cap has shortened. */
export function noteCapped(reader: Reader): { readonly reader: Reader; truncated(): Promise<string[]> } {
  const reads: CappedRead[] = [];
  const note = (family: Family, { window, labels }: Pick<CappedRead, 'window' | 'labels'>, dimensions = ''): void => {
    if (family.cap !== undefined) reads.push({ family, dimensions, window, labels });
  };
  return {
    reader: {
      counters: (of, windows, fields, dimensions) => {
        // Sums over all cities are never cut.
        if (fields === undefined || fields.some((field) => field.includes('|'))) note(of, windows, dimensions);
        return reader.counters(of, windows, fields, dimensions);
      },
      ranking: (of, windows, limit, dimensions) => {
        note(of, windows, dimensions);
        return reader.ranking(of, windows, limit, dimensions);
      },
      sums: (of, windows, members, dimensions, isIn) => {
        note(of, windows, dimensions);
        return reader.sums(of, windows, members, dimensions, isIn);
      },
      uniques: (of, windows) => reader.uniques(of, windows),
      uniquesSeries: (of, windows) => reader.uniquesSeries(of, windows),
      history: (of, dimensions, fromMs, toMs, limit) => reader.history(of, dimensions, fromMs, toMs, limit),
      newest: (of, fields) => reader.newest(of, fields),
      allNewest: (of) => reader.allNewest(of),
      truncated: (some) => reader.truncated(some),
    },
    truncated: () => reader.truncated(reads),
  };
}
