import { type FoldSettings, SESSION_LIFE_MS } from '../settings.ts';
import type { PendingSearch, SessionState, UserState } from '../state/records.ts';

/** Is a session, or all that is known of a user's visits, over by now if it was last active at `laneMs`? */
export function isOver(laneMs: number, nowMs: number): boolean {
  return nowMs - laneMs > SESSION_LIFE_MS;
}

export function beginUser(dimensions: number, nowMs: number, hourMs: number): UserState {
  return { newestMs: 0, laneMs: nowMs, hourMs, dimensions, stages: [], current: undefined };
}

/**
 * Does an event belong to this session of the user, or does a new one begin with it?
 * @param isNamed whether the shop gives its sessions ids; others are cut by the gap
 */
export function continues(
  session: SessionState,
  user: UserState,
  timestampMs: number,
  isNamed: boolean,
  nowMs: number,
  settings: FoldSettings,
): boolean {
  if (isOver(session.laneMs, nowMs)) return false;
  if (timestampMs - session.newestMs > SESSION_LIFE_MS) return false;
  return isNamed || timestampMs - user.newestMs <= settings.sessionTimeoutMs;
}

export function beginSession(timestampMs: number, dimensions: number, nowMs: number): SessionState {
  return {
    firstMs: timestampMs,
    lastMs: timestampMs,
    newestMs: timestampMs,
    laneMs: nowMs,
    dimensions,
    events: 0,
    progress: [],
    reachedAfterMs: [],
    searches: [],
  };
}

export function addEvent(session: SessionState, timestampMs: number, nowMs: number): void {
  session.lastMs = timestampMs;
  session.newestMs = Math.max(session.newestMs, timestampMs);
  session.laneMs = nowMs;
  session.events += 1;
}

/** From its first event to the last in the log's order. */
export const durationMs = ({ firstMs, lastMs }: SessionState): number => Math.max(0, lastMs - firstMs);

/** So many different searches of a session may wait for a click: whoever searches on and on fills no memory. */
const MAX_PENDING_SEARCHES = 20;

export function noteSearch(session: SessionState, term: number, atMs: number): void {
  // What counts in the same quarter of an hour is one entry, so that the same term again and again does not pile up.
  const known = session.searches.find(([of, ms]) => of === term && sameQuarter(ms, atMs));
  if (known) known[2] += 1;
  else if (session.searches.length < MAX_PENDING_SEARCHES) session.searches.push([term, atMs, 1]);
}

const NONE: readonly never[] = [];

/** A view_item follows the searches that waited; they wait no longer. */
export function takeSearches(session: SessionState): readonly PendingSearch[] {
  if (session.searches.length === 0) return NONE;
  const followed = session.searches;
  session.searches = [];
  return followed;
}

const sameQuarter = (a: number, b: number): boolean => Math.floor(a / 900_000) === Math.floor(b / 900_000);
