import type { StateFamily } from '../../metrics/family.ts';
import {
  FOREVER_MS,
  type FoldSettings,
  MARK_LIFE_MS,
  RETURN_MS,
  SESSION_LIFE_MS,
  VISITOR_BUCKET_MS,
} from '../settings.ts';
import type { BucketPlan } from './buckets.ts';
import {
  buyers,
  knownOrders,
  knownUsers,
  orderClaims,
  purchasingSessions,
  seenEvents,
  userMarks,
  visitors,
} from './state-families.ts';

/** How each bucketed family of a lane is cut: coarse enough that a look-up asks few buckets. */
export interface Plans {
  readonly visitors: BucketPlan;
  readonly seen: BucketPlan;
  readonly orders: BucketPlan;
  readonly known: BucketPlan;
  readonly marks: BucketPlan;
  readonly buyers: BucketPlan;
  readonly claims: BucketPlan;
  readonly purchasing: BucketPlan;
}

export function plansOf({ dedupeWindowMs, transactionWindowMs, attributionWindowMs }: FoldSettings): Plans {
  const orders = { widthMs: Math.max(1, Math.ceil(transactionWindowMs / 3)), lifeMs: transactionWindowMs };
  const knownMs = Math.max(RETURN_MS, attributionWindowMs);
  // To whom a session with an order went is known for as long as that may be taken back.
  const lifeOfKnownMs = Math.max(knownMs, transactionWindowMs) + SESSION_LIFE_MS;
  return {
    visitors: { widthMs: VISITOR_BUCKET_MS, lifeMs: SESSION_LIFE_MS },
    seen: { widthMs: Math.max(1, dedupeWindowMs), lifeMs: dedupeWindowMs },
    orders,
    known: { widthMs: knownMs, lifeMs: lifeOfKnownMs },
    marks: { widthMs: MARK_LIFE_MS, lifeMs: MARK_LIFE_MS },
    buyers: { widthMs: FOREVER_MS, lifeMs: 0 },
    claims: orders,
    purchasing: orders,
  };
}

/** A kind of state that lies in buckets, as `LaneSnapshot` and `LaneNeeds` call it. */
type BucketedKind = keyof Plans;

const BUCKETED: { readonly [K in BucketedKind]: StateFamily } = {
  visitors,
  seen: seenEvents,
  orders: knownOrders,
  known: knownUsers,
  marks: userMarks,
  buyers,
  claims: orderClaims,
  purchasing: purchasingSessions,
};

const KINDS = [
  'visitors',
  'seen',
  'orders',
  'known',
  'marks',
  'buyers',
  'claims',
  'purchasing',
] as const satisfies readonly BucketedKind[];

export function bucketedFamily(kind: BucketedKind, plans: Plans): { family: StateFamily; plan: BucketPlan } {
  return { family: BUCKETED[kind], plan: plans[kind] };
}

/** The families that lie in buckets, each with its plan. */
export function bucketedFamilies(plans: Plans) {
  return KINDS.map((kind) => bucketedFamily(kind, plans));
}
