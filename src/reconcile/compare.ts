import { FETCHED } from '../archive/columns.ts';
import { hookEventId } from '../events/ids/hook-event-id.ts';
import { LIVE } from '../fold/settings.ts';
import type { CountedOrder } from './counted-orders.ts';
import { type LedgerOrder, TEST_PAYMENT } from './ledger.ts';
import type { Reason } from './reconciliation.ts';
import type { Judged, Minor } from './tally.ts';

/** An order, and what the books and the answers make of it. */
export interface Compared extends Judged {
  readonly orderId: string;
  readonly date: string;
  readonly channel: string | null;
  readonly reporter: string | null;
  readonly reason: Reason | null;
  readonly detail?: string;
  /** Of the books, where it is missing: why is looked for. */
  readonly missing?: LedgerOrder;
}

export interface Sides {
  /** The shop's own orders, those outside the period among them. */
  readonly ledger: readonly LedgerOrder[];
  /** What was reported of orders in the period, in the order in which it came. */
  readonly counted: readonly CountedOrder[];
  readonly dateOf: (ms: number) => string;
  readonly from: string;
  readonly to: string;
  /** Ways in that report orders by themselves. */
  readonly ways: readonly string[];
}

const COUNTED: ReadonlySet<string> = new Set(['applied', FETCHED]);
export const isCounted = ({ outcome }: CountedOrder): boolean => COUNTED.has(outcome);
export const idsOf = ({ id, otherIds }: LedgerOrder): readonly string[] => [id, ...otherIds];

/** Holds the books against what was counted, order by order. Why one is missing is looked for by others. */
export function compareOrders(sides: Sides): { readonly orders: readonly Compared[]; readonly outside: number } {
  const { ledger, dateOf } = sides;
  const open = new Map<string, CountedOrder[]>();
  for (const one of sides.counted) if (isCounted(one)) open.set(one.id, [...(open.get(one.id) ?? []), one]);
  const known = new Map(ledger.flatMap((order) => idsOf(order).map((id) => [id, order] as const)));
  const orders: Compared[] = [];
  let outside = 0;
  for (const order of ledger) {
    const date = dateOf(order.atMs);
    if (!isWithin(date, sides)) {
      outside += 1;
      continue;
    }
    // Under whichever of its names: what was reported under another one as well is too many.
    const id = idsOf(order).find((one) => (open.get(one)?.length ?? 0) > 0);
    const found = id === undefined ? undefined : open.get(id)?.shift();
    const judged = judge(order, found, date, sides);
    if (judged !== undefined) orders.push(judged);
  }
  for (const one of [...open.values()].flat()) {
    const order = known.get(one.id);
    const isElsewhere = order !== undefined && !isWithin(dateOf(order.atMs), sides);
    // In the books of another day by its time: it is neither missing nor too many.
    if (!isElsewhere) orders.push(tooMany(one, order, sides));
  }
  return { orders, outside };
}

const isWithin = (date: string, { from, to }: Sides): boolean => date >= from && date <= to;

function judge(order: LedgerOrder, found: CountedOrder | undefined, date: string, sides: Sides): Compared | undefined {
  const ledger = { amount: order.amount, currency: order.currency };
  const common = { orderId: order.id, date, ledger };
  if (found === undefined) {
    if (order.isVoided) return undefined;
    const missing = { ...common, kind: 'missing', counted: undefined, channel: null, reporter: null } as const;
    return { ...missing, reason: null, missing: order };
  }
  const counted = { amount: found.amount ?? 0, currency: found.currency };
  const told = { ...common, counted, channel: found.channel, reporter: reporterOf(found, sides.ways) };
  if (order.isVoided) return { ...told, ledger: undefined, kind: 'too_many', reason: 'voided' };
  const isSame = counted.amount === ledger.amount && counted.currency === ledger.currency;
  return isSame
    ? { ...told, kind: 'same', reason: null }
    : { ...told, kind: 'other_amount', reason: reasonOf(order, counted) };
}

function reasonOf({ amount, currency, paid, discount }: LedgerOrder, counted: Minor): Reason | null {
  if (counted.currency !== currency) return 'currency';
  if (paid !== undefined && counted.amount === paid) return 'shipping-and-tax';
  if (discount !== undefined && counted.amount === amount + discount) return 'discount';
  return null;
}

function tooMany(one: CountedOrder, order: LedgerOrder | undefined, { ways }: Sides): Compared {
  const { date, channel, currency } = one;
  const counted = { amount: one.amount ?? 0, currency };
  const told = { orderId: one.id, date, channel, reporter: reporterOf(one, ways), ledger: undefined, counted };
  return { ...told, kind: 'too_many', reason: order !== undefined ? 'counted-twice' : strangeReason(one) };
}

function strangeReason({ isErased, device, paymentType }: CountedOrder): Reason | null {
  if (isErased) return 'erased';
  if (device === 'bot') return 'bot';
  return TEST_PAYMENT.test(paymentType ?? '') ? 'test-order' : null;
}

/** Who said that it was bought: an import, a shop's own hook (which names its events after their orders), or else a client's event. */
function reporterOf({ id, lane, eventId }: CountedOrder, ways: readonly string[]): string {
  if (lane !== LIVE) return 'import';
  return ways.find((way) => hookEventId(way, 'purchase', id) === eventId) ?? 'event';
}
