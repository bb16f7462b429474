import { RUNNING_SESSION } from '../../events/running-session.ts';
import type { CountedEvents } from '../counted-events.ts';
import { SESSION_LIFE_MS } from '../settings.ts';
import { sessionField } from '../state/state-keys.ts';
import { NEW_USER } from '../visitors/session-table.ts';
import { readSession } from '../visitors/visitor-records.ts';
import type { LaneSessionsParts } from './lane-sessions.ts';
import { continues, isNoteOfJoining, isOver, noteJoined, type SoughtSession, setAside } from './session.ts';
import type { SessionRecount } from './session-join.ts';

/** A guest's session on its way to the user. */
interface HandedOver {
  readonly id: string;
  readonly state: string;
  /** Timestamp of the guest's newest event. */
  readonly newestMs: number | undefined;
  /** Has the user been here before? Then the guest was no new one. */
  readonly isReturning: boolean;
  /** Were the guest's visits nobody's before? */
  readonly isAlone: boolean;
  /** When the guest bought first; true where that is not known. */
  readonly boughtFirst: number | true | undefined;
}

/** A report of an order, and the session that it came in. */
export interface BoughtIn {
  readonly id: string;
  readonly beganMs: number;
  readonly report: string;
  /** The order's dimension values; undefined where the session had another one before. */
  readonly values?: readonly string[] | undefined;
}

const FOUND: SoughtSession = { kind: 'found' };

/** Sessions of a lane that turn out to be another's, or without the order that they had. */
export class SessionHandover {
  private readonly parts: LaneSessionsParts;
  private readonly recount: SessionRecount;
  private readonly counted: CountedEvents | undefined;

  constructor(parts: LaneSessionsParts, recount: SessionRecount, counted: CountedEvents | undefined) {
    this.parts = parts;
    this.recount = recount;
    this.counted = counted;
  }

  /** An order that a session has is taken back. */
  takeBackOrder(user: number, { id, beganMs, report }: BoughtIn): SoughtSession {
    const { state, memory } = this.parts;
    const { visitors } = state;
    const { sessions } = visitors;
    const newest = visitors.sessionOf(user);
    const isNewest =
      newest !== undefined && visitors.sessionId.at(user) === memory.sums.dictionaries.sessions.ofText(id);
    const earlier = isNewest ? undefined : state.sessions.entry(sessionField(visitors.idOf(user), id));
    const session = isNewest ? newest : earlier?.value;
    // One that has joined another began earlier.
    if (session === undefined || sessions.firstMs.at(session) > beganMs || sessions.newestMs.at(session) < beganMs)
      return this.takeBackEnded(user, { id, beganMs, report });
    this.recount.takeBackOrder(session, report);
    if (isNewest) visitors.touch(user);
    else earlier?.put(session);
    return FOUND;
  }

  /** Another of the same id has begun behind it, or it has joined one behind which another has. */
  private takeBackEnded(user: number, { id, beganMs, report }: BoughtIn): SoughtSession {
    const { state } = this.parts;
    const { sessions } = state.visitors;
    const ended = state.sessions.entry(sessionField(state.visitors.idOf(user), id, beganMs));
    if (ended.value === undefined) return { kind: 'unknown' };
    if (isNoteOfJoining(sessions, ended.value)) return { kind: 'joined', beganMs: sessions.firstMs.at(ended.value) };
    this.recount.takeBackOrder(ended.value, report);
    ended.put(ended.value);
    return FOUND;
  }

  /**
   * Nobody knows the session any more, which is long over: it is taken to have had no other order than its first, and the order's values. It
   * is kept as one without an order, since whoever asks may ask twice.
   */
  takeBackFromExpired(user: number, { id, beganMs, values }: BoughtIn, nowMs: number): void {
    if (values === undefined) return;
    const { state, memory } = this.parts;
    const { sessions } = state.visitors;
    const session = sessions.begin(beganMs, nowMs);
    sessions.addEvent(session, beganMs, nowMs);
    sessions.dimensions.set(session, memory.sums.dictionaries.values.ofTexts(values));
    sessions.countsAs.set(session, sessions.dimensions.at(session));
    this.recount.takeBackFromExpired(session);
    state.sessions.put(sessionField(state.visitors.idOf(user), id, beganMs), session);
  }

  /** Would the user's newest session go on with an event of this moment? */
  goesOn(user: number, sessionId: string, atMs: number, nowMs: number): boolean {
    const { state, settings } = this.parts;
    const { visitors } = state;
    const newest = visitors.sessionOf(user);
    const isRunning = sessionId === RUNNING_SESSION;
    if (newest === undefined || !(isRunning || this.idOf(visitors.sessionId.at(user)) === sessionId)) return false;
    const hasSessionId = sessionId !== '' && !isRunning;
    return continues(visitors, newest, { user, timestampMs: atMs, hasSessionId }, nowMs, settings);
  }

  /** Gives up a guest's session: the one of this id, or else the newest. Of what else there is of their visits only earlier sessions stay. */
  handOver(guest: number, guestId: string, sessionId: string, nowMs: number) {
    const { state, memory } = this.parts;
    const { visitors } = state;
    const { sessions, records } = visitors;
    const newest = visitors.sessionOf(guest);
    const newestId = newest === undefined ? '' : this.idOf(visitors.sessionId.at(guest));
    const earlier = state.sessions.entry(sessionField(guestId, sessionId));
    // An event without an id means the newest.
    const isOther = newest === undefined || (sessionId !== '' && newestId !== sessionId);
    const isEarlier = earlier.value !== undefined && isOther;
    const session = isEarlier ? earlier.value : newest;
    const id = isEarlier ? sessionId : newestId;
    const isOpen = session !== undefined && !isOver(sessions.laneMs.at(session), nowMs);
    const text = memory.texts;
    const from = text.size;
    if (isOpen) records.writeSession(session, 0, text);
    const open = isOpen
      ? {
          id,
          first: sessions.firstMs.at(session),
          state: text.bytes.toString('utf8', from, text.size),
          ...(sessions.boughtIn(session).length > 0 && { bought: true }),
        }
      : undefined;
    text.size = from;
    if (isEarlier && earlier.value !== undefined) {
      sessions.release(earlier.value);
      earlier.remove();
      // The newest is another one, which stays the guest's until somebody asks for it.
      if (newest !== undefined) {
        state.sessions.put(sessionField(guestId, newestId), newest);
        visitors.leaveSession(guest);
      }
    }
    if (visitors.isVisitor(guest)) visitors.drop(guest);
    return open;
  }

  /** Takes in a guest's session: the user's own goes on with it, where both are one. */
  takeOver(
    user: number,
    userId: string,
    { id, state, newestMs, isReturning, isAlone, boughtFirst }: HandedOver,
    nowMs: number,
  ): void {
    const { state: lane, memory } = this.parts;
    const { visitors } = lane;
    const { sessions } = visitors;
    const { dictionaries } = memory.sums;
    const read = readSession(state, 0, dictionaries);
    const handed = { ...read, laneMs: Math.min(read.laneMs, nowMs) };
    if (isOver(handed.laneMs, nowMs)) return;
    const isKnown = visitors.isVisitor(user) && !isOver(visitors.laneMs.at(user), nowMs);
    if (!isKnown) visitors.begin(user, nowMs);
    const session = sessions.put(handed);
    // One of both is new: whoever was here first, if nobody had been before.
    if (isAlone && !sessions.flags.has(session, NEW_USER)) this.wasHere(user);
    if (isReturning) this.makeReturning(userId, id, session);
    // What was bought in it may be what somebody has reported as the user's a little before.
    const hasOrder = typeof boughtFirst === 'number' && boughtFirst >= handed.firstMs;
    const beforeMs = hasOrder ? handed.firstMs - SESSION_LIFE_MS : handed.firstMs;
    if (visitors.buyers.hasBoughtBefore(user, beforeMs)) this.recount.makeBuyers(session);
    this.place(user, userId, dictionaries.sessions.ofText(id), session);
    visitors.newestMs.set(user, Math.max(visitors.newestMs.at(user), newestMs ?? handed.newestMs));
    visitors.laneMs.set(user, Math.max(visitors.laneMs.at(user), handed.laneMs));
    visitors.touch(user);
  }

  /** It turns out that the user had been here before, as a guest. */
  wasHere(user: number): void {
    const { visitors } = this.parts.state;
    const own = visitors.sessionOf(user);
    if (own === undefined) return;
    this.makeReturning(visitors.idOf(user), this.idOf(visitors.sessionId.at(user)), own);
    visitors.touch(user);
  }

  private makeReturning(userId: string, sessionId: string, session: number): void {
    this.recount.makeReturning(session);
    const firstMs = this.parts.state.visitors.sessions.firstMs.at(session);
    this.counted?.session({ userId, sessionId, firstMs, joined: undefined });
  }

  /** Of two that have the same id the earlier one stays. */
  private join(userId: string, sessionId: string, one: number, other: number): number {
    const { state } = this.parts;
    const { sessions } = state.visitors;
    const firstMs = Math.max(sessions.firstMs.at(one), sessions.firstMs.at(other));
    const stays = this.recount.join(one, other);
    if (sessions.boughtIn(stays).length > 0) noteJoined(state, sessionField(userId, sessionId, firstMs), stays);
    const [intoMs, events] = [sessions.firstMs.at(stays), sessions.events.at(stays)];
    const joined = { intoMs, events, lastMs: sessions.lastMs.at(stays) };
    this.counted?.session({ userId, sessionId, firstMs, joined });
    return stays;
  }

  /** It turns out that the user had bought before, as a guest. */
  hasBought(user: number): void {
    const { visitors } = this.parts.state;
    const own = visitors.sessionOf(user);
    if (own === undefined || !visitors.buyers.hasBoughtBefore(user, visitors.sessions.firstMs.at(own))) return;
    this.recount.makeBuyers(own);
    visitors.touch(user);
  }

  /** Beside the user's own, or in one with that of the same id; where the shop names none, with what lies within the gap. */
  private place(user: number, userId: string, id: number, session: number): void {
    const { state, settings } = this.parts;
    const { visitors, sessions: kept } = state;
    const { sessions } = visitors;
    const own = visitors.sessionOf(user);
    const isSame = own !== undefined && visitors.sessionId.at(user) === id;
    const gapMs =
      own === undefined
        ? 0
        : Math.max(sessions.firstMs.at(own), sessions.firstMs.at(session)) -
          Math.min(sessions.newestMs.at(own), sessions.newestMs.at(session));
    const isOne = isSame && (this.idOf(id) !== '' || gapMs <= settings.sessionTimeoutMs);
    if (own === undefined || isOne) {
      visitors.setSession(user, id, own === undefined ? session : this.join(userId, this.idOf(id), own, session));
      return;
    }
    const earlier = kept.entry(sessionField(userId, this.idOf(id)));
    if (earlier.value !== undefined) earlier.put(this.join(userId, this.idOf(id), earlier.value, session));
    // Of two without ids that are not one there is room for the newer alone.
    else if (isSame) {
      const [newer, older] =
        sessions.newestMs.at(own) >= sessions.newestMs.at(session) ? [own, session] : [session, own];
      setAside(state, userId, this.idOf(id), older);
      visitors.setSession(user, id, newer);
    } else if (sessions.newestMs.at(own) >= sessions.newestMs.at(session)) earlier.put(session);
    else {
      kept.put(sessionField(userId, this.idOf(visitors.sessionId.at(user))), own);
      visitors.setSession(user, id, session);
    }
  }

  private idOf(number: number): string {
    return this.parts.memory.sums.dictionaries.sessions.text(number);
  }
}
