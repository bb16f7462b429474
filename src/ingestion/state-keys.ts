import type { InventoryEvent, ShopEvent } from '../events/event.ts';
import { jsonText } from '../events/json-text.ts';
import { digest } from './digest.ts';

/** Under which fields the state that an event needs is kept; made once for each event. */
export interface StateKeys {
  /** For removing duplicates. */
  readonly seen: string;
  readonly user: string;
  readonly session: string;
  readonly order: string | undefined;
}

export function stateKeysOf(event: ShopEvent): StateKeys {
  const { userId, eventId, sessionId, transactionId } = event;
  return {
    seen: digest([`u${userId}`, eventId]),
    user: `u${userId}`,
    session: `s[${jsonText(userId)},${jsonText(sessionId ?? '')}]`,
    order: transactionId === undefined ? undefined : `[${jsonText(userId)},${jsonText(transactionId)}]`,
  };
}

/** An inventory event belongs to an item, and only repeats are known of it. */
export function inventoryKeysOf({ itemId, eventId }: InventoryEvent): StateKeys {
  return { seen: digest([`i${itemId}`, eventId]), user: '', session: '', order: undefined };
}
