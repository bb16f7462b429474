import { RUNNING_SESSION } from '../../events/running-session.ts';
import type { CountedEvents } from '../counted-events.ts';
import { SESSION_LIFE_MS } from '../settings.ts';
import { purchasingField, sessionField } from '../state/state-keys.ts';
import { isOver, type SessionState } from '../visitors/session-state.ts';
import { NEW_USER } from '../visitors/session-table.ts';
import { readSession } from '../visitors/visitor-records.ts';
import { continues } from './session.ts';
import type { LaneSessionsParts, SessionRecount } from './session-recount.ts';

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

/** Sessions of a lane that turn out to be another's. */
export class SessionHandover {
  private readonly parts: LaneSessionsParts;
  private readonly recount: SessionRecount;
  private readonly counted: CountedEvents | undefined;

  constructor(parts: LaneSessionsParts, recount: SessionRecount, counted: CountedEvents | undefined) {
    this.parts = parts;
    this.recount = recount;
    this.counted = counted;
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
    const isEarlier = earlier.value !== undefined && !isOver(sessions.laneMs.at(earlier.value), nowMs) && isOther;
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
      visitors.keepSession(guest);
    } else if (visitors.isVisitor(guest)) visitors.drop(guest);
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
    if (isOver(handed.laneMs, nowMs)) {
      this.noteOver(userId, id, handed);
      if (isAlone) this.wasHere(user);
      return;
    }
    if (!visitors.isVisitor(user)) visitors.begin(user, nowMs);
    const session = sessions.put(handed);
    // One of both is new: whoever was here first, if nobody had been before.
    if (isAlone && !sessions.flags.has(session, NEW_USER)) this.wasHere(user);
    if (isReturning) this.makeReturning(userId, id, session);
    // What was bought in it may be what somebody has reported as the user's a little before.
    const hasOrder = typeof boughtFirst === 'number' && boughtFirst >= handed.firstMs;
    const beforeMs = hasOrder ? handed.firstMs - SESSION_LIFE_MS : handed.firstMs;
    const name = { userId, sessionId: id };
    if (visitors.buyers.hasBoughtBefore(user, beforeMs)) this.recount.makeBuyers(name, session);
    if (sessions.boughtIn(session).length > 0) this.recount.notePurchasing(name, session);
    this.place(user, userId, dictionaries.sessions.ofText(id), session, nowMs);
    visitors.newestMs.set(user, Math.max(visitors.newestMs.at(user), newestMs ?? handed.newestMs));
    visitors.laneMs.set(user, Math.max(visitors.laneMs.at(user), handed.laneMs));
    visitors.touch(user);
  }

  /** Nothing goes on with it, as the guest's partition could not know that had no event since; its orders may yet be taken back. */
  private noteOver(userId: string, id: string, { firstMs, laneMs, countsAs, bought }: SessionState): void {
    if (bought.length === 0) return;
    const known = { kind: 'counts', atMs: laneMs, dimensions: countsAs, reports: bought } as const;
    this.parts.state.purchasing.put(purchasingField(userId, id, firstMs), known);
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
    const { sessions } = this.parts.state.visitors;
    const firstMs = Math.max(sessions.firstMs.at(one), sessions.firstMs.at(other));
    const stays = this.recount.join({ userId, sessionId }, one, other);
    const [intoMs, events] = [sessions.firstMs.at(stays), sessions.events.at(stays)];
    const joined = { intoMs, events, lastMs: sessions.lastMs.at(stays) };
    this.counted?.session({ userId, sessionId, firstMs, joined });
    return stays;
  }

  /**
   * It turns out that the user had bought, as a guest. What was bought in the session that comes over is no order before the user's own: that
   * may be the shop's report of the same.
   * @param told when first; true where that is not known
   * @param overMs when the session that comes over began
   */
  takeInBuyer(user: number, told: number | true, overMs: number | undefined): void {
    const { visitors } = this.parts.state;
    const isNews = visitors.buyers.add(user, told);
    if (!isNews || (overMs !== undefined && told !== true && told >= overMs)) return;
    const own = visitors.sessionOf(user);
    if (own === undefined || !visitors.buyers.hasBoughtBefore(user, visitors.sessions.firstMs.at(own))) return;
    this.recount.makeBuyers({ userId: visitors.idOf(user), sessionId: this.idOf(visitors.sessionId.at(user)) }, own);
    visitors.touch(user);
  }

  /** Beside the user's own, or in one with that of the same id, if no more time lies between than within a session. */
  private place(user: number, userId: string, id: number, session: number, nowMs: number): void {
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
    const mostMs = this.idOf(id) === '' ? settings.sessionTimeoutMs : SESSION_LIFE_MS;
    if (isSame && gapMs <= mostMs) {
      visitors.setSession(user, id, this.join(userId, this.idOf(id), own, session));
      return;
    }
    const earlier = kept.entry(sessionField(userId, this.idOf(id)));
    if (earlier.value !== undefined && isOver(sessions.laneMs.at(earlier.value), nowMs)) {
      sessions.release(earlier.value);
      earlier.remove();
    }
    const before = earlier.value;
    const placed = before === undefined ? session : this.join(userId, this.idOf(id), before, session);
    if (own === undefined) {
      earlier.remove();
      visitors.setSession(user, id, placed);
    } else if (before !== undefined) earlier.put(placed);
    // Of two that have the same id, or none, and are not one there is room for the newer alone.
    else if (isSame) {
      const [newer, older] =
        sessions.newestMs.at(own) >= sessions.newestMs.at(session) ? [own, session] : [session, own];
      sessions.release(older);
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
