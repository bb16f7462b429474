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
import type { LaneRefunds } from './lane-refunds.ts';
import { afterRefund, keptOrder, orderOf, refundOf } from './order.ts';
import { type OrderClaim, UNCLAIMED } from './order-claim.ts';
import type { OrderState } from './order-record.ts';
import { whereCounted } from './where-counted.ts';

type Claim = Extract<OrderRecord, { kind: 'claim' }>;
type Void = Extract<OrderRecord, { kind: 'void' }>;

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

  /** Is it a refund of which others may know more, since the order is not known here, or somebody else's report of it stays? */
  isUnknownRefund(step: EventStep, nowMs: number): boolean {
    return step.name === 'refund' && this.knownToRefund(step, nowMs) === undefined;
  }

  /** Puts into the step what an order or a refund is worth. */
  workOut(step: EventStep, nowMs: number): 'applied' | 'unknown-refund' | 'refund-beyond' {
    if (step.name === 'purchase') step.order = orderOf(step.event);
    return step.name === 'refund' ? this.workOutRefund(step, nowMs) : 'applied';
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
    const claim: OrderClaim = { userId, isGuest, fullness, laneMs: atMs };
    const known = state.claims.get(claimField(transactionId));
    const isFirst = known === undefined || known.fullness === UNCLAIMED;
    if (isFirst || Math.abs(atMs - known.laneMs) > settings.transactionWindowMs) {
      state.claims.put(claimField(transactionId), claim);
      refunds?.sayWaiting(transactionId, userId, known?.refunds ?? []);
      return;
    }
    if (known.userId === userId) return;
    const isFuller = known.userId !== '' && fullness > known.fullness;
    const [stays, goes] = isFuller ? [claim, known] : [known, claim];
    if (isFuller) state.claims.put(claimField(transactionId), claim);
    this.sayVoid(transactionId, stays, goes);
  }

  /** Of the order's owner: it is nobody's from here on, also where what its reporter claimed was erased before it came. */
  unclaim(transactionId: string, whose: string, nowMs: number): void {
    const { claims } = this.parts.state;
    const known = claims.get(claimField(transactionId));
    if (known === undefined || known.fullness === UNCLAIMED)
      claims.put(claimField(transactionId), { userId: '', isGuest: false, fullness: 0, laneMs: nowMs });
    else if (erasedName(known.userId) === whose) claims.put(claimField(transactionId), { ...known, userId: '' });
  }

  private sayVoid(transactionId: string, stays: OrderClaim, goes: OrderClaim): void {
    const { outgoing } = this.parts;
    const { userId } = goes;
    outgoing?.say(userId, userId, { control: 'void', transaction_id: transactionId, user_id: userId, at: goes.laneMs });
    if (stays.userId === '') return;
    // A guest is the user; of two alike the one whose report goes is the other.
    const [from, to] = stays.isGuest && !goes.isGuest ? [stays, goes] : [goes, stays];
    const id = linkId(from.userId, to.userId, transactionId);
    outgoing?.sayLink({ id, guestId: from.userId, userId: to.userId, sessionId: '', atMs: goes.laneMs });
  }

  /** Of who reported it: the order counts no longer. @returns whether it did */
  takeBack({ transactionId, userId, atMs }: Void): boolean {
    const { state, memory, calendar, sessions } = this.parts;
    const field = orderField(userId, transactionId);
    const order = state.orders.get(field);
    // An order of the same number that came behind TRANSACTION_WINDOW is another.
    if (order?.counted?.timestampMs !== atMs) return false;
    const { counted, currency } = order;
    const { timestampMs, values, paymentType, session, parts } = counted;
    const where = whereCounted(memory, calendar, timestampMs, values);
    memory.countings.takenBack({ ...where, order: { ...order, parts }, currency, paymentType });
    if (session !== undefined) sessions.takeBackOrder(userId, session);
    state.orders.put(field, { ...order, counted: undefined });
    return true;
  }

  private known({ userId, transactionId }: EventStep, nowMs: number): OrderState | undefined {
    if (transactionId === undefined) return undefined;
    const order = this.parts.state.orders.get(orderField(userId, transactionId));
    const isKnown = order !== undefined && nowMs - order.laneMs <= this.parts.settings.transactionWindowMs;
    return isKnown ? order : undefined;
  }

  /** Somebody else's report may stay, and then knows what is left. */
  private knownToRefund(step: EventStep, nowMs: number): OrderState | undefined {
    const order = this.known(step, nowMs);
    return order?.counted === undefined && this.parts.refunds !== undefined ? undefined : order;
  }

  private workOutRefund(step: EventStep, nowMs: number): 'applied' | 'unknown-refund' | 'refund-beyond' {
    const { event, userId, transactionId } = step;
    const known = this.knownToRefund(step, nowMs);
    const refund = refundOf(event, known);
    if (refund.outcome === 'unknown-order') return 'unknown-refund';
    step.order = refund.order;
    step.orderCurrency = refund.currency;
    if (known !== undefined && transactionId !== undefined && refund.currency === known.currency)
      this.parts.state.orders.put(orderField(userId, transactionId), afterRefund(known, refund.order));
    return refund.isBeyond ? 'refund-beyond' : 'applied';
  }
}
