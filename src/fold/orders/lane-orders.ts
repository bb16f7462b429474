import type { OrderRecord } from '../../events/event.ts';
import type { Calendar } from '../../time/calendar.ts';
import { erasedName } from '../erased-name.ts';
import type { EventStep } from '../event-step.ts';
import { linkId } from '../links/lane-links.ts';
import type { Outgoing } from '../links/outgoing.ts';
import type { OrderSessions } from '../sessions/order-sessions.ts';
import type { FoldSettings } from '../settings.ts';
import type { LaneState } from '../state/lane-state.ts';
import type { Memory } from '../state/memory.ts';
import { claimField, orderField } from '../state/state-keys.ts';
import { StoredTuple } from '../state/stored-tuple.ts';
import { ALL, fullnessOf } from './fullness.ts';
import { type AddedDetails, addedTo, type LaneDetails } from './lane-details.ts';
import type { LaneRefunds, WorkedOut } from './lane-refunds.ts';
import { afterRefund, keptOrder, orderOf, refundOf, unrefunded } from './order.ts';
import type { Nobodys, OrderClaim, Report } from './order-claim.ts';
import { isRecent, knownOf, type OrderState } from './order-record.ts';
import { countedReport, nobodysField, reportHash, reportOf } from './reports.ts';
import { whereCounted } from './where-counted.ts';

type Claim = Extract<OrderRecord, { kind: 'claim' }>;
type Void = Extract<OrderRecord, { kind: 'void' }>;
type Unclaim = Extract<OrderRecord, { kind: 'unclaim' }>;

const APPLIED: WorkedOut = { outcome: 'applied', refundOf: undefined };

export interface LaneOrdersParts {
  readonly state: LaneState;
  readonly sessions: OrderSessions;
  readonly settings: FoldSettings;
  readonly calendar: Calendar;
  readonly memory: Memory;
  /** Live events alone: what is claimed of an import would come when its lane is closed. */
  readonly outgoing: Outgoing | undefined;
  readonly refunds: LaneRefunds | undefined;
  readonly details: LaneDetails | undefined;
}

/** What became of a report that another one goes before. */
export interface TakenBack {
  /** What was added to it counts no longer. */
  readonly added: AddedDetails;
}

/**
 * The orders of a lane. Each report counts at once where it comes, and says `claim` to the partition of the order, whose owner keeps the
 * first, or the fuller one; the other one's owner gets a `void`, and takes it back.
 */
export class LaneOrders {
  private readonly parts: LaneOrdersParts;

  constructor(parts: LaneOrdersParts) {
    this.parts = parts;
  }

  /** Of a live order somebody may say more than they did: that counts, and what they said before goes. What else is said beside is not lost. */
  isRepeatedPurchase(step: EventStep, nowMs: number): boolean {
    const { transactionId } = step;
    const known = step.name === 'purchase' ? this.known(step, nowMs) : undefined;
    if (known === undefined || transactionId === undefined) return false;
    const { details } = this.parts;
    // What an import has counted nobody claims.
    if (details === undefined || known.importId !== undefined) return true;
    const { currency, paymentType } = step;
    const { parts } = orderOf(step.event);
    if (fullnessOf({ lines: step.lines, paymentType, parts }) > known.standing.fullness) return false;
    details.say(transactionId, knownOf(known), currency, paymentType, parts);
    return true;
  }

  /** Puts into the step what an order or a refund is worth. */
  workOut(step: EventStep, nowMs: number): WorkedOut {
    if (step.name === 'purchase') step.order = orderOf(step.event);
    return step.name === 'refund' ? this.workOutRefund(step, nowMs) : APPLIED;
  }

  /** Notes a purchase that counts, once its session is known. */
  keep(step: EventStep, nowMs: number): void {
    const { state, outgoing } = this.parts;
    const { order, transactionId, userId, user, guest, currency, timestampMs, paymentType, session, values } = step;
    if (step.name !== 'purchase' || order === undefined || transactionId === undefined) return;
    const { fullness } = reportOf(step);
    const known = this.known(step, nowMs);
    const of = { id: step.sessionId, beganMs: session.beganMs };
    const counted = { timestampMs, fullness, values, paymentType, session: of, parts: order.parts };
    if (known?.standing.kind === 'counts')
      state.orders.put(orderField(userId, transactionId, known.standing.fullness), known);
    const kept = keptOrder(order, currency, nowMs, counted);
    state.orders.put(orderField(userId, transactionId), { ...kept, settled: known?.settled ?? [] });
    // Not taken along by an erasure of theirs: the order counts, and others may report it.
    outgoing?.say(transactionId, transactionId, {
      control: 'claim',
      transaction_id: transactionId,
      user_id: userId,
      guest: guest === user,
      fullness,
      at: timestampMs,
    });
  }

  /** Of the order's owner: the first report stays, unless another says more; who reported the other one gets a void, and both are one person. */
  claim({ transactionId, userId, isGuest, fullness, atMs }: Claim): void {
    const { state, settings, refunds } = this.parts;
    const known = state.claims.get(claimField(transactionId));
    const sent = known?.kind === 'report' ? known.sent : [];
    const report: Report = { kind: 'report', userId, isGuest, fullness, known: fullness, atMs, sent };
    const isFirst = known === undefined || known.kind === 'unreported';
    if (isFirst || Math.abs(atMs - known.atMs) > settings.transactionWindowMs) {
      // An older one that comes late is another order, and the newer stays known.
      if (isFirst || atMs > known.atMs) state.claims.put(claimField(transactionId), report);
      if (known?.kind === 'unreported') refunds?.sendAllOn(transactionId, report, known.waiting);
      return;
    }
    const isFuller = known.kind === 'report' && fullness > known.fullness;
    // It came twice, or the one before it did.
    if (known.kind === 'report' && known.userId === userId && !isFuller) return;
    if (known.kind === 'nobodys' && isOf(known, report)) return;
    if (isFuller) state.claims.put(claimField(transactionId), report);
    if (isFuller) this.sayVoid(transactionId, report, known);
    else this.sayVoid(transactionId, known, report);
  }

  /** Of who is erased: reports that may be taken back yet count on without a name, and without who bought in which session. */
  keepAsNobodys(userId: string, fields: Iterable<string>, nowMs: number): void {
    const { orders } = this.parts.state;
    for (const field of fields) {
      const order = orders.get(field);
      if (order?.standing.kind !== 'counts' || order.importId !== undefined || !isRecent(order, nowMs)) continue;
      const { fullness } = order.standing;
      const transactionId = StoredTuple.parse(field).text(1);
      const standing = { ...order.standing, session: undefined };
      orders.put(nobodysField({ userId, transactionId, fullness }), { ...order, standing });
    }
  }

  /** Of the order's owner: it is nobody's from here on. */
  unclaim({ transactionId, whose, atMs: orderMs }: Unclaim, nowMs: number): void {
    const { claims, heardClock } = this.parts.state;
    const known = claims.get(claimField(transactionId));
    const atMs = orderMs ?? heardClock.timeMs ?? nowMs;
    if (known === undefined || known.kind === 'unreported')
      claims.put(claimField(transactionId), { kind: 'nobodys', atMs, fullness: 0, whose });
    else if (known.kind === 'report' && erasedName(known.userId) === whose)
      claims.put(claimField(transactionId), { kind: 'nobodys', atMs: known.atMs, fullness: known.fullness, whose });
  }

  private sayVoid(transactionId: string, stays: Exclude<OrderClaim, { kind: 'unreported' }>, goes: Report): void {
    const { outgoing } = this.parts;
    const { userId, atMs, fullness } = goes;
    const staysWith = stays.kind === 'report' ? stays.known : ALL;
    const which = { transaction_id: transactionId, user_id: userId, at: atMs, fullness };
    // An erasure of whose report goes leaves it: the report counts until it comes.
    outgoing?.say(userId, transactionId, { control: 'void', ...which, stays_with: staysWith });
    if (stays.kind === 'nobodys' || stays.userId === userId) return;
    // A guest is the user; of two alike the one whose report goes is the other.
    const [from, to] = stays.isGuest && !goes.isGuest ? [stays, goes] : [goes, stays];
    // Each report that goes links anew: since the last one the guest may have done more.
    const id = linkId(from.userId, to.userId, JSON.stringify([transactionId, goes.atMs, goes.fullness]));
    const named = { guestId: from.userId, userId: to.userId, sessionId: '' };
    outgoing?.sayLink({ id, ...named, atMs: goes.atMs, arrivedMs: undefined });
  }

  /** Of who reported it: the order counts no longer; its refunds, and what it says beside, are of the report that stays. @returns undefined where it did not count */
  takeBack(record: Void, nowMs: number): TakenBack | undefined {
    const { state, sessions, memory, calendar, refunds, details } = this.parts;
    const { transactionId, userId } = record;
    const found = countedReport(state.orders, record);
    if (found === undefined) return undefined;
    const { field, order, standing } = found;
    const { currency } = order;
    const { timestampMs, fullness, values, paymentType, session, parts } = standing;
    const where = whereCounted(memory, calendar, timestampMs, values);
    memory.countings.orderRecount({ ...where, sign: -1, order: { ...order, parts }, currency, paymentType });
    if (session !== undefined) sessions.takeBack(userId, { ...session, report: reportHash(record), values }, nowMs);
    refunds?.handAllOn(order, standing, record);
    details?.say(transactionId, record.staysWith, currency, paymentType, parts);
    state.orders.put(field, { ...unrefunded(order), standing: { kind: 'taken-back', fullness } });
    return { added: { ...addedTo(order, standing, calendar.at(timestampMs).day), sign: -1 } };
  }

  private known({ userId, transactionId }: EventStep, nowMs: number): OrderState | undefined {
    if (transactionId === undefined) return undefined;
    const order = this.parts.state.orders.get(orderField(userId, transactionId));
    const isKnown = order !== undefined && nowMs - order.laneMs <= this.parts.settings.transactionWindowMs;
    return isKnown ? order : undefined;
  }

  private workOutRefund(step: EventStep, nowMs: number): WorkedOut {
    const { event, userId, transactionId } = step;
    const order = this.known(step, nowMs);
    const known = order?.standing.kind === 'counts' ? order : undefined;
    const of = known === undefined ? 'report-elsewhere' : 'report-here';
    const refund = refundOf(event, known);
    if (refund.outcome === 'unknown-order') return { outcome: 'unknown-refund', refundOf: of };
    step.order = refund.order;
    step.orderCurrency = refund.currency;
    if (known !== undefined && transactionId !== undefined && refund.currency === known.currency)
      this.parts.state.orders.put(orderField(userId, transactionId), afterRefund(known, refund.order));
    return { outcome: refund.isBeyond ? 'refund-beyond' : 'applied', refundOf: of };
  }
}

const isOf = ({ atMs, fullness, whose }: Nobodys, report: Report): boolean =>
  atMs === report.atMs && fullness === report.fullness && whose === erasedName(report.userId);
