import type { ControlRecord, InventoryEvent, ShopEvent } from '../../events/event.ts';
import { minorDigits } from '../../events/money.ts';
import { type PartitionId, partitionName } from '../../events/partition.ts';
import { orderOf } from '../../fold/orders/order.ts';
import { takesBack } from '../../fold/taken-back/lane-name.ts';
import { decodeRecord } from '../../ingestion/decode.ts';
import type { LogRecord } from '../../ingestion/ports/event-log.ts';
import type { DimensionReader } from '../../metrics/dimension.ts';
import type { Calendar } from '../../time/calendar.ts';
import { FETCHED } from '../columns.ts';
import { CONTROL, ERASE } from '../counted-rows.ts';

export interface FetchContext {
  readonly calendar: Calendar;
  readonly storeCurrency: string;
  readonly dimensions: DimensionReader;
}

/** It only links, and counts nowhere. */
const IDENTIFY = 'identify';

/**
 * A record of the log as a waiting row, by the columns' short names: what it says, and not how it counted, which nobody knows any more.
 * @returns undefined where it has no row
 */
export function fetchedRow(
  partition: PartitionId,
  place: number,
  record: LogRecord,
  context: FetchContext,
): Readonly<Record<string, unknown>> | undefined {
  const decoded = decodeRecord(record, { ...context, partition }, () => `${partitionName(partition)}-${place}`);
  if (decoded.outcome === 'rejected') return undefined;
  const { event } = decoded;
  const { importId: lane, arrivedAtMs } = record;
  // What takes an import back has no rows but its closing.
  if (lane !== undefined && takesBack(lane) && event.kind !== 'close') return undefined;
  const said = saidBy(event, record, context);
  if (said === undefined) return undefined;
  const { timestampMs = arrivedAtMs, ...rest } = said;
  return { p: place, d: context.calendar.at(timestampMs).day, t: timestampMs, a: arrivedAtMs, l: lane, ...rest };
}

type Said = { readonly timestampMs?: number; readonly [key: string]: unknown };

function saidBy(
  event: ShopEvent | InventoryEvent | ControlRecord,
  record: LogRecord,
  context: FetchContext,
): Said | undefined {
  if (event.kind === 'shop') return event.name === IDENTIFY ? undefined : shop(event, context);
  if (event.kind === 'inventory') return inventory(event);
  if (event.kind === 'erase') return { o: ERASE, u: event.userId };
  return { o: CONTROL, rec: Buffer.from(record.value ?? []).toString() };
}

function shop(event: ShopEvent, { dimensions }: FetchContext): Said {
  const { currency, parts, items, searchTerm } = event;
  const names = dimensions.dimensions.map(({ name }) => name);
  const named = event.values.flatMap((value, i) => (value === undefined ? [] : [[names[i], value]]));
  const order = event.name === 'purchase' ? orderOf(event) : undefined;
  return {
    timestampMs: event.timestampMs,
    o: FETCHED,
    n: event.name,
    e: event.eventId,
    u: event.userId,
    s: event.sessionId,
    ...(named.length > 0 && { nm: Object.fromEntries(named) }),
    c: currency,
    cd: minorDigits(currency),
    v: event.value,
    oa: order?.revenue,
    ou: order?.units,
    ol: order?.lines.map(({ itemId, units, revenue }) => ({ item_id: itemId, units, amount: revenue })),
    x: event.transactionId,
    y: event.paymentType,
    ...(parts && { sh: parts.shipping, tx: parts.tax, dc: parts.discount, cp: parts.coupon }),
    ...(items.length > 0 && { i: items.map(lineOf) }),
    ...(searchTerm !== '' && { q: searchTerm }),
    r: event.resultsCount,
    rp: event.repaired,
  };
}

const lineOf = ({ itemId, itemName, category, brand, variant, price, quantity }: ShopEvent['items'][number]) => ({
  item_id: itemId,
  item_name: itemName,
  category,
  brand,
  variant,
  price,
  quantity,
});

function inventory({
  name,
  eventId,
  timestampMs,
  itemId,
  stockLevel,
  price,
  currency,
  repaired,
}: InventoryEvent): Said {
  return {
    timestampMs,
    o: FETCHED,
    n: name,
    e: eventId,
    i: [{ item_id: itemId, price }],
    sl: stockLevel,
    ...(price !== undefined && { c: currency, cd: minorDigits(currency) }),
    rp: repaired,
  };
}
