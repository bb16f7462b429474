import type { BucketPlan } from './buckets.ts';
import { type FoldSettings, SESSION_LIFE_MS, VISITOR_BUCKET_MS } from './settings.ts';

/** How each bucketed family of a lane is cut: coarse enough that a look-up asks few buckets. */
export interface Plans {
  readonly visitors: BucketPlan;
  readonly seen: BucketPlan;
  readonly orders: BucketPlan;
}

export function plansOf({ dedupeWindowMs, transactionWindowMs }: FoldSettings): Plans {
  return {
    visitors: { widthMs: VISITOR_BUCKET_MS, lifeMs: SESSION_LIFE_MS },
    seen: { widthMs: Math.max(1, dedupeWindowMs), lifeMs: dedupeWindowMs },
    orders: { widthMs: Math.max(1, Math.ceil(transactionWindowMs / 3)), lifeMs: transactionWindowMs },
  };
}
