import type { WindowName } from '../time/windows.ts';

/**
 * How a family's keys are stored and merged over shards:
 * - `counter`: hash of sums, fields added up
 * - `ranking`: sorted set of sums, scores added up
 * - `uniques`: HyperLogLog; a user lives in one shard, so counts are added up
 * - `history`: sorted set by timestamp, the newest `cap` kept
 * - `latest`: hash of values of which the newest stays: by timestamp, partition, and place in the partition's log
 * - `record`, `index`: things one by one (hash), in the order of a moment (sorted set)
 * - `state`, `schedule`: what folding itself needs (hash, sorted set by deadline); no life of its own
 * - `queue`: what waits to go out (sorted set by turn); no life of its own
 */
type FamilyKind =
  | 'counter'
  | 'ranking'
  | 'uniques'
  | 'history'
  | 'latest'
  | 'record'
  | 'index'
  | 'state'
  | 'schedule'
  | 'queue';

export interface Family {
  readonly name: string;
  readonly kind: FamilyKind;
  /** Finest first. Folds write the finest; coarser windows are summed from it at the commit. */
  readonly windows: readonly WindowName[];
  /** What stands between the name and the window in a key. */
  readonly dimensions: readonly string[];
  /**
   * Members kept of an open-ended key. A rollup trims closed buckets from the small
   * end (of a counter: whole dimension values or payment types, by the sum of their fields)
   * and what is not about a time from its oldest; a history keeps its newest.
   */
  readonly cap?: number;
  /** What a counter's field is trimmed with, undefined for sums over all; its dimension value unless the family says otherwise. */
  readonly groupOf?: (field: string) => string | undefined;
  /** A record that is kept as long as days are, not as hours. */
  readonly livesLong?: boolean;
  /** Latest values by which others are put together: a commit notes that one of them has changed. */
  readonly isNoted?: boolean;
  /** One sentence for the documentation and the memory report. */
  readonly description: string;
}

type OfKind<K extends FamilyKind> = Family & { readonly kind: K };
export type CounterFamily = OfKind<'counter'>;
export type RankingFamily = OfKind<'ranking'>;
export type UniquesFamily = OfKind<'uniques'>;
export type HistoryFamily = OfKind<'history'>;
export type LatestFamily = OfKind<'latest'>;
export type StateFamily = OfKind<'state'>;
export type ScheduleFamily = OfKind<'schedule'>;
export type RecordFamily = OfKind<'record'>;
export type IndexFamily = OfKind<'index'>;
export type QueueFamily = OfKind<'queue'>;

const LIFELESS: ReadonlySet<FamilyKind> = new Set(['state', 'schedule', 'queue', 'latest']);

export function isOfKind<K extends FamilyKind>(of: Family, kind: K): of is OfKind<K> {
  return of.kind === kind;
}

/** Declares a family; its kind is kept in the type so that only fitting writes and reads take it. */
export function family<const K extends FamilyKind>(declaration: OfKind<K>): OfKind<K> {
  return declaration;
}

/** What is kept, in days. */
export interface Lives {
  readonly hourlyDays: number;
  readonly dailyDays: number;
}

const DAY_SECONDS = 86_400;
/** What is about the last hour is kept a little longer, since a window is still read on its last second. */
const REALTIME_SECONDS = 3_900;

/**
 * Seconds that a key lives after its last write, or undefined where commits remove it themselves.
 * Hours of users keep the long life until a rollup has merged them into their day.
 */
export function ttlSeconds(of: Family, window: WindowName, lives: Lives): number | undefined {
  if (LIFELESS.has(of.kind)) return undefined;
  if (of.kind === 'counter' && window === 'none') return undefined;
  if (window === '5s' || window === '30s') return REALTIME_SECONDS;
  const single = (of.kind === 'record' || of.kind === 'index') && of.livesLong !== true;
  const short = single || ((window === '15m' || window === 'hour') && of.kind !== 'uniques');
  // A day more than is offered, since a bucket is still read on its last day.
  return Math.round(((short ? lives.hourlyDays : lives.dailyDays) + 1) * DAY_SECONDS);
}
