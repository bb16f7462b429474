import { parsedJson } from '../events/json-text.ts';
import type { ListedDeadLetter } from '../ingestion/ports/status-store.ts';
import { type Compared, idsOf, isCounted } from './compare.ts';
import type { CountedOrder } from './counted-orders.ts';
import type { Reason } from './reconciliation.ts';

export interface Traces {
  /** What was reported of missing orders, whenever. */
  readonly reports: readonly CountedOrder[];
  readonly deadLetters: readonly ListedDeadLetter[];
  /** The archive's first date. */
  readonly begins: string | undefined;
  /** Dates on which orders were counted whose names an erasure has taken. */
  readonly erasedOn: ReadonlySet<string>;
}

const TRANSACTION = /"transaction_id"\s*:\s*("(?:[^"\\]|\\.){1,512}"|\d{1,40})/;

/** Says of missing orders why they are, where it can be told. */
export function explainMissing(orders: readonly Compared[], traces: Traces): Compared[] {
  const reports = new Map<string, CountedOrder>();
  for (const report of traces.reports) {
    const known = reports.get(report.id);
    if (known === undefined || (!isCounted(known) && isCounted(report))) reports.set(report.id, report);
  }
  const refusals = new Map<string, string>();
  for (const { message, reason } of traces.deadLetters) {
    const id = transactionIn(message ?? '');
    if (id !== undefined && !refusals.has(id)) refusals.set(id, reason);
  }
  return orders.map((order) => ({ ...order, ...why(order, reports, refusals, traces) }));
}

function why(
  { missing, date }: Compared,
  reports: ReadonlyMap<string, CountedOrder>,
  refusals: ReadonlyMap<string, string>,
  { begins, erasedOn }: Traces,
): { reason: Reason | null; detail?: string } | undefined {
  if (missing === undefined) return undefined;
  const ids = idsOf(missing);
  const report = ids.flatMap((id) => reports.get(id) ?? [])[0];
  if (report !== undefined) {
    if (isCounted(report)) return { reason: 'other-date', detail: report.date };
    return { reason: report.outcome === 'duplicate' ? 'duplicate' : 'taken-back' };
  }
  const refusal = ids.flatMap((id) => refusals.get(id) ?? [])[0];
  if (refusal !== undefined) return { reason: 'refused', detail: refusal };
  if (missing.isTest) return { reason: 'test-order' };
  if (begins === undefined || date < begins) return { reason: 'before-archive' };
  // It may be one of those.
  return { reason: erasedOn.has(date) ? null : 'never-sent' };
}

/** A dead letter shows how its message begins; it need not be JSON. */
function transactionIn(message: string): string | undefined {
  const text = TRANSACTION.exec(message)?.[1];
  if (text === undefined) return undefined;
  return text.startsWith('"') ? String(parsedJson(text) ?? '') : text;
}
