import { categoryPath } from './details/category-path.ts';
import { orderPartsOf } from './details/order-parts.ts';
import type { InventoryEvent, LogEvent, ShopEvent } from './event.ts';
import { isObject } from './forms/fields.ts';
import { unitPrice } from './numbers/lines.ts';
import type { Arrival, Repair } from './repairs/rule.ts';
import { RULE_NAMES } from './repairs/rules.ts';
import { isInventory, visitorOf, type WireInventoryEvent, type WireItem, type WireShopEvent } from './schema.ts';
import { countedTerm } from './search-term.ts';
import { parseControl } from './validation/control.ts';
import { type Rejection, rejected, validateEvent } from './validation/validate.ts';

export interface RecordContext extends Arrival {
  /** Given to an event that carries none; derived from its place in the log so that a replay gives the same. */
  readonly fallbackEventId: () => string;
  /** What a shop event names of each dimension. */
  readonly valuesOf: (event: WireShopEvent) => readonly (string | undefined)[];
}

type ParsedRecord = { readonly outcome: 'parsed'; readonly event: LogEvent } | Rejection;

/** Parses one record of the log: an event as clients send them, or a control record. */
export function parseRecord(input: unknown, context: RecordContext): ParsedRecord {
  if (!isObject(input)) return rejected('', 'must be a JSON object');
  if (input['control'] !== undefined) return parseControl(input, context);
  const validated = validateEvent(input, context);
  if (validated.outcome === 'rejected') return validated;
  if (validated.outcome === 'ignored') return { outcome: 'parsed', event: { kind: 'ignored', count: 1 } };
  const { event, timestampMs, repairs } = validated;
  const repaired = repairedBy(input['repaired'], repairs);
  const parsed = isInventory(event)
    ? toInventoryEvent(event, timestampMs, context, repaired)
    : toShopEvent(event, timestampMs, context, repaired);
  return { outcome: 'parsed', event: parsed };
}

/** Each rule that the event went through once: here, or where it came in, which its record says. */
function repairedBy(noted: unknown, repairs: readonly Repair[]): readonly string[] | undefined {
  if (noted === undefined && repairs.length === 0) return undefined;
  const before: readonly unknown[] = Array.isArray(noted) ? noted : [];
  const rules = new Set<unknown>([...before, ...repairs.map(({ rule }) => rule)]);
  return RULE_NAMES.filter((name) => rules.has(name));
}

function toShopEvent(
  event: WireShopEvent,
  timestampMs: number,
  context: RecordContext,
  repaired: readonly string[] | undefined,
): ShopEvent {
  return {
    kind: 'shop',
    eventId: event.event_id ?? context.fallbackEventId(),
    name: event.name,
    timestampMs,
    userId: visitorOf(event),
    ...(event.anonymous_id !== undefined && { anonymousId: event.anonymous_id }),
    sessionId: event.session_id,
    values: context.valuesOf(event),
    currency: event.currency ?? context.storeCurrency,
    value: event.value,
    items: (event.items ?? []).map((item) => ({
      itemId: item.item_id,
      itemName: item.item_name,
      category: categoryOf(item),
      brand: item.item_brand,
      variant: item.item_variant,
      price: item.price === undefined ? undefined : unitPrice(item, event.value),
      quantity: item.quantity ?? 1,
    })),
    transactionId: event.transaction_id,
    paymentType: event.payment_type,
    parts: orderPartsOf(event),
    searchTerm: event.search_term === undefined ? '' : countedTerm(event.search_term, visitorOf(event)),
    resultsCount: event.results_count,
    repaired,
  };
}

function categoryOf(item: WireItem): string | undefined {
  const { item_category: first, item_category2, item_category3, item_category4, item_category5 } = item;
  const path = categoryPath([first, item_category2, item_category3, item_category4, item_category5]);
  return path === '' ? undefined : path;
}

function toInventoryEvent(
  event: WireInventoryEvent,
  timestampMs: number,
  context: RecordContext,
  repaired: readonly string[] | undefined,
): InventoryEvent {
  return {
    kind: 'inventory',
    eventId: event.event_id ?? context.fallbackEventId(),
    name: event.name,
    timestampMs,
    itemId: event.item_id,
    stockLevel: event.name === 'stock_update' ? event.stock_level : undefined,
    price: event.name === 'price_change' ? event.price : undefined,
    currency: (event.name === 'price_change' ? event.currency : undefined) ?? context.storeCurrency,
    repaired,
  };
}
