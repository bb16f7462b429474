import type { OrderRecord } from '../../events/event.ts';
import type { Outgoing } from '../links/outgoing.ts';
import { purchasingField, sessionField } from '../state/state-keys.ts';
import { isOver } from '../visitors/session-state.ts';
import type { LaneSessionsParts, SessionRecount } from './session-recount.ts';

type Unbought = Extract<OrderRecord, { kind: 'unbought' }>;

/** How often `unbought` follows a session to whom it went over: a guest and a user who name each other would send it round for ever. */
const MOST_HOPS = 3;

/** A report of an order, and the session that it came in. */
interface BoughtIn {
  readonly id: string;
  readonly beganMs: number;
  readonly report: string;
  /** The order's dimension values; undefined where an earlier version did not say. */
  readonly values?: readonly string[] | undefined;
}

/** What is kept of an order's session, or when the one began that it has joined. */
type SoughtSession = { readonly kind: 'found' | 'unknown' } | { readonly kind: 'joined'; readonly beganMs: number };

const FOUND: SoughtSession = { kind: 'found' };
const UNKNOWN: SoughtSession = { kind: 'unknown' };

/** Sessions of a lane that turn out to be without an order that they had. */
export class OrderSessions {
  private readonly parts: LaneSessionsParts;
  private readonly recount: SessionRecount;
  /** Of the live lane. */
  private readonly outgoing: Outgoing | undefined;

  constructor(parts: LaneSessionsParts, recount: SessionRecount, outgoing: Outgoing | undefined) {
    this.parts = parts;
    this.recount = recount;
    this.outgoing = outgoing;
  }

  /** Of another than the newest it is not known here what it was, unless by chance: that is asked for by a record of its own. */
  takeBack(userId: string, bought: BoughtIn, nowMs: number): void {
    const user = this.parts.state.visitors.ofId(userId);
    if (!this.takeBackFromNewest(user, bought, nowMs)) this.sayUnbought(userId, bought, MOST_HOPS);
  }

  /** Of who may have the session by now. */
  unbought({ userId, sessionId, beganMs, report, values, hops }: Unbought, nowMs: number): void {
    const { visitors } = this.parts.state;
    const user = visitors.ofId(userId);
    const bought = { id: sessionId, beganMs, report, values };
    if (this.takeBackFromNewest(user, bought, nowMs) || this.takeBackFromEarlier(user, bought, nowMs)) return;
    const { gone } = visitors.knownUsers.bondsOf(user);
    const [, into] = gone.findLast(([id, , firstMs]) => id === sessionId && firstMs === beganMs) ?? [];
    if (into !== undefined && hops > 0) {
      this.sayUnbought(into, bought, hops - 1);
      return;
    }
    const known = this.takeBackFromKnown(user, bought);
    // It has joined one that began earlier, so this comes to an end.
    if (known.kind === 'joined') this.sayUnbought(userId, { ...bought, beganMs: known.beganMs }, hops);
    else if (known.kind === 'unknown') this.takeBackAlone(user, bought, nowMs);
  }

  private sayUnbought(userId: string, { id, beganMs, report, values }: BoughtIn, hops: number): void {
    const which = { session: id, began: beganMs, report, values, hops };
    this.outgoing?.say(userId, userId, { control: 'unbought', user_id: userId, ...which });
  }

  /** A report of an order is taken back of the user's newest session, where that has it and goes on. @returns whether it does */
  private takeBackFromNewest(user: number, { id, report }: BoughtIn, nowMs: number): boolean {
    const { visitors } = this.parts.state;
    visitors.expire(user, nowMs);
    const newest = visitors.sessionOf(user);
    const isNewest =
      newest !== undefined && this.parts.memory.sums.dictionaries.sessions.text(visitors.sessionId.at(user)) === id;
    if (!isNewest || !this.has(newest, report)) return false;
    this.takeFrom(user, id, newest, report);
    visitors.touch(user);
    return true;
  }

  /** The same of one before it. */
  private takeBackFromEarlier(user: number, { id, report }: BoughtIn, nowMs: number): boolean {
    const { state } = this.parts;
    const earlier = state.sessions.entry(sessionField(state.visitors.idOf(user), id));
    const { value } = earlier;
    if (value === undefined || isOver(state.visitors.sessions.laneMs.at(value), nowMs) || !this.has(value, report))
      return false;
    this.takeFrom(user, id, value, report);
    earlier.put(value);
    return true;
  }

  /** The same of one that is over, by what is kept of it. */
  private takeBackFromKnown(user: number, { id, beganMs, report }: BoughtIn): SoughtSession {
    const { purchasing, visitors } = this.parts.state;
    const field = purchasingField(visitors.idOf(user), id, beganMs);
    const known = purchasing.get(field);
    if (known === undefined) return UNKNOWN;
    if (known.kind === 'joined') return { kind: 'joined', beganMs: known.intoMs };
    const reports = known.reports.filter((one) => one !== report);
    // Whoever asks may ask twice.
    if (reports.length === known.reports.length) return FOUND;
    if (reports.length === 0) this.recount.takeBackOf(beganMs, known.dimensions);
    purchasing.put(field, { ...known, reports });
    return FOUND;
  }

  /** Nothing is kept of the session: it had this order alone, and the values under which that counted. */
  private takeBackAlone(user: number, { id, beganMs, values }: BoughtIn, nowMs: number): void {
    if (values === undefined) return;
    const { state, memory } = this.parts;
    const dimensions = memory.sums.dictionaries.values.ofTexts(values);
    this.recount.takeBackOf(beganMs, dimensions);
    const none = { kind: 'counts', atMs: nowMs, dimensions, reports: [] } as const;
    state.purchasing.put(purchasingField(state.visitors.idOf(user), id, beganMs), none);
  }

  private has(session: number, report: string): boolean {
    return this.parts.state.visitors.sessions.boughtIn(session).includes(report);
  }

  private takeFrom(user: number, sessionId: string, session: number, report: string): void {
    const userId = this.parts.state.visitors.idOf(user);
    this.recount.takeBackOrder({ userId, sessionId }, session, report);
  }
}
