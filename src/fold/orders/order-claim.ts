import { z } from 'zod';
import type { SaidRefund } from '../../events/event.ts';
import { refundOfWire, refundSchema, wireRefund } from '../../events/validation/wire-refund.ts';
import { StoredTuple } from '../state/stored-tuple.ts';

/** What the owner of an order knows of who has reported it. */
export type OrderClaim = Report | Nobodys | Unreported;

/** Whose report of an order stays. */
export interface Report {
  readonly kind: 'report';
  readonly userId: string;
  readonly isGuest: boolean;
  /** How much the report says. */
  readonly fullness: number;
  readonly atMs: number;
  /** The newest refunds that were sent to whose report stayed then, by their ids: such a record may come twice. */
  readonly sent: readonly string[];
}

/** Who reported it was erased: it is nobody's, and counts once all the same. */
interface Nobodys {
  readonly kind: 'nobodys';
  readonly atMs: number;
}

/** Nobody has reported it yet; somebody refunds it. */
interface Unreported {
  readonly kind: 'unreported';
  readonly atMs: number;
  /** They wait for somebody to report the order. */
  readonly waiting: readonly SaidRefund[];
}

const NOBODY = '';
const UNREPORTED = -1;

const waitingSchema = z.array(refundSchema);

/** `[user, guest, fullness, timestamp, waiting, [sent, …]]`: the user is empty where it is nobody's, fullness -1 where nobody has reported it. */
export function encodeClaim(claim: OrderClaim): string {
  const { kind, atMs } = claim;
  if (kind === 'nobodys') return JSON.stringify([NOBODY, 0, 0, atMs]);
  if (kind === 'unreported')
    return JSON.stringify([NOBODY, 0, UNREPORTED, atMs, JSON.stringify(claim.waiting.map(wireRefund))]);
  const sent = claim.sent.length === 0 ? [] : ['[]', claim.sent];
  return JSON.stringify([claim.userId, claim.isGuest ? 1 : 0, claim.fullness, atMs, ...sent]);
}

export function decodeClaim(text: string): OrderClaim {
  const stored = StoredTuple.parse(text);
  const [userId, fullness, atMs] = [stored.text(0), stored.number(2), stored.number(3)];
  if (fullness === UNREPORTED) {
    const waiting = waitingSchema.parse(JSON.parse(stored.text(4))).map(refundOfWire);
    return { kind: 'unreported', atMs, waiting };
  }
  if (userId === NOBODY) return { kind: 'nobodys', atMs };
  const sent = stored.has(5) ? stored.texts(5) : [];
  return { kind: 'report', userId, isGuest: stored.number(1) === 1, fullness, atMs, sent };
}
