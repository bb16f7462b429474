import { OTHER } from '../dimension.ts';
import type { Family } from '../family.ts';
import { isByDimension } from '../fields.ts';
import type { CappedRead, Counts, Reader } from '../reader.ts';

const OF_OTHERS = `|${OTHER}`;

type Windows = Pick<CappedRead, 'window' | 'labels'>;

/**
 * A reader that notes which capped buckets an answer came from, so
 * that no question has to ask by itself what a cap has shortened.
 */
export function trackTruncation(reader: Reader): { readonly reader: Reader; truncated(): Promise<string[]> } {
  const cuts: Promise<string[]>[] = [];
  /** Values beyond a dimension's cap were counted together. */
  const others = new Set<string>();
  /** To be called when the read is on its way: asked right behind it, a cut that it met is known. */
  const note = (family: Family, { window, labels }: Windows, dimensions = ''): void => {
    if (family.cap === undefined) return;
    const cut = reader.truncated([{ family, dimensions, window, labels }]);
    // Who waits for it is told of a failure; where the answer failed before, nobody waits.
    cut.catch(() => undefined);
    cuts.push(cut);
  };
  const noted = <T>(read: T, ...where: Parameters<typeof note>): T => {
    note(...where);
    return read;
  };
  const byFields = <T extends Counts | readonly Counts[]>(
    read: Promise<T>,
    ...[of, windows, fields, dimensions]: Parameters<Reader['counters']>
  ): Promise<T> => {
    // Sums over all values are never cut.
    if (fields === undefined || fields.some((field) => field.includes('|'))) note(of, windows, dimensions);
    if (dimensions === undefined || !isByDimension(dimensions)) return read;
    return read.then((found) => {
      const isOther = (counts: Counts): boolean => [...counts.keys()].some((field) => field.endsWith(OF_OTHERS));
      if ((Array.isArray(found) ? found : [found]).some(isOther)) others.add(of.name);
      return found;
    });
  };
  const notedEach = <T>(read: T, by: readonly { of: Family; dimensions?: string }[], windows: Windows): T => {
    for (const { of, dimensions } of by) note(of, windows, dimensions);
    return read;
  };
  return {
    reader: {
      counters: (...asked) => byFields(reader.counters(...asked), ...asked),
      totals: (...asked) => byFields(reader.totals(...asked), ...asked),
      everySum: (of, windows, dimensions) => noted(reader.everySum(of, windows, dimensions), of, windows, dimensions),
      ranking: (of, windows, limit, dimensions) =>
        noted(reader.ranking(of, windows, limit, dimensions), of, windows, dimensions),
      sums: (of, windows, members, dimensions, isIn) =>
        noted(reader.sums(of, windows, members, dimensions, isIn), of, windows, dimensions),
      members: (by, windows) => notedEach(reader.members(by, windows), by, windows),
      scores: (of, windows, member, dimensions) =>
        noted(reader.scores(of, windows, member, dimensions), of, windows, dimensions),
      uniques: (of, windows) => reader.uniques(of, windows),
      history: (of, dimensions, fromMs, toMs, limit) => reader.history(of, dimensions, fromMs, toMs, limit),
      historiesWithin: (of, dimensions, fromMs, toMs) => reader.historiesWithin(of, dimensions, fromMs, toMs),
      latest: (of, fields) => reader.latest(of, fields),
      allLatest: (of) => reader.allLatest(of),
      groups: (of) => reader.groups(of),
      groupedSums: (by, windows, of) => notedEach(reader.groupedSums(by, windows, of), by, windows),
      pause: () => reader.pause(),
      truncated: (some) => reader.truncated(some),
    },
    truncated: async () => [...new Set([...others, ...(await Promise.all(cuts)).flat()])],
  };
}
