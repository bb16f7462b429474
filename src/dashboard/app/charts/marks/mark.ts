import type { Timeline } from '../timeline.ts';

/** What happened at a moment, to be seen on charts beside the numbers. */
export interface Mark {
  readonly id: string;
  readonly kind: 'note' | 'import' | 'price';
  /** In the store's time, with its offset. */
  readonly at: string;
  readonly text: string;
  /** One that the API has; that of its kind where there is none. */
  readonly color?: string;
}

/** What happened within a bucket. */
export interface MarkedBucket {
  readonly bucket: number;
  readonly marks: readonly Mark[];
}

export const UNMARKED: readonly MarkedBucket[] = [];

const STEP_MS = { '30s': 30_000, '15m': 15 * 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** Buckets to come have no offset, and days are the store's; all others are told by their moment, also where a clock is put back. */
const isLocal = (start: string, interval: Timeline['interval']): boolean => interval === 'day' || start.length === 19;
/** Local date and time alone, as the chart's axis has it. */
const localMs = (moment: string): number => Date.parse(`${moment.slice(0, 19)}Z`);

/** The marks of each bucket of a timeline; those before and behind it are on none. */
export function markedBuckets({ starts, interval }: Timeline, marks: readonly Mark[]): readonly MarkedBucket[] {
  const sinceMs = (start: string, at: string): number =>
    isLocal(start, interval) ? localMs(at) - localMs(start) : Date.parse(at) - Date.parse(start);
  return collected(marks, ({ at }) => {
    const bucket = starts.findLastIndex((start) => sinceMs(start, at) >= 0);
    const isBehind = bucket === starts.length - 1 && sinceMs(starts[bucket] ?? at, at) >= STEP_MS[interval];
    return isBehind ? -1 : bucket;
  });
}

/** The marks beside the last of some moments that was not later; what came before all of them is beside the first. */
export function markedMoments(moments: readonly string[], marks: readonly Mark[]): readonly MarkedBucket[] {
  if (moments.length === 0) return UNMARKED;
  const known = moments.map((moment) => Date.parse(moment));
  return collected(marks, ({ at }) =>
    Math.max(
      0,
      known.findLastIndex((ms) => ms <= Date.parse(at)),
    ),
  );
}

function collected(marks: readonly Mark[], bucketOf: (mark: Mark) => number): readonly MarkedBucket[] {
  const buckets = new Map<number, Mark[]>();
  for (const mark of marks) {
    const bucket = bucketOf(mark);
    if (bucket >= 0) buckets.set(bucket, [...(buckets.get(bucket) ?? []), mark]);
  }
  if (buckets.size === 0) return UNMARKED;
  const inOrder = (a: Mark, b: Mark): number => Date.parse(a.at) - Date.parse(b.at);
  return [...buckets]
    .map(([bucket, found]) => ({ bucket, marks: found.toSorted(inOrder) }))
    .toSorted((a, b) => a.bucket - b.bucket);
}
