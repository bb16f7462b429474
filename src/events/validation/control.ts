import { z } from 'zod';
import type { ControlRecord, LinkRecord, OrderDetails, OrderRecord } from '../event.ts';
import type { Arrival } from '../repairs/rule.ts';
import { MAX_AHEAD_MS } from '../repairs/times.ts';
import { type Rejection, rejected, timeProblem } from './validate.ts';
import { refundOfWire, refundSchema } from './wire-refund.ts';

const id = z.string().min(1).max(256);
const momentMs = z.int().min(0);
const fullness = z.int().min(0).max(7);
const details = {
  currency: z.string(),
  payment_type: z.string().nullable(),
  shipping: z.int(),
  tax: z.int(),
};
/** The newest moment that the partition knew of which says it. */
const now = momentMs.optional();
const link = {
  now,
  id,
  guest: id,
  user_id: id,
  session: z.string().max(256),
  at: momentMs,
  arrived: momentMs.optional(),
};

const controlSchema = z.discriminatedUnion('control', [
  z.object({ control: z.literal('tick'), at: momentMs }),
  z.object({ control: z.literal('close') }),
  z.object({ control: z.literal('erase'), user_id: id }),
  z.object({ control: z.enum(['ignored', 'bots']), count: z.int().min(1) }),
  z.object({ control: z.literal('link'), ...link }),
  z.object({ control: z.literal('returned'), ...link, bought: z.boolean() }),
  z.object({ control: z.literal('merge'), now, id, guest: id, user_id: id, open: z.unknown() }),
  z.object({ control: z.literal('nameless'), now, user_id: id, whose: z.string() }),
  z.object({ control: z.literal('release'), now, user_id: id }),
  z.object({
    control: z.literal('claim'),
    now,
    transaction_id: id,
    user_id: id,
    guest: z.boolean(),
    fullness,
    at: momentMs,
  }),
  z.object({ control: z.literal('unclaim'), now, transaction_id: id, whose: z.string(), at: momentMs.optional() }),
  z.object({
    control: z.literal('void'),
    now,
    transaction_id: id,
    user_id: id,
    at: momentMs,
    fullness,
    stays_with: fullness,
  }),
  z.object({
    control: z.literal('unbought'),
    now,
    user_id: id,
    session: z.string().max(256),
    began: momentMs,
    report: z.string(),
    values: z.array(z.string()).readonly().optional(),
    hops: z.int().min(0),
  }),
  z.object({ control: z.literal('details'), now, transaction_id: id, ...details }),
  z.object({
    control: z.literal('complete'),
    now,
    transaction_id: id,
    reporter: id,
    at: momentMs,
    fullness,
    ...details,
  }),
  z.object({ control: z.literal('refund'), now, transaction_id: id, refund: refundSchema }),
  z.object({ control: z.literal('settle'), now, transaction_id: id, reporter: id, refund: refundSchema }),
]);

/** A control record as the log holds it; `for`, where it stands, is whose partition it belongs to. */
export type WireControl = z.infer<typeof controlSchema>;

type ParsedControl = { readonly outcome: 'parsed'; readonly event: ControlRecord } | Rejection;

/** Parses what the system itself has put into the log. */
export function parseControl(input: Record<string, unknown>, arrival: Arrival): ParsedControl {
  const result = controlSchema.safeParse(input);
  if (!result.success) return rejected('control', 'is not a control record that this version knows');
  const { data } = result;
  // An owner whose clock is ahead of the log's says too late a moment: time goes as far as it may, and on with the next tick.
  const latestMs = arrival.arrivedAtMs + MAX_AHEAD_MS;
  if (data.control === 'tick') return { outcome: 'parsed', event: { kind: 'tick', atMs: Math.min(data.at, latestMs) } };
  const problem = 'at' in data ? timeProblem(data.at, { ...arrival, isLive: false }) : undefined;
  return problem === undefined ? { outcome: 'parsed', event: recordOf(data, latestMs) } : rejected('at', problem);
}

function recordOf(wire: Exclude<WireControl, { control: 'tick' }>, latestMs: number): ControlRecord {
  switch (wire.control) {
    case 'close':
      return { kind: 'close' };
    case 'ignored':
    case 'bots':
      return { kind: wire.control, count: wire.count };
    case 'erase':
      return { kind: 'erase', userId: wire.user_id };
    default: {
      const told = toldOf(wire);
      // Records of an earlier version say no more than when that was which they are about.
      const saidMs = wire.now ?? ('at' in wire ? wire.at : undefined);
      return saidMs === undefined ? told : { ...told, saidMs: Math.min(saidMs, latestMs) };
    }
  }
}

type WireTold = Exclude<WireControl, { control: 'tick' | 'close' | 'ignored' | 'bots' | 'erase' }>;

/** What one partition tells another. */
function toldOf(wire: WireTold): LinkRecord | OrderRecord {
  switch (wire.control) {
    case 'nameless':
      return { kind: 'nameless', userId: wire.user_id, whose: wire.whose };
    case 'release':
      return { kind: 'release', userId: wire.user_id };
    case 'link':
      return { kind: 'link', ...linkOf(wire) };
    case 'returned':
      return { kind: 'returned', ...linkOf(wire), hasBought: wire.bought };
    case 'merge':
      return { kind: 'merge', id: wire.id, guestId: wire.guest, userId: wire.user_id, open: wire.open };
    case 'claim':
      return {
        kind: 'claim',
        transactionId: wire.transaction_id,
        userId: wire.user_id,
        isGuest: wire.guest,
        fullness: wire.fullness,
        atMs: wire.at,
      };
    case 'unclaim':
      return { kind: 'unclaim', transactionId: wire.transaction_id, whose: wire.whose, atMs: wire.at };
    case 'void':
      return {
        kind: 'void',
        transactionId: wire.transaction_id,
        userId: wire.user_id,
        atMs: wire.at,
        fullness: wire.fullness,
        staysWith: wire.stays_with,
      };
    case 'unbought':
      return {
        kind: 'unbought',
        userId: wire.user_id,
        sessionId: wire.session,
        beganMs: wire.began,
        report: wire.report,
        values: wire.values,
        hops: wire.hops,
      };
    case 'details':
      return { kind: 'details', transactionId: wire.transaction_id, ...detailsOf(wire) };
    case 'complete':
      return {
        kind: 'complete',
        transactionId: wire.transaction_id,
        reporterId: wire.reporter,
        atMs: wire.at,
        fullness: wire.fullness,
        ...detailsOf(wire),
      };
    case 'refund':
      return { kind: 'refund', transactionId: wire.transaction_id, refund: refundOfWire(wire.refund) };
    case 'settle':
      return {
        kind: 'settle',
        transactionId: wire.transaction_id,
        reporterId: wire.reporter,
        refund: refundOfWire(wire.refund),
      };
  }
}

const detailsOf = (wire: Extract<WireControl, { control: 'details' | 'complete' }>): OrderDetails => ({
  currency: wire.currency,
  paymentType: wire.payment_type ?? undefined,
  shipping: wire.shipping,
  tax: wire.tax,
});

export const wireDetails = ({ currency, paymentType, shipping, tax }: OrderDetails) => ({
  currency,
  payment_type: paymentType ?? null,
  shipping,
  tax,
});

const linkOf = (wire: Extract<WireControl, { control: 'link' | 'returned' }>) => ({
  id: wire.id,
  guestId: wire.guest,
  userId: wire.user_id,
  sessionId: wire.session,
  atMs: wire.at,
  arrivedMs: wire.arrived,
});
