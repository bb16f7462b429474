import { z } from 'zod';
import type { Fields } from '../../events/forms/fields.ts';
import { hookEventId } from '../../events/ids/hook-event-id.ts';
import { RUNNING_SESSION } from '../../events/running-session.ts';
import type { Mapped, News } from '../connector.ts';
import { given } from '../mapping.ts';
import { NO_NUMBER, sum } from './fields.ts';

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

/** One thing that is new of an order; `part` tells refunds apart. */
const stepSchema = z.object({
  what: z.enum(['begun', 'bought', 'refund', 'cancelled']),
  part: z.string().optional(),
  event: z.record(z.string(), z.unknown()),
});
type Step = z.infer<typeof stepSchema>;

const CANCELLED = 'cancelled';

const knownSchema = z.object({
  begun: z.boolean().default(false),
  bought: z.boolean().default(false),
  cancelled: z.boolean().default(false),
  refunds: z.array(z.string()).default([]),
  /** What came of an order before the order itself did: deliveries overtake each other. */
  ahead: z.object({ atMs: z.number(), steps: z.array(stepSchema) }).optional(),
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
  const { state } = report;
  const isFirst = !known.bought && !isOld(report);
  const after = endOf(report).filter((step) => !isKnown(step, known));
  if (state === 'bought' && isFirst) {
    const purchase: Step = { what: 'bought', event: eventOf(report, 'purchase', report.createdAt, report.order) };
    const isNew = (one: Step) => !isKnown(one, known) && !after.some(({ part }) => part === one.part);
    return newsWith(known, [purchase, ...after, ...aheadOf(report, known).filter(isNew)]);
  }
  if (known.bought) return newsWith(known, after);
  // Of what was bought before the hook was there, an import knows more; what is only overtaken comes yet.
  const begins = state === 'begun' && !known.begun && isFirst;
  const checkout = eventOf(report, 'begin_checkout', report.createdAt, report.order);
  const atMs = momentOf(report);
  const isAhead = isFirst && after.length > 0 && atMs >= (known.ahead?.atMs ?? 0);
  return newsWith(
    isAhead ? { ...known, ahead: { atMs, steps: after.map((step) => withoutShared(step, report)) } } : known,
    begins ? [{ what: 'begun', event: checkout }] : [],
  );
}

/** What follows on the order: its refunds, and what is left of it where it is cancelled. */
function endOf(report: OrderReport): Step[] {
  const refunds = report.refunds.map((refund): Step => {
    return { what: 'refund', part: refund.id, event: refundOf(report, refund) };
  });
  const cancel = eventOf(report, 'refund', report.updatedAt, {}, CANCELLED);
  return report.state === 'cancelled' ? [...refunds, { what: 'cancelled', part: CANCELLED, event: cancel }] : refunds;
}

/** Not of an order that was paid after all, after it had failed. */
function aheadOf(report: OrderReport, { ahead }: Known): readonly Step[] {
  const steps = ahead !== undefined && momentOf(report) <= ahead.atMs ? ahead.steps : [];
  return steps.map((step) => ({ ...step, event: { ...given(report.shared), ...step.event } }));
}

/** As it is kept: whose it is the order itself will say, and an erasure finds nobody in it. */
function withoutShared(step: Step, { shared }: OrderReport): Step {
  const own = Object.entries(step.event).filter(([name, value]) => shared[name] !== value);
  return { ...step, event: Object.fromEntries(own) };
}

const momentOf = ({ updatedAt }: OrderReport): number => Date.parse(String(updatedAt)) || 0;

function isKnown({ what, part = '' }: Step, known: Known): boolean {
  return what === 'refund' ? known.refunds.includes(part) : known[what];
}

function newsWith(known: Known, steps: readonly Step[]): News {
  const knownWith: News['knownWith'] = (isTaken) =>
    JSON.stringify(steps.filter((_, index) => isTaken(index)).reduce(withStep, known));
  return { events: steps.map(({ event }) => event), knownWith };
}

function withStep(known: Known, { what, part = '' }: Step): Known {
  if (what === 'refund') return { ...known, refunds: [...known.refunds, part] };
  return { ...known, [what]: true, ...(what === 'bought' && { ahead: undefined }) };
}

function isOld({ createdAt, updatedAt }: OrderReport): boolean {
  const ageMs = Date.parse(String(updatedAt)) - Date.parse(String(createdAt));
  return ageMs > OLDEST_DAYS * DAY_MS;
}

/** Where all that was paid has come back, all that is left of the order is refunded, whatever shipping and taxes were. */
function refundOf(report: OrderReport, refund: RefundReport): Fields {
  const upToIt = report.refunds.slice(0, report.refunds.indexOf(refund) + 1);
  const [total, paidBack] = [sum([report.total]), sum(upToIt.map((one) => one.paidBack))];
  const isWhole = total !== NO_NUMBER && paidBack !== NO_NUMBER && total > 0 && paidBack >= total;
  const { value, items } = report.order;
  const whole = report.refunds.length === 1 ? { value, items } : {};
  return eventOf(report, 'refund', refund.timestamp, isWhole ? whole : refund.fields, refund.id);
}

function eventOf(report: OrderReport, name: string, timestamp: unknown, fields: Fields, part = ''): Fields {
  const { way, id, shared } = report;
  const currency = report.order['currency'];
  const event_id = hookEventId(way, name, id, part);
  // What is paid back is no part of a visit.
  const session_id = name === 'refund' ? undefined : RUNNING_SESSION;
  return given({ session_id, ...shared, currency, ...fields, name, timestamp, event_id });
}
