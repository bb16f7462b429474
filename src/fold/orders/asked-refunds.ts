import { z } from 'zod';
import type { AskedRefund, OrderRecord } from '../../events/event.ts';
import { shortHash } from '../../events/ids/short-hash.ts';
import { wireRefund } from '../../events/validation/control.ts';
import type { EventStep } from '../event-step.ts';
import type { Outgoing } from '../links/outgoing.ts';
import { afterRefund, type Refund, refundOf } from '../orders.ts';
import type { FoldSettings } from '../settings.ts';
import type { LaneState } from '../state/lane-state.ts';
import { claimField, orderField, refundField } from '../state/state-keys.ts';

type Settle = Extract<OrderRecord, { kind: 'settle' }>;
type Settled = Extract<OrderRecord, { kind: 'settled' }>;

/** So many refunds are remembered with an order, so that one that comes twice is known. */
const MOST_REFUNDS = 20;

/** What a refund counts; null where nobody knows the order. */
const settledSchema = z
  .object({
    currency: z.string(),
    revenue: z.number(),
    units: z.number(),
    /** Id, units and revenue. */
    lines: z.array(z.tuple([z.string(), z.number(), z.number()])),
    beyond: z.boolean(),
  })
  .nullable();

export interface AskedRefundsParts {
  readonly state: LaneState;
  readonly settings: FoldSettings;
  readonly outgoing: Outgoing;
}

/**
 * Refunds by somebody whose partition does not know the order: a guest's order that the shop's back office refunds. The event waits;
 * `refund` goes to the partition of the order, from there as `settle` to whose report of it stays, and what of it counts comes back as
 * `settled`. Where nobody answers within a minute of lane time, it counts as it is.
 */
export class AskedRefunds {
  private readonly parts: AskedRefundsParts;

  constructor(parts: AskedRefundsParts) {
    this.parts = parts;
  }

  /** @returns whether the event has to wait for what its order says */
  waits({ userId, eventId, transactionId, event }: EventStep, row: number, nowMs: number): boolean {
    const { state, outgoing } = this.parts;
    if (transactionId === undefined) return false;
    const waiting = state.visitors.ofId(refundField(userId, eventId));
    if (!state.held.await(waiting, nowMs)) return false;
    state.held.hold(waiting, row);
    const { currency, value, items } = event;
    const asked = { transactionId, userId, eventId, currency, value, items };
    outgoing.say(transactionId, userId, { control: 'refund', ...wireRefund(asked) });
    return true;
  }

  /** Of the order's owner: whose report of it stays knows more. */
  sendOn(asked: AskedRefund): void {
    const { state, outgoing } = this.parts;
    const reporterId = state.claims.get(claimField(asked.transactionId))?.userId ?? '';
    if (reporterId === '') this.answer(asked, undefined);
    else outgoing.say(reporterId, asked.userId, { control: 'settle', reporter: reporterId, ...wireRefund(asked) });
  }

  /** Of who reported the order: the refund takes of it what is left. */
  settle({ reporterId, asked }: Settle, nowMs: number): void {
    const { state, settings } = this.parts;
    const field = orderField(reporterId, asked.transactionId);
    const order = state.orders.get(field);
    const id = shortHash([asked.userId, asked.eventId]);
    // It came twice, and was answered.
    if (order?.refunds.includes(id)) return;
    const isKnown = order !== undefined && nowMs - order.laneMs <= settings.transactionWindowMs;
    const refund = isKnown ? refundOf(asked, order) : undefined;
    this.answer(asked, refund);
    if (!isKnown || refund?.outcome !== 'counted') return;
    const after = refund.currency === order.currency ? afterRefund(order, refund.order) : order;
    state.orders.put(field, { ...after, refunds: [...order.refunds, id].slice(-MOST_REFUNDS) });
  }

  private answer({ userId, eventId }: AskedRefund, refund: Refund | undefined): void {
    this.parts.outgoing.say(userId, userId, {
      control: 'settled',
      user_id: userId,
      event_id: eventId,
      what: refund?.outcome === 'counted' ? wireSettled(refund) : null,
    });
  }
}

function wireSettled({ order, currency, isBeyond }: Extract<Refund, { outcome: 'counted' }>) {
  const { revenue, units, lines } = order;
  const ofItems = lines.map((line): [string, number, number] => [line.itemId, line.units, line.revenue]);
  return { currency, revenue, units, lines: ofItems, beyond: isBeyond } satisfies z.infer<typeof settledSchema>;
}

/** What is to be counted of the refund; undefined where nobody knows the order. */
export function settledRefund({ what }: Settled): Refund | undefined {
  const { data } = settledSchema.safeParse(what);
  if (data === undefined || data === null) return undefined;
  const { currency, revenue, units, beyond } = data;
  const lines = data.lines.map(([itemId, ofItem, worth]) => ({ itemId, units: ofItem, revenue: worth }));
  return { outcome: 'counted', order: { revenue, units, lines, parts: undefined }, currency, isBeyond: beyond };
}
