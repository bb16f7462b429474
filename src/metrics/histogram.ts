import type { Counts } from './reader.ts';

/**
 * Durations fall into buckets that grow by a fourth root of two:
 * quantiles are right within 9 %, from a second to nine days.
 */
const STEPS_PER_DOUBLING = 4;
const LAST_BUCKET = 80;

export function durationBucket(seconds: number): number {
  if (seconds < 1) return 0;
  return Math.min(LAST_BUCKET, 1 + Math.floor(STEPS_PER_DOUBLING * Math.log2(seconds)));
}

/** The middle of a bucket, in seconds. */
function middleOf(bucket: number): number {
  return bucket === 0 ? 0 : 2 ** ((bucket - 0.5) / STEPS_PER_DOUBLING);
}

/** Counts of a histogram that is kept in a counter under `prefix` and the bucket. */
export function histogramOf(counts: Counts, prefix: string): number[] {
  return Array.from({ length: LAST_BUCKET + 1 }, (_, bucket) => counts.get(`${prefix}${bucket}`) ?? 0);
}

/** Seconds that a share of the durations did not exceed; null where there are none. */
export function quantile(histogram: readonly number[], share: number): number | null {
  const total = histogram.reduce((sum, n) => sum + n, 0);
  if (total === 0) return null;
  let left = Math.max(1, Math.ceil(total * share));
  for (const [bucket, n] of histogram.entries()) {
    left -= n;
    if (left <= 0) return Math.round(middleOf(bucket) * 10) / 10;
  }
  return null;
}
