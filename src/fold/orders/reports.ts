import { shortHash } from '../../events/ids/short-hash.ts';
import { erasedName } from '../erased-name.ts';
import type { EventStep } from '../event-step.ts';
import type { BucketedState } from '../state/bucketed-state.ts';
import { claimField, orderField } from '../state/state-keys.ts';
import { fullnessOf } from './fullness.ts';
import type { OrderState } from './order-record.ts';

/** Told apart within one session. */
const HASH_LENGTH = 8;

/** A report of an order: whose, and which of theirs. */
export interface ReportName {
  readonly userId: string;
  readonly transactionId: string;
  readonly atMs: number;
  readonly fullness: number;
}

/** The report that an event is, once it is worked out what the order is worth. */
export function reportOf(step: EventStep): ReportName {
  const { userId, transactionId = '', timestampMs: atMs, lines, paymentType, order } = step;
  return { userId, transactionId, atMs, fullness: fullnessOf({ lines, paymentType, parts: order?.parts }) };
}

/** Under which its session knows it: whom it is from stays behind when the session goes over. */
export const reportHash = ({ userId, transactionId, atMs, fullness }: ReportName): string =>
  shortHash(['report', userId, transactionId, String(atMs), String(fullness)]).slice(0, HASH_LENGTH);

/** Where a report may be kept: as the user's newest, as one before it that said less, or as nobody's. */
export const reportFields = (name: Omit<ReportName, 'atMs'>): readonly string[] => [
  orderField(name.userId, name.transactionId),
  orderField(name.userId, name.transactionId, name.fullness),
  nobodysField(name),
];

/** Of who is erased: what takes the report back may be on its way. */
export const nobodysField = ({ userId, transactionId, fullness }: Omit<ReportName, 'atMs'>): string =>
  orderField(erasedName(userId), claimField(transactionId), fullness);

/** The report, where it is known and counts. An order of the same number that came behind TRANSACTION_WINDOW is another. */
export function countedReport(orders: BucketedState<OrderState>, name: ReportName) {
  for (const field of reportFields(name)) {
    const order = orders.get(field);
    const standing = order?.standing;
    if (order === undefined || standing?.kind !== 'counts') continue;
    if (standing.timestampMs === name.atMs && standing.fullness === name.fullness) return { field, order, standing };
  }
  return undefined;
}
