import { z } from 'zod';
import type { OrderParts } from '../../events/details/order-parts.ts';
import type { InventoryEvent, ShopEvent } from '../../events/event.ts';
import { LIVE } from '../../fold/settings.ts';
import { CONTROL_COLUMNS } from '../columns.ts';
import type { Source } from '../files.ts';
import { archived, IS_OF_CART, IS_OF_SESSION, isControl } from '../sql.ts';

/** A record of the log as the archive has it: an event, or what the log itself holds of one that is none. */
export interface ArchivedRecord {
  readonly place: number;
  readonly arrivedAtMs: number;
  /** The import that it came with. */
  readonly importId: string | undefined;
  readonly event: ShopEvent | InventoryEvent | undefined;
  readonly record: string | undefined;
}

/** Positions of a partition, the second one excluded. */
export interface Places {
  readonly from: number;
  readonly to: number;
}

/** The rows of these files that lie between the places, in their order; lists are JSON. */
export function recordsSql(events: readonly Source[], control: readonly Source[], { from, to }: Places): string {
  const within = `position >= ${from} AND position < ${to}`;
  const json = (name: string): string => `CAST(to_json(${name}) AS VARCHAR) AS ${name}`;
  const all = 'position, epoch_ms(arrived_at) AS arrived, lane';
  // What another partition said may stand beside the moment to which it has moved lane time, and moves it once more.
  const told = `SELECT DISTINCT ON (position) ${all}, record FROM (${archived(control, CONTROL_COLUMNS)})
    WHERE ${within} AND NOT (${IS_OF_CART} OR ${IS_OF_SESSION}) ORDER BY position, ${isControl('tick')}`;
  return `SELECT ${all}, name, event_id, epoch_ms(timestamp) AS happened, visitor, session_id, currency, value, ${json('items')}, transaction_id,
      shipping, tax, discount, coupon, payment_type, search_term, results_count, stock_level, ${json('named')}, ${json('repaired')},
      session_began_at AS began, session_event
    FROM (${archived(events)}) WHERE ${within}
    UNION ALL BY NAME (${told})`;
}

const parsedJson = z.string().transform((text): unknown => JSON.parse(text));
const absent = <T extends z.ZodType>(of: T) => of.nullish().transform((value) => value ?? undefined);
const text = absent(z.string());
const number = absent(z.number());
const line = z.object({
  item_id: z.string(),
  item_name: text,
  category: text,
  brand: text,
  variant: text,
  price: number,
  quantity: number,
});

const row = z.object({
  position: z.number(),
  arrived: z.number(),
  lane: z.string(),
  name: text,
  event_id: text,
  happened: number,
  visitor: text,
  session_id: text,
  currency: text,
  value: number,
  items: absent(parsedJson.pipe(z.array(line))),
  transaction_id: text,
  shipping: number,
  tax: number,
  discount: number,
  coupon: text,
  payment_type: text,
  search_term: text,
  results_count: number,
  stock_level: number,
  named: absent(parsedJson.pipe(z.record(z.string(), z.string()))),
  repaired: absent(parsedJson.pipe(z.array(z.string()))),
  record: text,
});
type Row = z.infer<typeof row>;

export interface EventContext {
  /** What is counted by, in the order of the settings. */
  readonly dimensions: readonly string[];
  readonly storeCurrency: string;
}

/** What a row says, as it would be read from the log. All that folding asks of an event has to be here. */
export function archivedRecord(found: unknown, context: EventContext): ArchivedRecord {
  const read = row.parse(found);
  const { position: place, arrived: arrivedAtMs, lane, record } = read;
  const importId = lane === LIVE ? undefined : lane;
  const event = record === undefined ? eventOf(read, context) : undefined;
  return { place, arrivedAtMs, importId, event, record };
}

function eventOf(read: Row, context: EventContext): ShopEvent | InventoryEvent {
  const { name = '', event_id: eventId = '', happened: timestampMs = 0, visitor, currency, repaired } = read;
  const items = (read.items ?? []).map(({ item_id, item_name, category, brand, variant, price, quantity = 1 }) => ({
    itemId: item_id,
    itemName: item_name,
    category,
    brand,
    variant,
    price,
    quantity,
  }));
  if (visitor === undefined) return inventoryOf(read, items[0], context);
  return {
    kind: 'shop',
    eventId,
    name,
    timestampMs,
    userId: visitor,
    sessionId: read.session_id,
    values: context.dimensions.map((dimension) => read.named?.[dimension]),
    currency: currency ?? context.storeCurrency,
    value: read.value,
    items,
    transactionId: read.transaction_id,
    paymentType: read.payment_type,
    parts: partsOf(read),
    searchTerm: read.search_term ?? '',
    resultsCount: read.results_count,
    repaired,
  };
}

function partsOf({ shipping, tax, discount, coupon }: Row): OrderParts | undefined {
  return shipping === undefined ? undefined : { shipping, tax: tax ?? 0, discount: discount ?? 0, coupon };
}

function inventoryOf(
  { name, event_id: eventId = '', happened: timestampMs = 0, stock_level: stockLevel, currency, repaired }: Row,
  item: { readonly itemId: string; readonly price: number | undefined } | undefined,
  { storeCurrency }: EventContext,
): InventoryEvent {
  return {
    kind: 'inventory',
    eventId,
    name: name === 'price_change' ? name : 'stock_update',
    timestampMs,
    itemId: item?.itemId ?? '',
    stockLevel,
    price: item?.price,
    currency: currency ?? storeCurrency,
    repaired,
  };
}
