import { randomUUID } from 'node:crypto';
import type { Archive } from '../archive/archive-reader.ts';
import { fromMinorUnits } from '../events/money.ts';
import { inspectFile } from '../imports/file.ts';
import type { StatusStore } from '../ingestion/ports/status-store.ts';
import { NotFound } from '../metrics/query/problems.ts';
import type { Calendar } from '../time/calendar.ts';
import { type Compared, compareOrders, idsOf } from './compare.ts';
import { countedIn, reportsOf } from './counted-orders.ts';
import { type Ledger, readLedger } from './ledger.ts';
import type { DifferentOrder, Reconciliation, ReconciliationStore } from './reconciliation.ts';
import { Tallies, Tally } from './tally.ts';
import { explainMissing } from './why-missing.ts';

/** So many orders are listed, and looked for elsewhere. */
const MOST_LISTED = 5_000;
const DEAD_LETTERS = 1_000;
/** Books and events may say different moments; further away an order is looked for no more. */
const DAYS_AROUND = 40;
/** What a file may hold, unpacked. */
const MAX_LEDGER_BYTES = 128 * 1_048_576;

export interface ReconcilerParts {
  readonly archive: Archive;
  readonly status: Pick<StatusStore, 'deadLetters'>;
  readonly store: ReconciliationStore;
  readonly calendar: Calendar;
  readonly ways: readonly string[];
  readonly now: () => number;
}

/** Local dates, both included. */
export interface ReconciledDates {
  readonly from: string;
  readonly to: string;
}

/** The file has no order. */
export class EmptyLedger extends Error {
  readonly code = 'empty-ledger';
  readonly retryable = false;
}

/** Holds the shop's own orders against those that were counted. */
export class Reconciler {
  private readonly parts: ReconcilerParts;

  constructor(parts: ReconcilerParts) {
    this.parts = parts;
  }

  /**
   * @param period checks the dates of the file's orders, and gives those that are compared
   * @throws NotThisFormat, BrokenFile, FileTooLarge, BadLedger, TooManyOrders, EmptyLedger, TooManyCounted, NotFound where nothing is archived
   */
  async reconcile(
    path: string,
    period: (dates: ReconciledDates) => ReconciledDates,
    signal: AbortSignal,
  ): Promise<Reconciliation> {
    const { archive, calendar, store, now } = this.parts;
    if (!(await archive.exists())) throw new NotFound('Nothing is archived yet; the role archive does that');
    const ledger = await readLedger(await inspectFile(path, MAX_LEDGER_BYTES), calendar);
    const dates = period(datesOf(ledger, calendar));
    const { orders, outside } = await this.compare(ledger, dates, signal);
    const different = orders.filter(({ kind }) => kind !== 'same');
    const rows = different.slice(0, MOST_LISTED).flatMap(rowOf);
    const made: Reconciliation = {
      id: `rec-${randomUUID()}`,
      made_at: new Date(now()).toISOString(),
      format: ledger.format,
      ...dates,
      outside,
      ...summaryOf(orders),
      listed: rows.length,
      cut: different.length > MOST_LISTED,
    };
    await store.keep(made, rows);
    return made;
  }

  private async compare(ledger: Ledger, { from, to }: ReconciledDates, signal: AbortSignal) {
    const { archive, status, calendar, ways } = this.parts;
    const counted = await countedIn(archive, from, to, signal);
    const dateOf = (ms: number): string => calendar.at(ms).day;
    const { orders, outside } = compareOrders({ ledger: ledger.orders, counted, dateOf, from, to, ways });
    const inOrder = orders.toSorted((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
    const missing = inOrder.flatMap((one) => one.missing ?? []).slice(0, MOST_LISTED);
    const ids = missing.flatMap(idsOf);
    const around = { from: calendar.addDays(from, -DAYS_AROUND), to: calendar.addDays(to, DAYS_AROUND) };
    const explained = explainMissing(inOrder, {
      reports: await reportsOf(archive, ids, around, signal),
      deadLetters: missing.length === 0 ? [] : await status.deadLetters(DEAD_LETTERS),
      begins: await archive.begins(),
      erasedOn: new Set(counted.flatMap(({ isErased, date }) => (isErased ? [date] : []))),
    });
    return { orders: explained, outside };
  }
}

/** @throws EmptyLedger */
function datesOf({ orders }: Ledger, calendar: Calendar): ReconciledDates {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { atMs } of orders) [first, last] = [Math.min(first, atMs), Math.max(last, atMs)];
  if (orders.length === 0) throw new EmptyLedger('the file has no order');
  return { from: calendar.at(first).day, to: calendar.at(last).day };
}

function summaryOf(orders: readonly Compared[]) {
  const [all, days] = [new Tally(), new Tallies<string>()];
  const [channels, reporters] = [new Tallies<string | null>(), new Tallies<string | null>()];
  const reasons = new Map<string, Reconciliation['reasons'][number]>();
  for (const order of orders) {
    all.add(order);
    days.add(order.date, order);
    channels.add(order.channel, order);
    reporters.add(order.reporter, order);
    const { kind, reason } = order;
    if (kind === 'same') continue;
    const key = `${kind} ${reason}`;
    reasons.set(key, { kind, reason, orders: (reasons.get(key)?.orders ?? 0) + 1 });
  }
  return {
    ...all.told(),
    by_day: days.told().map(([date, told]) => ({ date, ...told })),
    by_channel: channels.told().map(([channel, told]) => ({ channel, ...told })),
    by_reporter: reporters.told().map(([reporter, told]) => ({ reporter, ...told })),
    reasons: [...reasons.values()].sort((a, b) => b.orders - a.orders),
  };
}

function rowOf({
  orderId,
  kind,
  reason,
  detail,
  date,
  channel,
  reporter,
  ledger,
  counted,
}: Compared): DifferentOrder[] {
  if (kind === 'same') return [];
  const inMajorUnits = (of: typeof ledger) =>
    of === undefined ? null : { amount: fromMinorUnits(of.amount, of.currency), currency: of.currency };
  return [
    {
      order_id: orderId,
      kind,
      reason,
      ...(detail !== undefined && { detail }),
      date,
      channel,
      reporter,
      ledger: inMajorUnits(ledger),
      counted: inMajorUnits(counted),
    },
  ];
}
