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

/** Where a session is kept that is not its user's newest. */
export const sessionField = (userId: string, sessionId: string): string =>
  `s[${jsonText(userId)},${jsonText(sessionId)}]`;

export function sessionOfField(field: string): { userId: string; sessionId: string } {
  const ids = StoredTuple.parse(field.slice(1));
  return { userId: ids.text(0), sessionId: ids.text(1) };
}

/** Where it is kept what a session has bought; whose it was is not needed, and stays out of what outlives an erasure. */
export const purchasingField = (userId: string, sessionId: string, beganMs: number): string =>
  shortHash(['purchasing', userId, sessionId, String(beganMs)]);

/** Under which fields something is kept of a user. */
export interface FieldsOfUser {
  readonly named: readonly string[];
  /** How others of theirs begin. */
  readonly beginning?: string;
}

/** How fields begin that are a list whose first entry is the user. */
export const listsOf = (userId: string): string => `${JSON.stringify([userId]).slice(0, -1)},`;

export const isAmong = (field: string, { named, beginning }: FieldsOfUser): boolean =>
  named.includes(field) || (beginning !== undefined && field.startsWith(beginning));
