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
  /** The same with what others have added to it. */
  readonly known: number;
  readonly atMs: number;
  /** The newest refunds that were sent to whose report stayed then, by their ids: such a record may come twice. */
  readonly sent: readonly string[];
}

/** Who reported it was erased: it is nobody's, and counts once all the same. */
export interface Nobodys {
  readonly kind: 'nobodys';
  readonly atMs: number;
  /** Of the report that stays; whose it was is told by its hash. */
  readonly fullness: number;
  readonly whose: string;
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

/** `[user, guest, fullness, timestamp, waiting, [sent, …], known]`: the user is empty where it is nobody's, whose hash stands for `waiting` then; fullness -1 where nobody has reported it. */
export function encodeClaim(claim: OrderClaim): string {
  const { kind, atMs } = claim;
  if (kind === 'nobodys') return JSON.stringify([NOBODY, 0, claim.fullness, atMs, claim.whose]);
  if (kind === 'unreported')
    return JSON.stringify([NOBODY, 0, UNREPORTED, atMs, JSON.stringify(claim.waiting.map(wireRefund))]);
  const { userId, isGuest, fullness, known, sent } = claim;
  const added = known === fullness ? [] : [known];
  const rest = sent.length === 0 && added.length === 0 ? [] : ['[]', sent, ...added];
  return JSON.stringify([userId, isGuest ? 1 : 0, fullness, atMs, ...rest]);
}

export function decodeClaim(text: string): OrderClaim {
  const stored = StoredTuple.parse(text);
  const [userId, fullness, atMs] = [stored.text(0), stored.number(2), stored.number(3)];
  if (fullness === UNREPORTED) {
    const waiting = waitingSchema.parse(JSON.parse(stored.text(4))).map(refundOfWire);
    return { kind: 'unreported', atMs, waiting };
  }
  if (userId === NOBODY) return { kind: 'nobodys', atMs, fullness, whose: stored.has(4) ? stored.text(4) : '' };
  const sent = stored.has(5) ? stored.texts(5) : [];
  const known = stored.has(6) ? stored.number(6) : fullness;
  return { kind: 'report', userId, isGuest: stored.number(1) === 1, fullness, known, atMs, sent };
}
