import type { OrderRecord } from '../../events/event.ts';
import type { Calendar } from '../../time/calendar.ts';
import { erasedName } from '../erased-name.ts';
import type { EventStep } from '../event-step.ts';
import { linkId } from '../links/lane-links.ts';
import type { Outgoing } from '../links/outgoing.ts';
import type { SessionHandover } from '../sessions/session-handover.ts';
import type { FoldSettings } from '../settings.ts';
import type { LaneState } from '../state/lane-state.ts';
import type { Memory } from '../state/memory.ts';
import { claimField, orderField } from '../state/state-keys.ts';
import type { LaneRefunds, WorkedOut } from './lane-refunds.ts';
import { afterRefund, keptOrder, orderOf, refundOf, unrefunded } from './order.ts';
import type { OrderClaim, Report } from './order-claim.ts';
import { type OrderState, TAKEN_BACK } from './order-record.ts';
import { whereCounted } from './where-counted.ts';

type Claim = Extract<OrderRecord, { kind: 'claim' }>;
type Void = Extract<OrderRecord, { kind: 'void' }>;

const APPLIED: WorkedOut = { outcome: 'applied', refundOf: undefined };

export interface LaneOrdersParts {
  readonly state: LaneState;
  readonly sessions: SessionHandover;
  readonly settings: FoldSettings;
  readonly calendar: Calendar;
  readonly memory: Memory;
  /** Live events alone: what is claimed of an import would come when its lane is closed. */
  readonly outgoing: Outgoing | undefined;
  readonly refunds: LaneRefunds | undefined;
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

  isKnownPurchase(step: EventStep, nowMs: number): boolean {
    return step.name === 'purchase' && this.known(step, nowMs) !== undefined;
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
    const first = session.isFirstOrder ? { id: step.sessionId, beganMs: session.beganMs } : undefined;
    const counted = { timestampMs, values, paymentType, session: first, parts: order.parts };
    state.orders.put(orderField(userId, transactionId), keptOrder(order, currency, nowMs, counted));
    outgoing?.say(transactionId, userId, {
      control: 'claim',
      transaction_id: transactionId,
      user_id: userId,
      guest: guest === user,
      fullness: (step.lines > 0 ? 2 : 0) + (paymentType === undefined ? 0 : 1),
      at: timestampMs,
    });
  }

  /** Of the order's owner: the first report stays, unless another says more; who reported the other one gets a void, and both are one person. */
  claim({ transactionId, userId, isGuest, fullness, atMs }: Claim): void {
    const { state, settings, refunds } = this.parts;
    const known = state.claims.get(claimField(transactionId));
    const sent = known?.kind === 'report' ? known.sent : [];
    const report: Report = { kind: 'report', userId, isGuest, fullness, atMs, sent };
    const isFirst = known === undefined || known.kind === 'unreported';
    if (isFirst || Math.abs(atMs - known.atMs) > settings.transactionWindowMs) {
      state.claims.put(claimField(transactionId), report);
      if (known?.kind === 'unreported') refunds?.sendAllOn(transactionId, report, known.waiting);
      return;
    }
    if (known.kind === 'report' && known.userId === userId) return;
    const isFuller = known.kind === 'report' && fullness > known.fullness;
    if (isFuller) state.claims.put(claimField(transactionId), report);
    if (isFuller) this.sayVoid(transactionId, report, known);
    else this.sayVoid(transactionId, known, report);
  }

  /** Of the order's owner: it is nobody's from here on, also where what its reporter claimed was erased before it came. */
  unclaim(transactionId: string, whose: string, nowMs: number): void {
    const { claims } = this.parts.state;
    const known = claims.get(claimField(transactionId));
    if (known === undefined || known.kind === 'unreported')
      claims.put(claimField(transactionId), { kind: 'nobodys', atMs: nowMs });
    else if (known.kind === 'report' && erasedName(known.userId) === whose)
      claims.put(claimField(transactionId), { kind: 'nobodys', atMs: known.atMs });
  }

  private sayVoid(transactionId: string, stays: Exclude<OrderClaim, { kind: 'unreported' }>, goes: Report): void {
    const { outgoing } = this.parts;
    const { userId } = goes;
    outgoing?.say(userId, userId, { control: 'void', transaction_id: transactionId, user_id: userId, at: goes.atMs });
    if (stays.kind === 'nobodys') return;
    // A guest is the user; of two alike the one whose report goes is the other.
    const [from, to] = stays.isGuest && !goes.isGuest ? [stays, goes] : [goes, stays];
    const id = linkId(from.userId, to.userId, transactionId);
    outgoing?.sayLink({ id, guestId: from.userId, userId: to.userId, sessionId: '', atMs: goes.atMs });
  }

  /** Of who reported it: the order counts no longer, and its refunds are of the report that stays. @returns whether it did */
  takeBack({ transactionId, userId, atMs }: Void): boolean {
    const { state, memory, calendar, sessions, refunds } = this.parts;
    const field = orderField(userId, transactionId);
    const order = state.orders.get(field);
    // An order of the same number that came behind TRANSACTION_WINDOW is another.
    if (order?.standing.kind !== 'counts' || order.standing.timestampMs !== atMs) return false;
    const { standing, currency } = order;
    const { timestampMs, values, paymentType, session, parts } = standing;
    const where = whereCounted(memory, calendar, timestampMs, values);
    memory.countings.takenBack({ ...where, order: { ...order, parts }, currency, paymentType });
    if (session !== undefined) sessions.takeBackOrder(userId, session);
    refunds?.handAllOn(order, standing, transactionId, userId);
    state.orders.put(field, { ...unrefunded(order), standing: TAKEN_BACK });
    return true;
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
