import type { SearchFollowed, SessionMoved } from '../../metrics/facts.ts';
import { NO_VALUE } from '../../metrics/sums/dimension-values.ts';
import type { EventStep } from '../event-step.ts';
import { reportHash, reportOf } from '../orders/reports.ts';
import { RETURN_MS } from '../settings.ts';
import { sessionField } from '../state/state-keys.ts';
import type { PendingSearch } from '../visitors/session-state.ts';
import { ACTED, BOUGHT, NEW_USER, TAKEN_BACK } from '../visitors/session-table.ts';
import { continues } from './session.ts';
import { type LaneSessionsParts, SessionRecount } from './session-recount.ts';

const NONE: readonly never[] = [];

/** Whoever does no more than this once has bounced. */
const isView = (name: string): boolean => name === 'page_view' || name === 'view_item';

/** The sessions of a lane: which one an event belongs to, and what it changes there. */
export class LaneSessions {
  private readonly parts: LaneSessionsParts;
  readonly recount: SessionRecount;

  constructor(parts: LaneSessionsParts) {
    this.parts = parts;
    this.recount = new SessionRecount(parts);
  }

  /**
   * Adds an event to the session that it belongs to, and puts into the step what that changes.
   * @returns the dimension values under which the event counts
   */
  advance(step: EventStep, nowMs: number): number {
    const { memory, calendar, state } = this.parts;
    const { sessions } = state.visitors;
    const { timestampMs } = step;
    step.members = memory.members.of(calendar.at(timestampMs).day);
    if (step.isOfRunning) this.joinRunning(step);
    const session = this.sessionOf(step, nowMs) ?? this.begin(step, nowMs);
    const into = step.session;
    into.moved = this.bind(step, session, nowMs);
    const beforeMs = sessions.durationMs(session);
    const wasBounce = sessions.isBounce(session);
    sessions.addEvent(session, timestampMs, nowMs);
    const firstMs = sessions.firstMs.at(session);
    const events = sessions.events.at(session);
    const steps = memory.stepsOf(step.nameId, step.name);
    into.began = memory.sums.hour(calendar.at(firstMs));
    into.beganMs = firstMs;
    into.dimensions = sessions.countsAs.at(session);
    into.events = events;
    if (events === 1 && !isView(step.name)) sessions.flags.add(session, ACTED);
    into.bounceDelta = wasBounce ? -1 : sessions.isBounce(session) ? 1 : 0;
    into.durationDeltaMs = sessions.durationMs(session) - beforeMs;
    into.reached = memory.funnels.advance(sessions.progress, session, steps, timestampMs - firstMs);
    into.isNewUser = events === 1 && this.isNewUser(step.user, nowMs);
    if (into.isNewUser) sessions.flags.add(session, NEW_USER);
    into.isFirstOrder = step.name === 'purchase' && !sessions.flags.has(session, BOUGHT);
    if (step.name === 'purchase') this.noteBought(step, session);
    else if (into.moved?.hasBought === true) this.recount.notePurchasing(step, session);
    into.followed = this.searches(step, session);
    return this.admitted(step, session);
  }

  private noteBought(step: EventStep, session: number): void {
    const { state } = this.parts;
    const { sessions } = state.visitors;
    const isAlone = !sessions.flags.has(session, BOUGHT | TAKEN_BACK);
    const saysAll = isAlone && this.admitted(step, session) === sessions.countsAs.at(session);
    sessions.flags.add(session, BOUGHT);
    sessions.noteBought(session, reportHash(reportOf(step)));
    if (!saysAll) this.recount.notePurchasing(step, session);
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
      const lastTouch = visitors.knownUsers.lastTouch(step.user, nowMs - settings.attributionWindowMs);
      const isBuyer = visitors.buyers.hasBoughtBefore(step.user, step.timestampMs);
      sessions.dimensions.set(session, binding.begin(step, lastTouch, isBuyer));
      sessions.countsAs.set(session, this.admitted(step, session));
    }
    if (touch !== NO_VALUE) visitors.knownUsers.setTouch(step.user, touch, nowMs);
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

  /** The visitor's newest session, where it had begun by then and they are in it; that it is not over is looked at as for any other. */
  private joinRunning(step: EventStep): void {
    const { state, settings } = this.parts;
    const { visitors } = state;
    const { user, timestampMs } = step;
    const newest = visitors.sessionOf(user);
    if (newest === undefined || timestampMs < visitors.sessions.firstMs.at(newest)) return;
    if (timestampMs - visitors.newestMs.at(user) <= settings.sessionTimeoutMs) step.join(visitors.sessionId.at(user));
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
    // It is added to in place; where the user's newest is over, it is the newest from now on.
    if (newest !== undefined) earlier.put(value);
    else {
      earlier.remove();
      visitors.setSession(step.user, step.sessionNumber, value);
    }
    return value;
  }

  /** A session begins and is the user's newest; the one before it is kept by itself. */
  private begin(step: EventStep, nowMs: number): number {
    const { visitors, sessions: kept } = this.parts.state;
    const { sessions } = visitors;
    const { user, userId, sessionNumber } = step;
    const before = visitors.sessionOf(user);
    const isSame = before !== undefined && visitors.sessionId.at(user) === sessionNumber;
    if (before !== undefined && isSame) sessions.release(before);
    else if (before !== undefined) kept.put(sessionField(userId, this.sessionId(visitors.sessionId.at(user))), before);
    if (!isSame) {
      const earlier = kept.entry(sessionField(userId, step.sessionId));
      const { value } = earlier;
      earlier.remove();
      if (value !== undefined) sessions.release(value);
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
    const beganMs = visitors.knownUsers.beganMs(user);
    visitors.knownUsers.setBegan(user, nowMs);
    return beganMs === undefined || nowMs - beganMs > RETURN_MS;
  }
}
