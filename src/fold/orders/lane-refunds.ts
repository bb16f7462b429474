import type { OrderRecord, SaidRefund } from '../../events/event.ts';
import { shortHash } from '../../events/ids/short-hash.ts';
import { wireRefund } from '../../events/validation/wire-refund.ts';
import type { Calendar } from '../../time/calendar.ts';
import type { EventStep } from '../event-step.ts';
import type { Outgoing } from '../links/outgoing.ts';
import type { FoldSettings } from '../settings.ts';
import type { LaneState } from '../state/lane-state.ts';
import type { Memory } from '../state/memory.ts';
import { claimField, orderField } from '../state/state-keys.ts';
import { afterRefund, type Refund, refundOf } from './order.ts';
import type { Report } from './order-claim.ts';
import type { CountedOrder, OrderState } from './order-record.ts';
import { type Correction, correctionsOf, countsOf, countsSoFar } from './refund-counts.ts';
import type { ReportName } from './reports.ts';
import { newestIdsOf, newestOf, takenOf } from './taken-refunds.ts';
import { whereCounted } from './where-counted.ts';

type Asked = Extract<OrderRecord, { kind: 'refund' }>;
type Settle = Extract<OrderRecord, { kind: 'settle' }>;
type Right = Extract<Refund, { outcome: 'counted' }>;

/** Money in minor units, below 0 where it said more than was left. */
interface Added {
  readonly currency: string;
  readonly amount: number;
  readonly ofItems: number;
}

/** What a refund counts beside what it has counted so far. */
export interface SettledRefund extends Added {
  readonly date: string;
  /** Where it has counted in another currency. */
  readonly other?: Added | undefined;
  /** It said no amount, and counted nothing so far. */
  readonly wasUnknown: boolean;
  /** 1 where it turns out that it said more than was left, -1 where it turns out that it did not. */
  readonly beyond: number;
}

/** What became of an event's order. */
export interface WorkedOut {
  readonly outcome: 'applied' | 'unknown-refund' | 'refund-beyond';
  /** Of a refund: is the report that it is of one of this lane? */
  readonly refundOf: 'report-here' | 'report-elsewhere' | undefined;
}

export interface LaneRefundsParts {
  readonly state: LaneState;
  readonly settings: FoldSettings;
  readonly calendar: Calendar;
  readonly memory: Memory;
  readonly outgoing: Outgoing;
}

/**
 * Refunds of live orders, which follow the order to the report that stays. One by somebody whose partition does not know that report counts at once
 * as it says; `refund` goes to the partition of the order, and from there, once somebody has reported it, as `settle` to whose report stays. There it
 * takes of the order what is left, and what it has counted too much or too little is put right. Where another report stays later, all goes that way anew.
 */
export class LaneRefunds {
  private readonly parts: LaneRefundsParts;

  constructor(parts: LaneRefundsParts) {
    this.parts = parts;
  }

  /** Notes a refund with its order, or tells the order's partition of it, once it is counted. */
  note(step: EventStep, { outcome, refundOf: of }: WorkedOut, nowMs: number): void {
    const { transactionId, userId } = step;
    if (of === undefined || transactionId === undefined) return;
    const refund = this.saidBy(step, outcome === 'refund-beyond', nowMs);
    if (of === 'report-elsewhere') this.ask(transactionId, refund);
    else {
      const order = this.parts.state.orders.entry(orderField(userId, transactionId));
      if (order.value !== undefined) order.put(withTaken(order.value, refund));
    }
  }

  private saidBy(step: EventStep, isBeyond: boolean, nowMs: number): SaidRefund {
    const { userId, eventId, timestampMs, values, event, order, currency } = step;
    const { items } = this.parts.memory.sums.dictionaries;
    const isOther = (itemId: string): boolean => !step.admits('items', items.ofText(itemId));
    return {
      // Of this counting: behind DEDUPE_WINDOW the event may come again, and counts again.
      id: shortHash(['refund', userId, eventId, String(nowMs)]),
      atMs: timestampMs,
      values,
      currency: event.currency,
      value: event.value,
      items: event.items,
      counts: order && countsOf({ order, currency, isBeyond }, isOther),
    };
  }

  /** It names nobody: who refunds may be erased before it has left, and the order has to know of it all the same. */
  private ask(transactionId: string, refund: SaidRefund): void {
    const { outgoing } = this.parts;
    outgoing.say(transactionId, transactionId, {
      control: 'refund',
      transaction_id: transactionId,
      refund: wireRefund(refund),
    });
  }

  /** Of who reported the order: another report stays, and all that was refunded is of that. */
  handAllOn(order: OrderState, counted: CountedOrder, { transactionId, userId }: ReportName): void {
    const name = [userId, transactionId, String(counted.fullness)];
    for (const refund of takenOf(order, counted, name)) this.handOn(transactionId, userId, refund);
  }

  /** It gets another id, since the record by which it came may come again. */
  private handOn(transactionId: string, userId: string, refund: SaidRefund): void {
    this.ask(transactionId, { ...refund, id: shortHash(['handed on', userId, refund.id]) });
  }

  /** Of the order's owner: where nobody has reported it yet, it waits for who does. */
  sendOn({ transactionId, refund }: Asked): void {
    const { claims } = this.parts.state;
    const field = claimField(transactionId);
    const known = claims.get(field);
    if (known?.kind === 'report') this.sendAllOn(transactionId, known, [refund]);
    if (known !== undefined && known.kind !== 'unreported') return;
    const before = known?.waiting ?? [];
    if (before.some(({ id }) => id === refund.id)) return;
    claims.put(field, {
      kind: 'unreported',
      atMs: Math.max(known?.atMs ?? refund.atMs, refund.atMs),
      waiting: newestOf([...before, refund]),
    });
  }

  /** Of the order's owner: to whose report stays. */
  sendAllOn(transactionId: string, report: Report, refunds: readonly SaidRefund[]): void {
    const { state, outgoing } = this.parts;
    const { userId, sent } = report;
    const fresh = refunds.filter(({ id }) => !sent.includes(id));
    if (fresh.length === 0) return;
    const ids = newestIdsOf([...sent, ...fresh.map(({ id }) => id)]);
    state.claims.put(claimField(transactionId), { ...report, sent: ids });
    for (const refund of fresh)
      outgoing.say(userId, userId, {
        control: 'settle',
        transaction_id: transactionId,
        reporter: userId,
        refund: wireRefund(refund),
      });
  }

  /** Of who reported the order. @returns undefined where it is not known any more, the refund came before, or another report stays by now */
  settle({ transactionId, reporterId, refund }: Settle): SettledRefund | undefined {
    const { state, settings } = this.parts;
    const entry = state.orders.entry(orderField(reporterId, transactionId));
    const order = entry.value;
    if (order === undefined || order.settled.includes(refund.id)) return undefined;
    const settled = newestIdsOf([...order.settled, refund.id]);
    const { standing } = order;
    if (standing.kind === 'taken-back') {
      entry.put({ ...order, settled });
      this.handOn(transactionId, reporterId, refund);
      return undefined;
    }
    if (refund.atMs - standing.timestampMs > settings.transactionWindowMs) return undefined;
    const right = refundOf(refund, order);
    if (right.outcome !== 'counted') return undefined;
    const after = right.currency === order.currency ? afterRefund(order, right.order) : order;
    const { refund: put, ...result } = this.putRight(refund, right);
    entry.put(withTaken({ ...after, settled }, put));
    return result;
  }

  private putRight(refund: SaidRefund, right: Right): SettledRefund & { readonly refund: SaidRefund } {
    const { memory, calendar } = this.parts;
    const { items } = memory.sums.dictionaries;
    const where = whereCounted(memory, calendar, refund.atMs, refund.values);
    const soFar = countsSoFar(refund);
    // What its own partition has counted as another item is taken off there.
    const known = new Map(soFar?.lines.map(({ itemId, isOther }) => [itemId, isOther]));
    const isOther = (itemId: string): boolean => known.get(itemId) ?? !where.admits('items', items.ofText(itemId));
    const counts = countsOf(right, isOther);
    const [main, other] = correctionsOf(counts, soFar);
    for (const { order, currency } of other === undefined ? [main] : [main, other])
      memory.countings.refunded({
        ...where,
        order,
        currency,
        admits: (kind, number) => (kind === 'items' ? !isOther(items.text(number)) : where.admits(kind, number)),
      });
    return {
      date: calendar.at(refund.atMs).day,
      ...addedBy(main),
      ...(other !== undefined && { other: addedBy(other) }),
      wasUnknown: soFar === undefined,
      beyond: Number(counts.isBeyond) - Number(soFar?.isBeyond ?? false),
      refund: { ...refund, counts },
    };
  }
}

const withTaken = (order: OrderState, refund: SaidRefund): OrderState => ({
  ...order,
  taken: newestOf([...order.taken, refund]),
});

const addedBy = ({ currency, order }: Correction): Added => ({
  currency,
  amount: order.revenue,
  ofItems: order.lines.reduce((sum, line) => sum + line.revenue, 0),
});
