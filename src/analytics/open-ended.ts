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

export const openEndedFamilies = [rankedDimensions, trimmedBuckets];

/** How a family's dimensions, or one of its buckets, are named in these. */
export function rankingField(of: Family, dimensions: string, label = ''): string {
  return `${of.name}|${dimensions}|${label}`;
}
