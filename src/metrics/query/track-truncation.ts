import { OTHER } from '../dimension.ts';
import type { Family } from '../family.ts';
import { isByDimension } from '../fields.ts';
import type { CappedRead, Counts, Reader } from '../reader.ts';

const OF_OTHERS = `|${OTHER}`;

/**
 * A reader that notes which capped buckets an answer came from, so
 * that no question has to ask by itself what a cap has shortened.
 */
export function trackTruncation(reader: Reader): { readonly reader: Reader; truncated(): Promise<string[]> } {
  const cuts: Promise<string[]>[] = [];
  /** Values beyond a dimension's cap were counted together. */
  const others = new Set<string>();
  const look = <T extends Counts | readonly Counts[]>(
    of: Family,
    dimensions: string | undefined,
    read: Promise<T>,
  ): Promise<T> => {
    if (dimensions === undefined || !isByDimension(dimensions)) return read;
    return read.then((found) => {
      const isOther = (counts: Counts): boolean => [...counts.keys()].some((field) => field.endsWith(OF_OTHERS));
      if ((Array.isArray(found) ? found : [found]).some(isOther)) others.add(of.name);
      return found;
    });
  };
  /** To be called when the read is on its way: asked right behind it, a cut that it met is known. */
  const note = (family: Family, { window, labels }: Pick<CappedRead, 'window' | 'labels'>, dimensions = ''): void => {
    if (family.cap === undefined) return;
    const cut = reader.truncated([{ family, dimensions, window, labels }]);
    // Who waits for it is told of a failure; where the answer failed before, nobody waits.
    cut.catch(() => undefined);
    cuts.push(cut);
  };
  return {
    reader: {
      counters: (of, windows, fields, dimensions) => {
        const read = reader.counters(of, windows, fields, dimensions);
        // Sums over all values are never cut.
        if (fields === undefined || fields.some((field) => field.includes('|'))) note(of, windows, dimensions);
        return look(of, dimensions, read);
      },
      totals: (of, windows, fields, dimensions) => {
        const read = reader.totals(of, windows, fields, dimensions);
        if (fields === undefined || fields.some((field) => field.includes('|'))) note(of, windows, dimensions);
        return look(of, dimensions, read);
      },
      everySum: (of, windows, dimensions) => {
        const read = reader.everySum(of, windows, dimensions);
        note(of, windows, dimensions);
        return read;
      },
      ranking: (of, windows, limit, dimensions) => {
        const read = reader.ranking(of, windows, limit, dimensions);
        note(of, windows, dimensions);
        return read;
      },
      sums: (of, windows, members, dimensions, isIn) => {
        const read = reader.sums(of, windows, members, dimensions, isIn);
        note(of, windows, dimensions);
        return read;
      },
      members: (by, windows) => {
        const read = reader.members(by, windows);
        for (const { of, dimensions } of by) note(of, windows, dimensions);
        return read;
      },
      scores: (of, windows, member, dimensions) => {
        const read = reader.scores(of, windows, member, dimensions);
        note(of, windows, dimensions);
        return read;
      },
      uniques: (of, windows) => reader.uniques(of, windows),
      history: (of, dimensions, fromMs, toMs, limit) => reader.history(of, dimensions, fromMs, toMs, limit),
      historiesWithin: (of, dimensions, fromMs, toMs) => reader.historiesWithin(of, dimensions, fromMs, toMs),
      latest: (of, fields) => reader.latest(of, fields),
      allLatest: (of) => reader.allLatest(of),
      groups: (of) => reader.groups(of),
      groupedSums: (by, windows, of) => {
        const read = reader.groupedSums(by, windows, of);
        for (const { of: ranking, dimensions } of by) note(ranking, windows, dimensions);
        return read;
      },
      pause: () => reader.pause(),
      truncated: (some) => reader.truncated(some),
    },
    truncated: async () => [...new Set([...others, ...(await Promise.all(cuts)).flat()])],
  };
}
