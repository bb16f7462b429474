import { StoredTuple } from '../state/stored-tuple.ts';

/** Whose report of an order stays. */
export interface OrderClaim {
  /** Empty where they were erased: the order is nobody's, and counts once all the same. */
  readonly userId: string;
  readonly isGuest: boolean;
  /** How much the report says. */
  readonly fullness: number;
  readonly laneMs: number;
}

export function encodeClaim({ userId, isGuest, fullness, laneMs }: OrderClaim): string {
  return JSON.stringify([userId, isGuest ? 1 : 0, fullness, laneMs]);
}

export function decodeClaim(text: string): OrderClaim {
  const stored = StoredTuple.parse(text);
  return {
    userId: stored.text(0),
    isGuest: stored.number(1) === 1,
    fullness: stored.number(2),
    laneMs: stored.number(3),
  };
}
