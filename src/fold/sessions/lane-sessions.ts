import type { SearchFollowed, SessionMoved } from '../../metrics/facts.ts';
import { NO_VALUE } from '../../metrics/sums/dimension-values.ts';
import type { Calendar } from '../../time/calendar.ts';
import type { EventStep } from '../event-step.ts';
import { type FoldSettings, RETURN_MS } from '../settings.ts';
import type { LaneState } from '../state/lane-state.ts';
import type { Memory } from '../state/memory.ts';
import { sessionField } from '../state/state-keys.ts';
import type { PendingSearch } from '../visitors/session-state.ts';
import { BOUGHT, NEW_USER } from '../visitors/session-table.ts';
import { readSession } from '../visitors/visitor-records.ts';
import { continues, isOver } from './session.ts';
import { SessionRecount } from './session-join.ts';

/** A guest's session on its way to the user. */
interface HandedOver {
  readonly id: string;
  readonly state: string;
  /** Timestamp of the guest's newest event. */
  readonly newestMs: number | undefined;
  /** Has the user been here before? Then the guest was no new one. */
  readonly isReturning: boolean;
}

export interface LaneSessionsParts {
  readonly state: LaneState;
  readonly memory: Memory;
  readonly settings: FoldSettings;
  readonly calendar: Calendar;
}

const NONE: readonly never[] = [];

/** The sessions of a lane: which one an event belongs to, and what it changes there. */
export class LaneSessions {
  private readonly parts: LaneSessionsParts;
  readonly recount: SessionRecount;

  constructor(parts: LaneSessionsParts) {
    this.parts = parts;
    this.recount = new SessionRecount(parts.state.visitors.sessions, parts.memory, parts.calendar);
  }

  /**
   * Adds an event to the session that it belongs to, and puts into the step what that changes.
   * @param isKnown whether anything is known of the user's visits that is not over
   * @returns the dimension values under which the event counts
   */
  advance(step: EventStep, isKnown: boolean, nowMs: number): number {
    const { memory, calendar, state } = this.parts;
    const { sessions } = state.visitors;
    const { timestampMs } = step;
    const session = (isKnown ? this.sessionOf(step, nowMs) : undefined) ?? this.begin(step, nowMs);
    const into = step.session;
    into.moved = this.bind(step, session, nowMs);
    const beforeMs = sessions.durationMs(session);
    sessions.addEvent(session, timestampMs, nowMs);
    const firstMs = sessions.firstMs.at(session);
    const events = sessions.events.at(session);
    const steps = memory.stepsOf(step.nameId, step.name);
    into.began = memory.sums.hour(calendar.at(firstMs));
    into.beganMs = firstMs;
    into.dimensions = sessions.countsAs.at(session);
    into.events = events;
    into.durationDeltaMs = sessions.durationMs(session) - beforeMs;
    into.reached = memory.funnels.advance(sessions.progress, session, steps, timestampMs - firstMs);
    into.isNewUser = events === 1 && this.isNewUser(step.user, nowMs);
    if (into.isNewUser) sessions.flags.add(session, NEW_USER);
    into.isFirstOrder = step.name === 'purchase' && !sessions.flags.has(session, BOUGHT);
    if (into.isFirstOrder) sessions.flags.add(session, BOUGHT);
    into.followed = this.searches(step, session);
    return this.admitted(step, session);
  }

  /** Gives the session the dimension values that the event is the first to name. */
  private bind(step: EventStep, session: number, nowMs: number): SessionMoved | undefined {
    const { state, settings, memory } = this.parts;
    const { visitors } = state;
    const { sessions } = visitors;
    const { binding } = memory;
    const named = binding.namedBy(step);
    const touch = binding.touchOf(step, named);
    const before = sessions.dimensions.at(session);
    if (before === NO_VALUE) {
      const lastTouch = visitors.lastTouch(step.user, nowMs - settings.attributionWindowMs);
      sessions.dimensions.set(session, binding.begin(step, lastTouch));
      sessions.countsAs.set(session, this.admitted(step, session));
    }
    if (touch !== NO_VALUE) visitors.setTouch(step.user, touch, nowMs);
    const known = sessions.named.at(session);
    const fresh = named & ~known;
    sessions.named.set(session, known | named);
    if (before === NO_VALUE || fresh === 0) return undefined;
    const now = binding.goOn(step, before, fresh);
    if (now === before) return undefined;
    const from = sessions.countsAs.at(session);
    sessions.dimensions.set(session, now);
    sessions.countsAs.set(session, this.admitted(step, session));
    if (sessions.countsAs.at(session) === from) return undefined;
    return { from, ...this.recount.soFar(session) };
  }

  /** The order that a session had first is taken back; of a session that nothing is known of any more nothing is. */
  takeBackOrder(userId: string, { id, beganMs }: { readonly id: string; readonly beganMs: number }): void {
    const { state, memory } = this.parts;
    const { visitors } = state;
    const user = visitors.ofId(userId);
    const newest = visitors.sessionOf(user);
    const isNewest =
      newest !== undefined && visitors.sessionId.at(user) === memory.sums.dictionaries.sessions.ofText(id);
    const earlier = isNewest ? undefined : state.sessions.entry(sessionField(userId, id));
    const session = isNewest ? newest : earlier?.value;
    if (session === undefined || visitors.sessions.firstMs.at(session) !== beganMs) return;
    this.recount.takeBackOrder(session);
    if (isNewest) visitors.touch(user);
    else earlier?.put(session);
  }

  /** Gives up a guest's session: the one of this id, or else the newest. Of what else there is of their visits nothing stays. */
  handOver(guest: number, guestId: string, sessionId: string, nowMs: number) {
    const { state, memory } = this.parts;
    const { visitors } = state;
    const { sessions, records } = visitors;
    const newest = visitors.sessionOf(guest);
    const newestId = newest === undefined ? '' : this.sessionId(visitors.sessionId.at(guest));
    const earlier = state.sessions.entry(sessionField(guestId, sessionId));
    const isEarlier = earlier.value !== undefined && (newest === undefined || newestId !== sessionId);
    const session = isEarlier ? earlier.value : newest;
    const id = isEarlier ? sessionId : newestId;
    const isOpen = session !== undefined && !isOver(sessions.laneMs.at(session), nowMs);
    const text = memory.texts;
    const from = text.size;
    if (isOpen) records.writeSession(session, 0, text);
    const open = isOpen ? { id, state: text.bytes.toString('utf8', from, text.size) } : undefined;
    text.size = from;
    if (isEarlier && earlier.value !== undefined) {
      sessions.release(earlier.value);
      earlier.remove();
    }
    if (visitors.isVisitor(guest)) visitors.drop(guest);
    return open;
  }

  /** Takes in a guest's session: the user's own goes on with it, where both are one. */
  takeOver(user: number, userId: string, { id, state, newestMs, isReturning }: HandedOver, nowMs: number): void {
    const { state: lane, memory, calendar } = this.parts;
    const { visitors } = lane;
    const { sessions } = visitors;
    const { dictionaries } = memory.sums;
    const read = readSession(state, 0, dictionaries);
    const handed = { ...read, laneMs: Math.min(read.laneMs, nowMs) };
    if (isOver(handed.laneMs, nowMs)) return;
    const isKnown = visitors.isVisitor(user) && !isOver(visitors.laneMs.at(user), nowMs);
    if (!isKnown) visitors.begin(user, nowMs, calendar.at(handed.newestMs).hourStartMs);
    const session = sessions.put(handed);
    if (isReturning) this.recount.makeReturning(session);
    this.place(user, userId, dictionaries.sessions.ofText(id), session);
    visitors.newestMs.set(user, Math.max(visitors.newestMs.at(user), newestMs ?? handed.newestMs));
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
    const isOne = isSame && (this.sessionId(id) !== '' || gapMs <= settings.sessionTimeoutMs);
    if (own === undefined || isOne) {
      visitors.setSession(user, id, own === undefined ? session : this.recount.join(own, session));
      return;
    }
    const earlier = kept.entry(sessionField(userId, this.sessionId(id)));
    if (earlier.value !== undefined) earlier.put(this.recount.join(earlier.value, session));
    // Of two without ids that are not one there is room for the newer alone.
    else if (isSame) {
      const [newer, older] =
        sessions.newestMs.at(own) >= sessions.newestMs.at(session) ? [own, session] : [session, own];
      sessions.release(older);
      visitors.setSession(user, id, newer);
    } else if (sessions.newestMs.at(own) >= sessions.newestMs.at(session)) earlier.put(session);
    else {
      kept.put(sessionField(userId, this.sessionId(visitors.sessionId.at(user))), own);
      visitors.setSession(user, id, session);
    }
  }

  /** As what the session's values count on the day of the event. */
  private admitted({ timestampMs }: EventStep, session: number): number {
    const { memory, calendar, state } = this.parts;
    return memory.admitted.admit(calendar.at(timestampMs).day, state.visitors.sessions.dimensions.at(session));
  }

  /** Notes a search, or says which ones a view_item is the first to follow. */
  private searches(step: EventStep, session: number): readonly SearchFollowed[] {
    const { sessions } = this.parts.state.visitors;
    if (step.name === 'search' && step.term !== undefined) sessions.noteSearch(session, step.term, step.timestampMs);
    return step.name === 'view_item' ? this.followed(sessions.takeSearches(session)) : NONE;
  }

  private followed(searches: readonly PendingSearch[]): readonly SearchFollowed[] {
    if (searches.length === 0) return NONE;
    const { memory, calendar } = this.parts;
    return searches.map(([term, atMs, count]) => ({ term, hour: memory.sums.hour(calendar.at(atMs)), count }));
  }

  /** The session that goes on with this event: the user's newest, or one before it. */
  private sessionOf(step: EventStep, nowMs: number): number | undefined {
    const { state, settings } = this.parts;
    const { visitors } = state;
    const newest = visitors.sessionOf(step.user);
    if (newest !== undefined && visitors.sessionId.at(step.user) === step.sessionNumber)
      return continues(visitors, newest, step, nowMs, settings) ? newest : undefined;
    const earlier = state.sessions.entry(sessionField(step.userId, step.sessionId));
    const { value } = earlier;
    if (value === undefined || !continues(visitors, value, step, nowMs, settings)) return undefined;
    // It is added to in place.
    earlier.put(value);
    return value;
  }

  /** A session begins and is the user's newest; the one before it is kept by itself. */
  private begin(step: EventStep, nowMs: number): number {
    const { visitors, sessions: kept } = this.parts.state;
    const { sessions } = visitors;
    const { user, userId, sessionNumber } = step;
    const before = visitors.sessionOf(user);
    const isSame = before !== undefined && visitors.sessionId.at(user) === sessionNumber;
    if (before !== undefined && !isSame && !isOver(sessions.laneMs.at(before), nowMs))
      kept.put(sessionField(userId, this.sessionId(visitors.sessionId.at(user))), before);
    else if (before !== undefined) sessions.release(before);
    if (!isSame) {
      const earlier = kept.entry(sessionField(userId, step.sessionId));
      if (earlier.value !== undefined) sessions.release(earlier.value);
      earlier.remove();
    }
    const session = sessions.begin(step.timestampMs, nowMs);
    visitors.setSession(user, sessionNumber, session);
    return session;
  }

  private sessionId(number: number): string {
    return this.parts.memory.sums.dictionaries.sessions.text(number);
  }

  /** A session begins: has none of the user's begun for thirty days? */
  private isNewUser(user: number, nowMs: number): boolean {
    const { visitors } = this.parts.state;
    const beganMs = visitors.known(user);
    visitors.setKnown(user, nowMs);
    return beganMs === undefined || nowMs - beganMs > RETURN_MS;
  }
}
