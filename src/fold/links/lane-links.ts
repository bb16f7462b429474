import type { LinkRecord } from '../../events/event.ts';
import { shortHash } from '../../events/ids/short-hash.ts';
import { RUNNING_SESSION } from '../../events/running-session.ts';
import { NO_VALUE } from '../../metrics/sums/dimension-values.ts';
import type { Writes } from '../../metrics/writes.ts';
import type { LaneCarts } from '../carts/lane-carts.ts';
import { ABSENT } from '../columns/column.ts';
import type { EventStep } from '../event-step.ts';
import type { SessionHandover } from '../sessions/session-handover.ts';
import { type FoldSettings, RETURN_MS } from '../settings.ts';
import type { LaneState } from '../state/lane-state.ts';
import type { Memory } from '../state/memory.ts';
import { decodeCart } from '../state/records.ts';
import type { UserCounts } from '../users/user-counts.ts';
import { expectGuests, isOfErased, MOST_LINKS } from './on-the-way.ts';
import { giveUpInteractions, takeInInteractions } from './open-interactions.ts';
import { readOpenMarks, writeOpenMarks } from './open-marks.ts';
import { type OpenState, parseOpen } from './open-state.ts';
import type { Outgoing } from './outgoing.ts';

type Link = Extract<LinkRecord, { kind: 'link' }>;
type Returned = Extract<LinkRecord, { kind: 'returned' }>;
type Merge = Extract<LinkRecord, { kind: 'merge' }>;

/** So many sessions with an order that went over are remembered. */
const MOST_GONE = 20;

export interface LaneLinksParts {
  readonly state: LaneState;
  readonly users: UserCounts;
  readonly sessions: SessionHandover;
  readonly carts: LaneCarts;
  readonly settings: FoldSettings;
  readonly memory: Memory;
  readonly writes: Writes;
  readonly outgoing: Outgoing;
}

export const linkId = (guestId: string, userId: string, why: string): string =>
  shortHash(['link', guestId, userId, why]);

/**
 * Guests who sign in. The owner of the user sees an event that names both: it says `link` to the guest's partition, and lets the user's
 * events wait. The guest's owner gives up what is open of the guest, and says `merge` with it. The user's owner takes that in, and
 * counts what waited behind it. Each of these records may come twice; a guest who does something again is `returned`.
 */
export class LaneLinks {
  private readonly parts: LaneLinksParts;

  constructor(parts: LaneLinksParts) {
    this.parts = parts;
  }

  /** Nearly every event is nobody's who signs in. */
  isAbout({ guest }: EventStep): boolean {
    const { held, visitors } = this.parts.state;
    return guest !== ABSENT || !held.isEmpty || visitors.knownUsers.hasBonds;
  }

  /** @returns whether the event has to wait */
  waits(step: EventStep, nowMs: number): boolean {
    const { held, visitors } = this.parts.state;
    const { user, guest } = step;
    visitors.expire(user, nowMs);
    if (guest === ABSENT || guest === user) this.sayReturned(step, nowMs);
    else this.link(step, nowMs);
    return held.has(user);
  }

  /** The event names a guest: from whom nothing has come yet, unless the one before named them too. */
  private link(step: EventStep, nowMs: number): void {
    const { state, outgoing } = this.parts;
    const { held, visitors } = state;
    const { user, userId, guest } = step;
    const guestId = visitors.idOf(guest);
    // Of a user who waits it is not known yet whom their last event has named.
    const isKnown = held.has(user) ? held.isAwaited(user, guestId) : visitors.guestOf(user)?.guest === guest;
    if (isKnown) return;
    const id = linkId(guestId, userId, step.eventId);
    outgoing.sayLink({
      id,
      guestId,
      userId,
      sessionId: step.sessionId,
      atMs: step.timestampMs,
      arrivedMs: step.arrivedAtMs,
    });
    held.await(user, guestId, id, nowMs);
  }

  /** A guest who had signed in does something as a guest again: the user's next event that names them links anew. */
  private sayReturned(step: EventStep, nowMs: number): void {
    const { user, sessionId, isOfRunning, timestampMs, arrivedAtMs, eventId, name } = step;
    const { visitors } = this.parts.state;
    const bonds = visitors.knownUsers.bondsOf(user);
    const hasBought = name === 'purchase';
    if (bonds.into === undefined || (bonds.hasReturned && !hasBought)) return;
    const { userId } = bonds.into;
    const guestId = visitors.idOf(user);
    const id = linkId(guestId, userId, eventId);
    visitors.knownUsers.setBonds(user, { ...bonds, hasReturned: true }, nowMs);
    this.parts.outgoing.say(userId, guestId, {
      control: 'returned',
      id,
      guest: guestId,
      user_id: userId,
      session: isOfRunning ? RUNNING_SESSION : sessionId,
      at: timestampMs,
      arrived: arrivedAtMs,
      bought: hasBought,
    });
  }

  /** Of the user's owner: what they did as a user last may be later than that; or they buy in the user's session, without the name. */
  returned({ id, guestId, userId, sessionId, atMs, arrivedMs, hasBought }: Returned, nowMs: number): void {
    const { state, sessions, outgoing } = this.parts;
    const { visitors } = state;
    const user = visitors.ofId(userId);
    visitors.expire(user, nowMs);
    const named = visitors.guestOf(user);
    const isNamed = named?.guest === visitors.ofId(guestId);
    const isTheirs = visitors.knownUsers.bondsOf(user).guests.some(([guest]) => guest === guestId);
    const isLater = isNamed && named.atMs >= atMs;
    const isOne = isLater || (hasBought && isTheirs && sessions.goesOn(user, sessionId, atMs, nowMs));
    if (isNamed && !isOne) visitors.unnameGuest(user);
    if (!isOne) return;
    const ofGuest = sessionId === RUNNING_SESSION ? '' : sessionId;
    const lastMs = Math.max(named?.atMs ?? atMs, atMs);
    outgoing.sayLink({ id, guestId, userId, sessionId: ofGuest, atMs: lastMs, arrivedMs });
    expectGuests(visitors.knownUsers, user, [[guestId, id]], nowMs);
  }

  /** Of the guest's owner: what is open of the guest goes over. */
  giveUp(link: Link, nowMs: number): void {
    const { id, guestId, userId } = link;
    const { state, outgoing } = this.parts;
    const { visitors } = state;
    const guest = visitors.ofId(guestId);
    visitors.expire(guest, nowMs);
    const bonds = visitors.knownUsers.bondsOf(guest);
    // It came twice; what the guest has done since is theirs.
    const links = bonds.into?.links ?? [];
    if (links.includes(id)) return;
    const open = { alone: bonds.into === undefined, ...this.openOf(guest, link, nowMs) };
    const went = open.session?.bought === true ? [[open.session.id, userId, open.session.first] as const] : [];
    visitors.knownUsers.setBonds(
      guest,
      {
        ...bonds,
        into: { userId, links: [...links, id].slice(-MOST_LINKS), atMs: nowMs },
        hasReturned: false,
        gone: [...bonds.gone, ...went].slice(-MOST_GONE),
      },
      nowMs,
    );
    outgoing.say(userId, userId, { control: 'merge', id, guest: guestId, user_id: userId, open });
  }

  private openOf(guest: number, link: Link, nowMs: number): OpenState {
    const { guestId, sessionId } = link;
    const { state, users, sessions, carts, settings, memory } = this.parts;
    const { visitors } = state;
    const touch = visitors.knownUsers.lastTouch(guest, nowMs - settings.attributionWindowMs);
    const open: OpenState = {
      newest: visitors.isVisitor(guest) ? visitors.newestMs.at(guest) : undefined,
      began: visitors.knownUsers.beganMs(guest),
      touch:
        touch === NO_VALUE
          ? undefined
          : { at: visitors.knownUsers.touchedMs(guest), values: state.dictionaries.values.textsOf(touch) },
      buyer: visitors.buyers.toldOf(guest),
      bought: visitors.purchaseOf(guest),
      session: sessions.handOver(guest, guestId, sessionId, nowMs),
      interactions: giveUpInteractions(guest, guestId, state.histories, this.parts),
      marks: writeOpenMarks(users.giveUp(guest, nowMs), memory.funnels, state.dictionaries.values),
    };
    const cart = carts.handover.giveUp(guest, link);
    return cart === undefined ? open : { ...open, cart };
  }

  /**
   * Of the user's owner: takes in what was open of the guest.
   * @returns undefined where the user's events do not wait, or go on to; else what the guest bought, which belongs among them by its moment
   */
  takeIn(
    { id, guestId, userId, open: told }: Merge,
    nowMs: number,
  ): { readonly boughtMs: number | undefined } | undefined {
    const { state, outgoing } = this.parts;
    const { held, visitors } = state;
    const user = visitors.ofId(userId);
    visitors.expire(user, nowMs);
    if (isOfErased({ id, guestId, userId }, state, outgoing, nowMs)) return undefined;
    const bonds = visitors.knownUsers.bondsOf(user);
    const overdue = bonds.overdue.filter(([, link]) => link !== id);
    const open = parseOpen(told);
    if (!bonds.guests.some(([guest, link]) => guest === guestId && link === id)) {
      this.merge(user, userId, open, nowMs);
      const guests = [...bonds.guests, [guestId, id] as const].slice(-MOST_LINKS);
      visitors.knownUsers.setBonds(user, { ...bonds, guests, overdue }, nowMs);
    }
    return held.arrived(user, guestId, id) ? { boughtMs: open.bought } : undefined;
  }

  /** The user's events wait no longer for what is on its way. */
  waitsNoLonger(user: number, nowMs: number): void {
    const { held, visitors } = this.parts.state;
    const awaited = held.awaitedBy(user);
    if (awaited.length > 0) visitors.expire(user, nowMs);
    expectGuests(visitors.knownUsers, user, awaited, nowMs);
  }

  private merge(user: number, userId: string, open: OpenState, nowMs: number): void {
    const { state, users, sessions, carts, memory, writes } = this.parts;
    const { visitors, dictionaries } = state;
    const beganMs = visitors.knownUsers.beganMs(user);
    const isReturning = beganMs !== undefined && nowMs - beganMs <= RETURN_MS;
    const beforeMs = beganMs === undefined || open.began === undefined ? 0 : beganMs - open.began;
    const wasHere = beforeMs > 0 && beforeMs <= RETURN_MS;
    if (open.alone === true && open.session === undefined && wasHere) sessions.wasHere(user);
    if (open.buyer !== undefined) sessions.takeInBuyer(user, open.buyer, open.session?.first);
    if (open.session !== undefined)
      sessions.takeOver(
        user,
        userId,
        { ...open.session, newestMs: open.newest, isReturning, isAlone: open.alone === true, boughtFirst: open.buyer },
        nowMs,
      );
    if (open.began !== undefined)
      visitors.knownUsers.setBegan(user, Math.max(beganMs ?? Number.NEGATIVE_INFINITY, Math.min(open.began, nowMs)));
    const { touch } = open;
    if (touch !== undefined && visitors.knownUsers.lastTouch(user, touch.at) === NO_VALUE)
      visitors.knownUsers.setTouch(user, dictionaries.values.ofTexts(touch.values), Math.min(touch.at, nowMs));
    if (open.bought !== undefined) carts.handover.boughtElsewhere(user, userId, open.bought);
    if (open.cart !== undefined)
      carts.handover.takeIn(user, userId, decodeCart(open.cart), visitors.purchaseOf(user), nowMs);
    if (open.marks !== undefined)
      users.takeIn(user, readOpenMarks(open.marks, memory.funnels, dictionaries.values), nowMs);
    takeInInteractions(userId, open.interactions ?? [], writes);
  }
}
