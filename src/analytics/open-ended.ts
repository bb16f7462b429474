import { type Family, family } from './families.ts';

/** Which dimensions a capped ranking or counter has keys for, so that a rollup finds what it may trim without looking through all keys. */
export const rankedDimensions = family({
  name: 'ranked-dimensions',
  kind: 'state',
  windows: ['none'],
  dimensions: [],
  holds: 'dimensions of the rankings and counters that are capped',
});

export const trimmedBuckets = family({
  name: 'trimmed',
  kind: 'state',
  windows: ['none'],
  dimensions: [],
  holds: 'buckets that a rollup has shortened to their cap',
});

/** What is kept of days that are over is right as long as this says the same of them: whatever changes a ranking takes its day out. */
export const unchangedDays = family({
  name: 'unchanged-days',
  kind: 'state',
  windows: ['none'],
  dimensions: [],
  holds: 'since which adding up the rankings of a day are as they were',
});

export const keptSums = family({
  name: 'kept-sums',
  kind: 'state',
  windows: ['none'],
  dimensions: ['ranking', 'days'],
  holds: 'sums of rankings over the days of a period, for some minutes',
});

export const keptStamps = family({
  name: 'kept-stamps',
  kind: 'state',
  windows: ['none'],
  dimensions: ['ranking', 'days'],
  holds: 'of which state of which days kept sums are',
});

export const openEndedFamilies = [rankedDimensions, trimmedBuckets, unchangedDays, keptSums, keptStamps];

/** How a family's dimensions, or one of its buckets, are named in these. */
export function rankingField(of: Family, dimensions: string, label = ''): string {
  return `${of.name}|${dimensions}|${label}`;
}
