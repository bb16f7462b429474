import type { Funnel } from '../analytics/funnel/funnel.ts';
import type { Dimension } from '../metrics/dimension.ts';

/** The lane of what happens now; each import has one of its own, named by its id. */
export const LIVE = 'live';

/** What shapes folding, and so the stored data: fixed for an installation at its first start. */
export interface FoldSettings {
  readonly sessionTimeoutMs: number;
  readonly cartTimeoutMs: number;
  readonly dedupeWindowMs: number;
  readonly transactionWindowMs: number;
  /** For so long a visitor who comes directly counts under what brought them last. */
  readonly attributionWindowMs: number;
  readonly storeCurrency: string;
  /** By which there are answers, in the order in which they were added to the installation; the first is the city. */
  readonly dimensions: readonly Dimension[];
  /** In the order in which they were added to the installation. */
  readonly funnels: readonly Funnel[];
}

/** A session ends this long after its last event, even if its id comes again. */
export const SESSION_LIFE_MS = 24 * 3_600_000;
/**
 * Where a user is counted already is known so long: an event a day late is told apart on its own day, which may have 25 hours.
 */
export const MARK_LIFE_MS = 49 * 3_600_000;
/** Lane time lags at most so far behind that of a partition which tells it something. */
export const MOST_BEHIND_MS = 3_600_000;
/** A user whose newest session began longer ago than this comes as a new one. */
export const RETURN_MS = 30 * 86_400_000;
/** Who has ever bought is known for good: a bucket of so much lane time is never over. */
export const FOREVER_MS = 1e15;
/** A cart whose last event came late is not abandoned before this much lane time (or CART_TIMEOUT, if that is less) has passed since. */
export const LATE_GRACE_MS = 5 * 60_000;
/** An abandoned cart can be recovered or taken up again for this long. */
export const RECOVERY_MS = 7 * 86_400_000;
/** So long the events of a user who signs in wait at the most, in lane time, for what was open of the guest. */
export const LINK_TIMEOUT_MS = 60_000;
/** What one request sends joins the partitions of the log within so much time; no message about a cart leaves sooner. */
export const LOG_SKEW_MS = 500;
/** So many messages of a partition may wait to be published before counting pauses. */
export const OUTBOX_BOUND = 10_000;
/** Visitors are kept in buckets of this much lane time, so that they can be dropped whole. */
export const VISITOR_BUCKET_MS = 8 * 3_600_000;
