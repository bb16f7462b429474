import type { SearchFollowed } from '../../metrics/facts.ts';
import type { Calendar } from '../../time/calendar.ts';
import type { EventStep } from '../event-step.ts';
import { type FoldSettings, RETURN_MS } from '../settings.ts';
import type { LaneState } from '../state/lane-state.ts';
import type { Memory } from '../state/memory.ts';
import type { PendingSearch, SessionState, UserState } from '../state/records.ts';
import { sessionField } from '../state/state-keys.ts';
import type { Visitor } from '../state/visitors.ts';
import { addEvent, beginSession, continues, durationMs, isOver, noteSearch, takeSearches } from './session.ts';

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

  constructor(parts: LaneSessionsParts) {
    this.parts = parts;
  }

  /**
   * Adds an event to the session that it belongs to, and puts into the step what that changes.
   * @param isKnown whether anything is known of the user's visits that is not over
   */
  advance(step: EventStep, visitor: Visitor, user: UserState, isKnown: boolean, nowMs: number): void {
    const { memory, calendar } = this.parts;
    const { timestampMs } = step;
    const session = (isKnown ? this.sessionOf(step, user, nowMs) : undefined) ?? this.begin(step, user, nowMs);
    const beforeMs = durationMs(session);
    addEvent(session, timestampMs, nowMs);
    const { firstMs, dimensions, events } = session;
    const steps = memory.stepsOf(step.nameId, step.name);
    const into = step.session;
    into.began = memory.sums.hour(calendar.at(firstMs));
    into.dimensions = dimensions;
    into.events = events;
    into.durationDeltaMs = durationMs(session) - beforeMs;
    into.reached = memory.funnels.advance(session, steps, timestampMs - firstMs);
    into.isNewUser = events === 1 && this.isNewUser(visitor, nowMs);
    into.followed = this.searches(step, session);
  }

  /** Notes a search, or says which ones a view_item is the first to follow. */
  private searches(step: EventStep, session: SessionState): readonly SearchFollowed[] {
    if (step.name === 'search' && step.term !== undefined) noteSearch(session, step.term, step.timestampMs);
    return step.name === 'view_item' ? this.followed(takeSearches(session)) : NONE;
  }

  private followed(searches: readonly PendingSearch[]): readonly SearchFollowed[] {
    if (searches.length === 0) return NONE;
    const { memory, calendar } = this.parts;
    return searches.map(([term, atMs, count]) => ({ term, hour: memory.sums.hour(calendar.at(atMs)), count }));
  }

  /** The session that goes on with this event: the user's newest, or one before it. */
  private sessionOf(step: EventStep, user: UserState, nowMs: number): SessionState | undefined {
    const { current } = user;
    if (current?.id === step.sessionNumber)
      return this.goesOn(current.session, step, user, nowMs) ? current.session : undefined;
    const earlier = this.parts.state.sessions.entry(sessionField(step.userId, step.sessionId));
    const { value } = earlier;
    if (value === undefined || !this.goesOn(value, step, user, nowMs)) return undefined;
    // It is added to in place.
    earlier.put(value);
    return value;
  }

  private goesOn(session: SessionState, step: EventStep, user: UserState, nowMs: number): boolean {
    return continues(session, user, step.timestampMs, step.hasSessionId, nowMs, this.parts.settings);
  }

  /** A session begins and is the user's newest; the one before it is kept by itself. */
  private begin(step: EventStep, user: UserState, nowMs: number): SessionState {
    const { sessions } = this.parts.state;
    const { userId, sessionNumber } = step;
    const { current } = user;
    if (current?.id !== sessionNumber) {
      if (current !== undefined && !isOver(current.session.laneMs, nowMs))
        sessions.put(sessionField(userId, this.sessionId(current.id)), current.session);
      sessions.entry(sessionField(userId, step.sessionId)).remove();
    }
    const session = beginSession(step.timestampMs, step.dimensions, nowMs);
    user.current = { id: sessionNumber, session };
    return session;
  }

  private sessionId(number: number): string {
    return this.parts.memory.sums.dictionaries.sessions.text(number);
  }

  /** A session begins: has none of the user's begun for thirty days? */
  private isNewUser({ known }: Visitor, nowMs: number): boolean {
    const beganMs = known.value;
    known.put(nowMs);
    return beganMs === undefined || nowMs - beganMs > RETURN_MS;
  }
}
