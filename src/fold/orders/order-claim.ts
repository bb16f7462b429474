import { z } from 'zod';
import type { SaidRefund } from '../../events/event.ts';
import { refundOfWire, refundSchema, wireRefund } from '../../events/validation/control.ts';
import { StoredTuple } from '../state/stored-tuple.ts';

/** Nobody has reported the order yet; somebody refunds it. */
export const UNCLAIMED = -1;

/** Whose report of an order stays. */
export interface OrderClaim {
  /** Empty where they were erased: the order is nobody's, and counts once all the same. */
  readonly userId: string;
  readonly isGuest: boolean;
  /** How much the report says. */
  readonly fullness: number;
  readonly laneMs: number;
  /** Refunds that wait for somebody to report the order. */
  readonly refunds?: readonly SaidRefund[];
}

const refundsSchema = z.array(refundSchema);

export function encodeClaim({ userId, isGuest, fullness, laneMs, refunds }: OrderClaim): string {
  const waiting = refunds === undefined ? [] : [JSON.stringify(refunds.map(wireRefund))];
  return JSON.stringify([userId, isGuest ? 1 : 0, fullness, laneMs, ...waiting]);
}

export function decodeClaim(text: string): OrderClaim {
  const stored = StoredTuple.parse(text);
  return {
    userId: stored.text(0),
    isGuest: stored.number(1) === 1,
    fullness: stored.number(2),
    laneMs: stored.number(3),
    ...(stored.has(4) && { refunds: refundsSchema.parse(JSON.parse(stored.text(4))).map(refundOfWire) }),
  };
}
