import { type FoldSettings, SESSION_LIFE_MS } from '../settings.ts';
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
  return isNamed || timestampMs - newestMs.at(user) <= settings.sessionTimeoutMs;
}
