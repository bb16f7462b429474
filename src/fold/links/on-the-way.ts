import type { LinkRecord } from '../../events/event.ts';
import { erasedName } from '../erased-name.ts';
import type { LaneState } from '../state/lane-state.ts';
import type { Bonds } from '../visitors/known-user.ts';
import type { KnownUsers } from '../visitors/known-users.ts';
import type { Outgoing } from './outgoing.ts';

type Merge = Extract<LinkRecord, { kind: 'merge' }>;
type Nameless = Extract<LinkRecord, { kind: 'nameless' }>;
type Guests = Bonds['guests'];

/** So many links of a user are remembered, so that one that comes twice is known. */
export const MOST_LINKS = 20;
/** Of so many guests it is known that they were on their way to an erased user; what was at more erasures than that has come since. */
const MOST_ON_THE_WAY = 100;

const hasLink = (guests: Guests, id: string): boolean => guests.some(([, link]) => link === id);

/** Guests are on their way to the user for whom nobody waits: an erasure has to know of them all the same. */
export function expectGuests(knownUsers: KnownUsers, user: number, guests: Guests, nowMs: number): void {
  const bonds = knownUsers.bondsOf(user);
  const known = [...bonds.guests, ...bonds.overdue];
  const fresh = guests.filter(([, id]) => !hasLink(known, id));
  if (fresh.length === 0) return;
  knownUsers.setBonds(user, { ...bonds, overdue: [...bonds.overdue, ...fresh].slice(-MOST_LINKS) }, nowMs);
}

/** A guest of the user's is erased: that there was one stays known, by whose links, so that one which comes twice is known. */
export function forgetName(visitors: LaneState['visitors'], { userId, whose }: Nameless, nowMs: number): void {
  const user = visitors.ofId(userId);
  visitors.expire(user, nowMs);
  const bonds = visitors.knownUsers.bondsOf(user);
  const isTheirs = ([guestId]: Guests[number]): boolean => erasedName(guestId) === whose;
  if (![...bonds.guests, ...bonds.overdue].some(isTheirs)) return;
  const unnamed = (guests: Guests): Guests => guests.map((one) => (isTheirs(one) ? [whose, one[1]] : one));
  const [guests, overdue] = [unnamed(bonds.guests), unnamed(bonds.overdue)];
  visitors.knownUsers.setBonds(user, { ...bonds, guests, overdue }, nowMs);
}

/** What was let go of an erased user. */
interface Dropped {
  readonly events: number;
  readonly guests: readonly string[];
}

/**
 * What waits of an erased user is not counted any more, and what is on its way to them never taken in: that is kept under what stands for
 * them, also where nothing is known to be, since the partition of an order that both have reported may have sent for a guest.
 * @param overdue guests for whom they do not wait, each with the link
 */
export function dropHeld({ held, visitors, timeMs = 0 }: LaneState, userId: string, overdue: Guests): Dropped {
  const { knownUsers } = visitors;
  const [user, erased] = [visitors.ofId(userId), visitors.ofId(erasedName(userId))];
  const [events, awaited] = [held.recordsOf(user).length, [...overdue, ...held.awaitedBy(user)]];
  held.release(user);
  visitors.expire(erased, timeMs);
  addGuests(knownUsers, erased, awaited, timeMs);
  return { events, guests: awaited.map(([guestId]) => guestId) };
}

/** Was it on its way to a user when they were erased? A guest of whom their owner did not know goes along, unless the user has come anew. */
export function isOfErased(
  { id, guestId, userId }: Pick<Merge, 'id' | 'guestId' | 'userId'>,
  { held, visitors }: LaneState,
  outgoing: Outgoing,
  nowMs: number,
): boolean {
  const { knownUsers } = visitors;
  const [user, erased] = [visitors.ofId(userId), visitors.ofId(erasedName(userId))];
  visitors.expire(erased, nowMs);
  if (hasLink(knownUsers.bondsOf(erased).guests, id)) return true;
  if (!knownUsers.isKnown(erased) || knownUsers.isKnown(user) || held.isAwaited(user, guestId)) return false;
  addGuests(knownUsers, erased, [[guestId, id]], nowMs);
  outgoing.sayErase(guestId);
  return true;
}

function addGuests(knownUsers: KnownUsers, erased: number, guests: Guests, nowMs: number): void {
  const bonds = knownUsers.bondsOf(erased);
  const nameless = guests.map(([guestId, link]) => [erasedName(guestId), link] as const);
  knownUsers.setBonds(erased, { ...bonds, guests: [...bonds.guests, ...nameless].slice(-MOST_ON_THE_WAY) }, nowMs);
}
