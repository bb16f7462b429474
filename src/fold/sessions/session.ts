import { type FoldSettings, SESSION_LIFE_MS } from '../settings.ts';
import { isOver } from '../visitors/session-state.ts';
import type { Visitors } from '../visitors/visitors.ts';

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
