import type { CartState } from '../state/records.ts';

/** An event's cart, as it stands behind the event. */
export interface CartStep {
  readonly cartId: string;
  readonly openedMs: number;
  /** The moment at which it counts as abandoned, if it does. */
  readonly leftMs: number | undefined;
  /** When lane time passes this, it counts as abandoned; undefined where it has ended, or does so already. */
  readonly dueMs: number | undefined;
}

/** What becomes of a cart otherwise than by an event of its visitor, or by time: a guest signed in, or somebody is erased. */
export interface CartTurn extends CartStep {
  readonly userId: string;
  readonly became: 'handed-over' | 'taken-over' | 'bought' | 'joined' | 'listed' | 'erased';
  readonly currency: string;
  /** What it was worth when it counted as abandoned, in minor units. */
  readonly leftValue: number;
  readonly lines: CartState['lines'];
}

/** @param dueMs where something may still become of it by time */
export function cartStep({ cartId, openedMs, abandonedMs }: CartState, dueMs?: number): CartStep {
  return { cartId, openedMs, leftMs: abandonedMs ?? undefined, dueMs };
}

export function cartTurn(became: CartTurn['became'], userId: string, cart: CartState, dueMs?: number): CartTurn {
  const { currency, abandonedValue: leftValue, lines } = cart;
  return { ...cartStep(cart, dueMs), userId, became, currency, leftValue, lines };
}
