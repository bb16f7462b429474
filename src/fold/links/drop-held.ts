import { erasedName } from '../erased-name.ts';
import type { LaneState } from '../state/lane-state.ts';
import type { Bonds } from '../visitors/known-user.ts';

/** Of so many guests it is known that they were on their way to an erased user; what was at more erasures than that has come since. */
const MOST_ON_THE_WAY = 100;

/** What was let go of an erased user. */
interface Dropped {
  readonly events: number;
  readonly guests: readonly string[];
}

/**
 * What waits of an erased user is not counted any more, and what is on its way to them never taken in: that is kept under what stands for them.
 * @param overdue guests for whom they wait no longer, each with the link
 */
export function dropHeld(
  { held, visitors, timeMs = 0 }: LaneState,
  userId: string,
  overdue: Bonds['overdue'],
): Dropped {
  const { knownUsers } = visitors;
  const [user, erased] = [visitors.ofId(userId), visitors.ofId(erasedName(userId))];
  const [events, awaited] = [held.recordsOf(user).length, [...overdue, ...held.awaitedBy(user)]];
  held.release(user);
  const fresh = awaited.map(([guestId, link]) => [erasedName(guestId), link] as const);
  visitors.expire(erased, timeMs);
  const bonds = knownUsers.bondsOf(erased);
  const guests = [...bonds.guests, ...fresh].slice(-MOST_ON_THE_WAY);
  if (fresh.length > 0) knownUsers.setBonds(erased, { ...bonds, guests }, timeMs);
  return { events, guests: awaited.map(([guestId]) => guestId) };
}
