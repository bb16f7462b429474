import { z } from 'zod';
import type { Fields } from '../../events/forms/fields.ts';
import { hookEventId } from '../../events/ids/hook-event-id.ts';
import type { Mapped, News } from '../connector.ts';
import { given } from '../mapping.ts';
import { sum } from './fields.ts';

export interface RefundReport {
  readonly id: string;
  readonly timestamp: unknown;
  /** What was paid back, with taxes and shipping. */
  readonly paidBack: unknown;
  /** Value and items, as an event has them. */
  readonly fields: Fields;
}

/** An order as it stands when a shop reports it: shops send all of it at every change. */
export interface OrderReport {
  readonly way: string;
  readonly id: string;
  /** `begun`: at the checkout, not yet an order. `other`: nothing that is counted follows from how it stands. */
  readonly state: 'begun' | 'bought' | 'cancelled' | 'other';
  readonly createdAt: unknown;
  readonly updatedAt: unknown;
  /** Visitor, place and transaction: what each of its events has. */
  readonly shared: Fields;
  /** Value, items and what else an order has. */
  readonly order: Fields;
  /** What was paid, with taxes and shipping. */
  readonly total: unknown;
  readonly refunds: readonly RefundReport[];
}

const knownSchema = z.object({
  begun: z.boolean().default(false),
  bought: z.boolean().default(false),
  cancelled: z.boolean().default(false),
  refunds: z.array(z.string()).default([]),
});
type Known = z.infer<typeof knownSchema>;

const DAY_MS = 86_400_000;
/** Less than what is known of an order is kept, so that none counts again when that is forgotten. */
const OLDEST_DAYS = 60;

/** What a report says that was not known: the order once, each refund once, its end once. */
export function orderReport(report: OrderReport): Mapped {
  return {
    outcome: 'report',
    about: `${report.way}:order:${report.id}`,
    newsOf: (text) => newsOf(report, knownSchema.parse(JSON.parse(text ?? '{}'))),
  };
}

function newsOf(report: OrderReport, known: Known): News {
  const { state, refunds } = report;
  const isFirst = !known.bought && !isOld(report);
  const begins = state === 'begun' && !known.begun && isFirst;
  const buys = state === 'bought' && isFirst;
  const bought = known.bought || buys;
  // Of what was bought before the hook was there, an import knows more.
  const added = bought ? refunds.filter(({ id }) => !known.refunds.includes(id)) : [];
  const cancels = state === 'cancelled' && bought && !known.cancelled;
  const events = [
    ...(begins ? [eventOf(report, 'begin_checkout', report.createdAt, report.order)] : []),
    ...(buys ? [eventOf(report, 'purchase', report.createdAt, report.order)] : []),
    ...added.map((refund) => refundOf(report, refund)),
    ...(cancels ? [eventOf(report, 'refund', report.updatedAt, {}, 'cancelled')] : []),
  ];
  const now: Known = {
    begun: known.begun || begins,
    bought,
    cancelled: known.cancelled || cancels,
    refunds: [...known.refunds, ...added.map(({ id }) => id)],
  };
  return { events, known: JSON.stringify(now) };
}

function isOld({ createdAt, updatedAt }: OrderReport): boolean {
  const ageMs = Date.parse(String(updatedAt)) - Date.parse(String(createdAt));
  return ageMs > OLDEST_DAYS * DAY_MS;
}

/** Where all that was paid has come back, all that is left of the order is refunded, whatever shipping and taxes were. */
function refundOf(report: OrderReport, refund: RefundReport): Fields {
  const upToIt = report.refunds.slice(0, report.refunds.indexOf(refund) + 1);
  const total = sum([report.total]);
  const isWhole = total > 0 && sum(upToIt.map(({ paidBack }) => paidBack)) >= total;
  const { value, items } = report.order;
  const whole = report.refunds.length === 1 ? { value, items } : {};
  return eventOf(report, 'refund', refund.timestamp, isWhole ? whole : refund.fields, refund.id);
}

function eventOf(report: OrderReport, name: string, timestamp: unknown, fields: Fields, part = ''): Fields {
  const { way, id, shared } = report;
  const currency = report.order['currency'];
  return given({ ...shared, currency, ...fields, name, timestamp, event_id: hookEventId(way, name, id, part) });
}
