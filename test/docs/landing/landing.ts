import type { Dimension } from '../../../src/metrics/dimension.ts';

/** The page on which a session begins. */
export const landing: Dimension = {
  name: 'landing',
  absent: 'unknown',
  binds: 'session',
  cap: 200,
  reads: ['page_location'],
  description: 'the first page of the session, without what stands behind ? or #',
  valueOf: ({ page_location: address }) => URL.parse(address ?? '')?.pathname,
};
