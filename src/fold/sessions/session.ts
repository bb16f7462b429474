import type { Funnel } from '../../analytics/funnel/funnel.ts';
import { advanceFunnels } from '../../analytics/funnel/progress.ts';
import type { ShopEvent } from '../../events/event.ts';
import type { SearchFollowed, StagesReached } from '../../metrics/facts.ts';
import type { Calendar } from '../../time/calendar.ts';
import { type FoldSettings, SESSION_LIFE_MS } from '../settings.ts';
import type { SessionState, UserState } from '../state/records.ts';

/** Is a session, or all that is known of a user's visits, over by now if it was last active at `laneMs`? */
export function isOver(laneMs: number, nowMs: number): boolean {
  return nowMs - laneMs > SESSION_LIFE_MS;
}

export function beginUser({ city }: ShopEvent, nowMs: number, hourMs: number): UserState {
  return { newestMs: 0, laneMs: nowMs, hourMs, city, stages: [], current: undefined };
}

/** Does the event belong to this session of the user, or does a new one begin with it? */
export function continues(
  session: SessionState,
  user: UserState,
  event: ShopEvent,
  nowMs: number,
  settings: FoldSettings,
): boolean {
  if (isOver(session.laneMs, nowMs)) return false;
  if (event.timestampMs - session.newestMs > SESSION_LIFE_MS) return false;
  return event.sessionId !== undefined || event.timestampMs - user.newestMs <= settings.sessionTimeoutMs;
}

export function beginSession(event: ShopEvent, nowMs: number): SessionState {
  const at = event.timestampMs;
  return {
    firstMs: at,
    lastMs: at,
    newestMs: at,
    laneMs: nowMs,
    city: event.city,
    events: 0,
    progress: [],
    reachedAfterMs: [],
    searches: [],
  };
}

export interface Advance {
  readonly durationDeltaMs: number;
  readonly reached: readonly StagesReached[];
}

/** Most events reach no new stage and follow no search. */
const NONE: readonly never[] = [];

/** Adds the event to the session. */
export function advanceSession(
  session: SessionState,
  event: ShopEvent,
  nowMs: number,
  funnels: readonly Funnel[],
): Advance {
  const before = Math.max(0, session.lastMs - session.firstMs);
  session.lastMs = event.timestampMs;
  session.newestMs = Math.max(session.newestMs, event.timestampMs);
  session.laneMs = nowMs;
  session.events += 1;
  const reached = advanceFunnels(session, event.name, event.timestampMs - session.firstMs, funnels);
  return { durationDeltaMs: Math.max(0, session.lastMs - session.firstMs) - before, reached };
}

/** So many different searches of a session may wait for a click: whoever searches on and on fills no memory. */
const MAX_PENDING_SEARCHES = 20;

/** Notes a search, or says which ones a view_item is the first to follow. */
export function followSearches(session: SessionState, event: ShopEvent, calendar: Calendar): readonly SearchFollowed[] {
  if (event.name === 'search') noteSearch(session, event.searchTerm, event.timestampMs);
  if (event.name !== 'view_item' || session.searches.length === 0) return NONE;
  const followed = session.searches.map(([term, atMs, count]) => ({ term, at: calendar.at(atMs), count }));
  session.searches = [];
  return followed;
}

function noteSearch(session: SessionState, term: string, atMs: number): void {
  if (term === '') return;
  // What counts in the same quarter of an hour is one entry, so that the same term again and again does not pile up.
  const known = session.searches.find(([of, ms]) => of === term && sameQuarter(ms, atMs));
  if (known) known[2] += 1;
  else if (session.searches.length < MAX_PENDING_SEARCHES) session.searches.push([term, atMs, 1]);
}

const sameQuarter = (a: number, b: number): boolean => Math.floor(a / 900_000) === Math.floor(b / 900_000);
