import type { OrderRecord, SaidRefund } from '../../events/event.ts';
import { shortHash } from '../../events/ids/short-hash.ts';
import { wireRefund } from '../../events/validation/control.ts';
import type { OrderFacts } from '../../metrics/facts.ts';
import type { Calendar } from '../../time/calendar.ts';
import type { EventStep } from '../event-step.ts';
import type { Outgoing } from '../links/outgoing.ts';
import type { FoldSettings } from '../settings.ts';
import type { LaneState } from '../state/lane-state.ts';
import type { Memory } from '../state/memory.ts';
import { claimField, orderField } from '../state/state-keys.ts';
import { afterRefund, type Refund, refundOf } from './order.ts';
import { UNCLAIMED } from './order-claim.ts';
import { whereCounted } from './where-counted.ts';

type Asked = Extract<OrderRecord, { kind: 'refund' }>;
type Settle = Extract<OrderRecord, { kind: 'settle' }>;

/** So many refunds are remembered with an order, so that one that comes twice is known. */
const MOST_REFUNDS = 20;

/** What a refund counts beside what it has counted where it came. */
export interface SettledRefund {
  readonly date: string;
  readonly currency: string;
  /** Minor units; below 0 where it said more than was left. */
  readonly amount: number;
  readonly ofItems: number;
  /** It said no amount, and counted nothing so far. */
  readonly wasUnknown: boolean;
  readonly isBeyond: boolean;
}

export interface LaneRefundsParts {
  readonly state: LaneState;
  readonly settings: FoldSettings;
  readonly calendar: Calendar;
  readonly memory: Memory;
  readonly outgoing: Outgoing;
}

/**
 * Refunds by somebody whose partition does not know the order: a guest's order that the shop's back office refunds. It counts at once as it
 * says; `refund` goes to the partition of the order, and from there, once somebody has reported it, as `settle` to whose report stays.
 * There it takes of the order what is left, and what it has counted too much or too little is put right.
 */
export class LaneRefunds {
  private readonly parts: LaneRefundsParts;

  constructor(parts: LaneRefundsParts) {
    this.parts = parts;
  }

  /** Tells the order's partition of a refund, once it is counted. */
  tell({ userId, eventId, transactionId, timestampMs, values, event }: EventStep): void {
    if (transactionId === undefined) return;
    const { currency, value, items } = event;
    const id = shortHash(['refund', userId, eventId]);
    const refund = wireRefund({ id, atMs: timestampMs, values, currency, value, items });
    this.parts.outgoing.say(transactionId, userId, { control: 'refund', transaction_id: transactionId, refund });
  }

  /** Of the order's owner: where nobody has reported it yet, it waits for who does. */
  sendOn({ transactionId, refund }: Asked): void {
    const { claims } = this.parts.state;
    const field = claimField(transactionId);
    const known = claims.get(field);
    if (known !== undefined && known.fullness !== UNCLAIMED) {
      if (known.userId !== '') this.say(transactionId, known.userId, refund);
      return;
    }
    const waiting = known?.refunds ?? [];
    if (waiting.some(({ id }) => id === refund.id)) return;
    const refunds = [...waiting, refund].slice(-MOST_REFUNDS);
    claims.put(field, { userId: '', isGuest: false, fullness: UNCLAIMED, laneMs: refund.atMs, refunds });
  }

  /** Of the order's owner: somebody reports what was refunded before. */
  sayWaiting(transactionId: string, reporterId: string, refunds: readonly SaidRefund[]): void {
    for (const refund of refunds) this.say(transactionId, reporterId, refund);
  }

  private say(transactionId: string, reporterId: string, refund: SaidRefund): void {
    this.parts.outgoing.say(reporterId, reporterId, {
      control: 'settle',
      transaction_id: transactionId,
      reporter: reporterId,
      refund: wireRefund(refund),
    });
  }

  /** Of who reported the order. @returns undefined where it is not known any more, or the refund came before */
  settle({ transactionId, reporterId, refund }: Settle, nowMs: number): SettledRefund | undefined {
    const { state, settings } = this.parts;
    const field = orderField(reporterId, transactionId);
    const order = state.orders.get(field);
    if (order === undefined || nowMs - order.laneMs > settings.transactionWindowMs) return undefined;
    if (order.refunds.includes(refund.id)) return undefined;
    const [said, right] = [refundOf(refund, undefined), refundOf(refund, order)];
    if (right.outcome !== 'counted') return undefined;
    const after = right.currency === order.currency ? afterRefund(order, right.order) : order;
    state.orders.put(field, { ...after, refunds: [...order.refunds, refund.id].slice(-MOST_REFUNDS) });
    return this.putRight(refund, said, right);
  }

  private putRight(refund: SaidRefund, said: Refund, right: Extract<Refund, { outcome: 'counted' }>): SettledRefund {
    const { memory, calendar } = this.parts;
    // What says an amount says it in the currency in which it counts.
    const order = said.outcome === 'counted' ? less(right.order, said.order) : right.order;
    const where = whereCounted(memory, calendar, refund.atMs, refund.values);
    memory.countings.refunded({ ...where, order, currency: right.currency });
    return {
      date: calendar.at(refund.atMs).day,
      currency: right.currency,
      amount: order.revenue,
      ofItems: order.lines.reduce((sum, line) => sum + line.revenue, 0),
      wasUnknown: said.outcome !== 'counted',
      isBeyond: right.isBeyond,
    };
  }
}

/** What is to be added to the one so that it becomes the other. */
function less(right: OrderFacts, said: OrderFacts): OrderFacts {
  const lines = new Map(right.lines.map((line) => [line.itemId, line]));
  for (const { itemId, revenue } of said.lines) {
    const line = lines.get(itemId) ?? { itemId, units: 0, revenue: 0 };
    lines.set(itemId, { ...line, revenue: line.revenue - revenue });
  }
  const changed = [...lines.values()].filter(({ revenue }) => revenue !== 0);
  return { revenue: right.revenue - said.revenue, units: 0, lines: changed, parts: undefined };
}
