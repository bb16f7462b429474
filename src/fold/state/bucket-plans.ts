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
import { type FieldsOfUser, listsOf, userField } from './state-keys.ts';

/**
 * By which moment something is forgotten: lane time; what the lane's own events and ticks have told, where a repeat may be on its way; or the
 * newest that it knows of (`HeardClock`).
 */
export type Clock = 'lane' | 'own' | 'heard';

/** What lies in buckets of a lane, field by field. */
interface Kept {
  readonly family: StateFamily;
  /** How it is cut: coarse enough that a look-up asks few buckets. */
  plan(settings: FoldSettings): BucketPlan;
  /** Where it is of users: under which fields. It leaves with an erasure, and moves where an import's lane closes. */
  readonly ofUser?: (userId: string) => FieldsOfUser;
  readonly clock?: Clock;
}

const named = (userId: string): FieldsOfUser => ({ named: [userId] });

const ofOrders = ({ transactionWindowMs }: FoldSettings): BucketPlan => ({
  widthMs: Math.max(1, Math.ceil(transactionWindowMs / 3)),
  lifeMs: transactionWindowMs,
});

function ofKnown({ transactionWindowMs, attributionWindowMs }: FoldSettings): BucketPlan {
  const widthMs = Math.max(RETURN_MS, attributionWindowMs);
  // To whom a session with an order went is known for as long as that may be taken back.
  return { widthMs, lifeMs: Math.max(widthMs, transactionWindowMs) + SESSION_LIFE_MS };
}

/** By the names that `LaneNeeds` and `LaneSnapshot` have for it: who reads, moves, erases and drops it goes through this table. */
const KEPT = {
  visitors: {
    family: visitors,
    plan: () => ({ widthMs: VISITOR_BUCKET_MS, lifeMs: SESSION_LIFE_MS }),
    ofUser: (userId) => ({ named: [userField(userId)], beginning: `s${listsOf(userId)}` }),
  },
  orders: { family: knownOrders, plan: ofOrders, ofUser: (userId) => ({ named: [], beginning: listsOf(userId) }) },
  known: { family: knownUsers, plan: ofKnown, ofUser: named },
  marks: { family: userMarks, plan: () => ({ widthMs: MARK_LIFE_MS, lifeMs: MARK_LIFE_MS }), ofUser: named },
  buyers: { family: buyers, plan: () => ({ widthMs: FOREVER_MS, lifeMs: 0 }), ofUser: named },
  claims: { family: orderClaims, plan: ofOrders, clock: 'heard' },
  purchasing: { family: purchasingSessions, plan: ofOrders },
} as const satisfies Readonly<Record<string, Kept>>;

export type KeptKind = keyof typeof KEPT;
export type ByKind<T> = { readonly [K in KeptKind]: T };

/** The only place beside the table that names all of them: the compiler says which one is forgotten. */
export const byKind = <T>(of: (kind: KeptKind) => T): ByKind<T> => ({
  visitors: of('visitors'),
  orders: of('orders'),
  known: of('known'),
  marks: of('marks'),
  buyers: of('buyers'),
  claims: of('claims'),
  purchasing: of('purchasing'),
});

export const KINDS: readonly KeptKind[] = Object.values(byKind((kind) => kind));

/** How something is kept. */
export const keptAs = (kind: KeptKind): Kept => KEPT[kind];

/** What is kept of users, and under which fields of theirs. */
export const OF_USERS = KINDS.flatMap((kind) => {
  const { ofUser } = keptAs(kind);
  return ofUser === undefined ? [] : [{ kind, ofUser }];
});

/** Ids that were counted lie in buckets as well, in one text each. */
export interface Plans extends ByKind<BucketPlan> {
  readonly seen: BucketPlan;
}

export function plansOf(settings: FoldSettings): Plans {
  const { dedupeWindowMs } = settings;
  const seen = { widthMs: Math.max(1, dedupeWindowMs), lifeMs: dedupeWindowMs };
  return { ...byKind((kind) => keptAs(kind).plan(settings)), seen };
}

interface BucketedFamily {
  readonly family: StateFamily;
  readonly plan: BucketPlan;
  readonly clock: Clock;
}

export function bucketedFamily(kind: KeptKind, plans: Plans): BucketedFamily {
  const { family, clock = 'lane' } = keptAs(kind);
  return { family, plan: plans[kind], clock };
}

/** The families that lie in buckets, each with its plan. */
export function bucketedFamilies(plans: Plans): BucketedFamily[] {
  const seen = { family: seenEvents, plan: plans.seen, clock: 'own' } as const;
  return [...KINDS.map((kind) => bucketedFamily(kind, plans)), seen];
}
