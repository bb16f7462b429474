import { type Family, family } from './family.ts';

/**
 * Which dimensions a capped ranking or counter has keys for, so that
 * a rollup finds what it may trim without looking through all keys.
 */
export const rankedDimensions = family({
  name: 'ranked-dimensions',
  kind: 'state',
  windows: ['none'],
  dimensions: [],
  description: 'dimensions of the rankings and counters that are capped',
});

export const trimmedBuckets = family({
  name: 'trimmed',
  kind: 'state',
  windows: ['none'],
  dimensions: [],
  description: 'buckets that a rollup has shortened to their cap',
});

/**
 * What is kept of days that are over is right as long as this says
 * the same of them: whatever changes a ranking takes its day out.
 */
export const unchangedDays = family({
  name: 'unchanged-days',
  kind: 'state',
  windows: ['none'],
  dimensions: [],
  description: 'since which adding up the rankings of a day are as they were',
});

export const rankingCache = family({
  name: 'kept-sums',
  kind: 'state',
  windows: ['none'],
  dimensions: ['ranking', 'days'],
  description: 'sums of rankings over the days of a period, for some minutes',
});

export const rankingCacheStamps = family({
  name: 'kept-stamps',
  kind: 'state',
  windows: ['none'],
  dimensions: ['ranking', 'days'],
  description: 'of which state of which days kept sums are',
});

export const bookkeepingFamilies = [rankedDimensions, trimmedBuckets, unchangedDays, rankingCache, rankingCacheStamps];

/** How a family's dimensions, or one of its buckets, are named in these. */
export function rankingField(of: Family, dimensions: string, label = ''): string {
  return `${of.name}|${dimensions}|${label}`;
}
