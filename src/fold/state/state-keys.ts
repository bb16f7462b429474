import type { InventoryEvent, ShopEvent } from '../../events/event.ts';
import { jsonText } from '../../events/json-text.ts';
import { shortHash } from '../../events/short-hash.ts';
import { StoredTuple } from './stored-tuple.ts';

/** Under which fields the state that an event needs is kept; made once for each event. */
export interface StateKeys {
  /** For removing duplicates. */
  readonly seen: string;
  readonly user: string;
  readonly order: string | undefined;
}

export function stateKeysOf(event: ShopEvent): StateKeys {
  const { userId, eventId, transactionId } = event;
  return {
    seen: shortHash([`u${userId}`, eventId]),
    user: userField(userId),
    order: transactionId === undefined ? undefined : `[${jsonText(userId)},${jsonText(transactionId)}]`,
  };
}

export const userField = (userId: string): string => `u${userId}`;
export const isUserField = (field: string): boolean => field.startsWith('u');
export const userIdOf = (field: string): string => field.slice(1);

/** What the shop calls the event's session; those without an id follow each other as one. */
export const sessionIdOf = ({ sessionId }: ShopEvent): string => sessionId ?? '';

/** Where a session is kept that is not its user's newest. */
export function sessionField(userId: string, sessionId: string): string {
  return `s[${jsonText(userId)},${jsonText(sessionId)}]`;
}

export function sessionOfField(field: string): { userId: string; sessionId: string } {
  const ids = StoredTuple.parse(field.slice(1));
  return { userId: ids.text(0), sessionId: ids.text(1) };
}

/** An inventory event belongs to an item, and only repeats are known of it. */
export function inventoryKeysOf({ itemId, eventId }: InventoryEvent): StateKeys {
  return { seen: shortHash([`i${itemId}`, eventId]), user: '', order: undefined };
}
