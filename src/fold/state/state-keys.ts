import { shortHash } from '../../events/ids/short-hash.ts';
import { jsonText } from '../../events/json-text.ts';
import { StoredTuple } from './stored-tuple.ts';

/** @param fullness of the user's earlier reports of it, which said less */
export function orderField(userId: string, transactionId: string, fullness?: number): string {
  const earlier = fullness === undefined ? '' : `,${fullness}`;
  return `[${jsonText(userId)},${jsonText(transactionId)}${earlier}]`;
}

/** Where it is kept who reported an order; its number may name somebody, and is not needed. */
export const claimField = (transactionId: string): string => shortHash(['claim', transactionId]);

/** What the fields of users begin with. */
export const USER_FIELD = 'u';
export const userField = (userId: string): string => USER_FIELD + userId;
export const isUserField = (field: string): boolean => field.startsWith(USER_FIELD);
export const userIdOf = (field: string): string => field.slice(USER_FIELD.length);

/**
 * Where a session is kept that is not its user's newest.
 * @param beganMs of one behind which another of the same id has begun, or that has joined an earlier one
 */
export function sessionField(userId: string, sessionId: string, beganMs?: number): string {
  const ended = beganMs === undefined ? '' : `,${beganMs}`;
  return `s[${jsonText(userId)},${jsonText(sessionId)}${ended}]`;
}

export function sessionOfField(field: string): { userId: string; sessionId: string; hasEnded: boolean } {
  const ids = StoredTuple.parse(field.slice(1));
  return { userId: ids.text(0), sessionId: ids.text(1), hasEnded: ids.has(2) };
}
