import { z } from 'zod';
import type { Archive } from '../archive/archive-reader.ts';
import type { Dates } from '../archive/files.ts';
import { isErasedName, quoted } from '../archive/sql.ts';

/** One order that was reported, as it was counted. */
const countedOrder = z.object({
  id: z.coerce.string(),
  date: z.string(),
  currency: z.string(),
  /** In minor units. */
  amount: z.number().nullable(),
  outcome: z.string(),
  lane: z.string(),
  channel: z.string().nullable(),
  device: z.string().nullable(),
  paymentType: z.string().nullable(),
  eventId: z.string(),
  isErased: z.boolean(),
});
export type CountedOrder = z.infer<typeof countedOrder>;

/** So many reports of orders are compared at a time. */
const MOST_COUNTED = 300_000;

/** The period has more orders than can be compared. */
export class TooManyCounted extends Error {
  readonly code = 'too-many-counted';
  readonly retryable = false;
}

/** An erasure makes names of these. */
const IS_ERASED = `${isErasedName('transaction_id')} AND ${isErasedName('visitor')}`;

const reports = (archive: string, where: string): string =>
  `SELECT transaction_id AS id, CAST(date AS VARCHAR) AS date, currency, order_amount AS amount, outcome, lane, session_channel AS channel,
     device, payment_type AS "paymentType", event_id AS "eventId", ${IS_ERASED} AS "isErased"
   FROM (${archive}) WHERE name = 'purchase' AND transaction_id IS NOT NULL AND ${where} ORDER BY arrived_at, partition, position`;

/** What was reported of orders in these dates, in the order in which it came. @throws TooManyCounted */
export async function countedIn(
  archive: Archive,
  from: string,
  to: string,
  signal: AbortSignal,
): Promise<CountedOrder[]> {
  const where = `date BETWEEN ${quoted(from)} AND ${quoted(to)}`;
  return read(archive, { from, to }, where, signal);
}

/** What was reported of these orders, whenever. @throws TooManyCounted */
export async function reportsOf(
  archive: Archive,
  ids: readonly string[],
  within: Dates,
  signal: AbortSignal,
): Promise<CountedOrder[]> {
  if (ids.length === 0) return [];
  return read(archive, within, `transaction_id IN (${ids.map(quoted).join(', ')})`, signal);
}

async function read(archive: Archive, within: Dates, where: string, signal: AbortSignal): Promise<CountedOrder[]> {
  const { rows, isCut } = await archive.query(within, (table) => reports(table, where), {
    maxRows: MOST_COUNTED,
    signal,
  });
  if (isCut) throw new TooManyCounted(`the period has more than ${MOST_COUNTED} orders; compare a shorter one`);
  return z.array(countedOrder).parse(rows);
}
