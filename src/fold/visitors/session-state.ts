import { SESSION_LIFE_MS } from '../settings.ts';

/** Number of the term, moment, and how often. */
export type PendingSearch = [term: number, atMs: number, count: number];

/** A session as it is read from the store; see `SessionTable` for what its fields mean. */
export interface SessionState {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly newestMs: number;
  readonly laneMs: number;
  readonly dimensions: number;
  readonly countsAs: number;
  readonly named: number;
  readonly flags: number;
  readonly events: number;
  /** By funnel. */
  readonly progress: readonly number[];
  readonly reachedAfterMs: readonly number[];
  readonly searches: PendingSearch[];
  readonly bought: readonly string[];
}

/** A user as it is read from the store, with the session that began last; see `Visitors`. */
export interface UserState {
  readonly newestMs: number;
  readonly laneMs: number;
  readonly guest?: { readonly guest: number; readonly atMs: number } | undefined;
  readonly boughtMs?: number | undefined;
  /** Its id by number, and what it was. */
  readonly current: { readonly id: number; readonly session: SessionState } | undefined;
}

/** Is a session, or all that is known of a user's visits, over by now if it was last active at `laneMs`? */
export function isOver(laneMs: number, nowMs: number): boolean {
  return nowMs - laneMs > SESSION_LIFE_MS;
}
