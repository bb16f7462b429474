import { type FoldSettings, SESSION_LIFE_MS } from '../settings.ts';
import type { LaneState } from '../state/lane-state.ts';
import { sessionField } from '../state/state-keys.ts';
import type { SessionTable } from '../visitors/session-table.ts';
import type { Visitors } from '../visitors/visitors.ts';

/** Is a session, or all that is known of a user's visits, over by now if it was last active at `laneMs`? */
export function isOver(laneMs: number, nowMs: number): boolean {
  return nowMs - laneMs > SESSION_LIFE_MS;
}

/**
 * Does an event belong to this session of the user, or does a new one begin with it?
 * @param isNamed whether the shop gives its sessions ids; others are cut by the gap
 */
export function continues(
  { sessions, newestMs }: Visitors,
  session: number,
  { user, timestampMs, hasSessionId: isNamed }: { user: number; timestampMs: number; hasSessionId: boolean },
  nowMs: number,
  settings: FoldSettings,
): boolean {
  if (isOver(sessions.laneMs.at(session), nowMs)) return false;
  if (timestampMs - sessions.newestMs.at(session) > SESSION_LIFE_MS) return false;
  const lastMs = Math.max(newestMs.at(user), sessions.newestMs.at(session));
  return isNamed || timestampMs - lastMs <= settings.sessionTimeoutMs;
}

/** Where an order's session is now, or when the one began that it has joined. */
export type SoughtSession =
  | { readonly kind: 'found' | 'unknown' }
  | { readonly kind: 'joined'; readonly beganMs: number };

/** Another of the same id takes its place. An order of it may be taken back yet: such a one is kept beside. */
export function setAside(state: LaneState, userId: string, sessionId: string, session: number): void {
  const { sessions } = state.visitors;
  if (sessions.boughtIn(session).length === 0) sessions.release(session);
  else state.sessions.put(sessionField(userId, sessionId, sessions.firstMs.at(session)), session);
}

/** It has joined one that began earlier; whoever looks for an order of it finds a session without events that says where it went. */
export function noteJoined(state: LaneState, field: string, session: number): void {
  const { sessions } = state.visitors;
  state.sessions.put(field, sessions.begin(sessions.firstMs.at(session), sessions.laneMs.at(session)));
}

export const isNoteOfJoining = (sessions: SessionTable, session: number): boolean => sessions.events.at(session) === 0;
