import { BUILT_IN_FUNNELS } from '../../../src/analytics/funnel/funnel.ts';
import type { FoldSettings } from '../../../src/fold/settings.ts';
import { DEFAULT_DIMENSIONS, dimensionOf } from '../../../src/metrics/dimension.ts';

const MIN = 60_000;
/** What an installation has that sets nothing. */
export const SETTINGS: FoldSettings = {
  sessionTimeoutMs: 30 * MIN,
  cartTimeoutMs: 60 * MIN,
  dedupeWindowMs: 15 * MIN,
  transactionWindowMs: 30 * 24 * 60 * MIN,
  attributionWindowMs: 30 * 24 * 60 * MIN,
  storeCurrency: 'USD',
  dimensions: DEFAULT_DIMENSIONS,
  funnels: BUILT_IN_FUNNELS,
};

const customer = dimensionOf('customer');

/** The same of a shop that counts by customer as well. */
export const BY_CUSTOMER: FoldSettings = {
  ...SETTINGS,
  dimensions: customer === undefined ? [] : [...DEFAULT_DIMENSIONS, customer],
};
