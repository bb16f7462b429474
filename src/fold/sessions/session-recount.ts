import type { SessionSoFar } from '../../metrics/facts.ts';
import type { Calendar } from '../../time/calendar.ts';
import type { FoldSettings } from '../settings.ts';
import type { LaneState } from '../state/lane-state.ts';
import type { Memory } from '../state/memory.ts';
import { purchasingField } from '../state/state-keys.ts';
import { BOUGHT, NEW_USER, type SessionTable, TAKEN_BACK } from '../visitors/session-table.ts';

export interface LaneSessionsParts {
  readonly state: LaneState;
  readonly memory: Memory;
  readonly settings: FoldSettings;
  readonly calendar: Calendar;
}

/** How a session is called: its user, and what the shop calls it. */
interface SessionName {
  readonly userId: string;
  readonly sessionId: string;
}

/** What sessions have counted so far, counted once more or not any more; and what is kept of purchasing ones, where that changes. */
export class SessionRecount {
  private readonly state: LaneState;
  private readonly sessions: SessionTable;
  private readonly memory: Memory;
  private readonly calendar: Calendar;

  constructor({ state, memory, calendar }: LaneSessionsParts) {
    this.state = state;
    this.sessions = state.visitors.sessions;
    this.memory = memory;
    this.calendar = calendar;
  }

  /** To be called where what an order alone says of its session is not, or may not be, all. */
  notePurchasing({ userId, sessionId }: SessionName, session: number): void {
    const { state, sessions } = this;
    state.purchasing.put(purchasingField(userId, sessionId, sessions.firstMs.at(session)), {
      kind: 'counts',
      atMs: sessions.laneMs.at(session),
      dimensions: sessions.countsAs.at(session),
      reports: sessions.boughtIn(session),
    });
  }

  soFar(session: number): SessionSoFar {
    const { sessions, memory } = this;
    return {
      events: sessions.events.at(session),
      isBounce: sessions.isBounce(session),
      durationMs: sessions.durationMs(session),
      reached: memory.funnels.reachedBy(sessions.progress, session),
      isNewUser: sessions.flags.has(session, NEW_USER),
      hasBought: sessions.flags.has(session, BOUGHT),
    };
  }

  count(session: number, sign: 1 | -1): void {
    const { sessions, memory, calendar } = this;
    const began = memory.sums.hour(calendar.at(sessions.firstMs.at(session)));
    const dimensions = sessions.countsAs.at(session);
    memory.countings.session({ began, dimensions, sign, ...this.soFar(session) });
  }

  /** It turns out that its user was no new one. */
  makeReturning(session: number): void {
    if (!this.sessions.flags.has(session, NEW_USER)) return;
    this.count(session, -1);
    this.sessions.flags.remove(session, NEW_USER);
    this.count(session, 1);
  }

  /** It turns out that its user had bought before. */
  makeBuyers(name: SessionName, session: number): void {
    const { sessions, memory } = this;
    const now = memory.binding.asBuyer(sessions.dimensions.at(session));
    if (now === sessions.dimensions.at(session)) return;
    this.count(session, -1);
    sessions.dimensions.set(session, now);
    sessions.countsAs.set(session, memory.binding.asBuyer(sessions.countsAs.at(session)));
    this.count(session, 1);
    if (sessions.boughtIn(session).length > 0) this.notePurchasing(name, session);
  }

  /** A report of an order that it has is taken back; where it has another one it stays a session with an order. */
  takeBackOrder(name: SessionName, session: number, report: string): void {
    const { flags } = this.sessions;
    flags.add(session, TAKEN_BACK);
    if (this.sessions.takeBought(session, report)) {
      this.count(session, -1);
      flags.remove(session, BOUGHT);
      this.count(session, 1);
    }
    this.notePurchasing(name, session);
  }

  /** Of a session of which nothing is known any more but that it was a purchasing one: all else that it has counted stays. */
  takeBackOf(beganMs: number, dimensions: number): void {
    const { memory, calendar } = this;
    const began = memory.sums.hour(calendar.at(beganMs));
    const as = { began, dimensions, events: 0, isBounce: false, durationMs: 0, reached: [], isNewUser: false };
    memory.countings.session({ ...as, sign: -1, hasBought: true });
    memory.countings.session({ ...as, sign: 1, hasBought: false });
  }

  /** Two that were counted turn out to be one: it begins as the first of them, has what both have, and has come as far as the further one. */
  join(name: SessionName, one: number, other: number): number {
    const { sessions } = this;
    const [stays, goes] = sessions.firstMs.at(one) <= sessions.firstMs.at(other) ? [one, other] : [other, one];
    const goesMs = sessions.firstMs.at(goes);
    this.count(stays, -1);
    this.count(goes, -1);
    sessions.join(stays, goes);
    this.count(stays, 1);
    sessions.release(goes);
    if (sessions.boughtIn(stays).length > 0) this.noteJoined(name, goesMs, stays);
    return stays;
  }

  private noteJoined(name: SessionName, goesMs: number, stays: number): void {
    const { state, sessions } = this;
    const intoMs = sessions.firstMs.at(stays);
    const joined = { kind: 'joined', atMs: sessions.laneMs.at(stays), intoMs } as const;
    if (goesMs !== intoMs) state.purchasing.put(purchasingField(name.userId, name.sessionId, goesMs), joined);
    this.notePurchasing(name, stays);
  }
}
