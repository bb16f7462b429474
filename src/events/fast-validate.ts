import { z } from '@hono/zod-openapi';
import { isCurrency } from './money.ts';
import {
  INVENTORY,
  itemSchema,
  linesTotal,
  MAX_AMOUNT,
  MAX_ITEMS,
  MAX_LENGTH,
  MAX_QUANTITY,
  MAX_TIMESTAMP_MS,
  NAME,
  NEEDS_TRANSACTION,
  shopEventSchema,
  type WireShopEvent,
} from './schema.ts';

const DATETIME = z.regexes.datetime({ offset: true });

type Fields<T> = { readonly [K in keyof T]?: unknown };

/**
 * Is this plainly a good shop event? A yes is the schema's yes, at a fifth of its cost: nearly
 * every event of a backlog is one. A no only means that the schema decides, and says what is wrong.
 */
export function isSurelyValid(input: Fields<WireShopEvent>): input is WireShopEvent {
  const { name, timestamp, items, value, results_count: results } = input;
  return (
    isName(name) &&
    isText(input.user_id, MAX_LENGTH.id) &&
    isTextOrAbsent(input.event_id, MAX_LENGTH.eventId) &&
    (timestamp === undefined || isMoment(timestamp)) &&
    isTextOrAbsent(input.session_id, MAX_LENGTH.id) &&
    isTextOrAbsent(input.city, MAX_LENGTH.id) &&
    isTextOrAbsent(input.country, MAX_LENGTH.id) &&
    isCurrencyOrAbsent(input.currency) &&
    (value === undefined || isAmount(value)) &&
    (items === undefined || areItems(items)) &&
    (input.transaction_id === undefined ? !NEEDS_TRANSACTION.has(name) : isText(input.transaction_id, MAX_LENGTH.id)) &&
    isTextOrAbsent(input.payment_type, MAX_LENGTH.paymentType) &&
    (input.search_term === '' || isTextOrAbsent(input.search_term, MAX_LENGTH.searchTerm)) &&
    (results === undefined || isWhole(results, 0, Number.MAX_SAFE_INTEGER))
  );
}

const EVENT_FIELDS: ReadonlySet<string> = new Set(Object.keys(shopEventSchema.shape));
const ITEM_FIELDS: ReadonlySet<string> = new Set(Object.keys(itemSchema.shape));

/** The event without fields that the contract does not know. */
export function knownPart(event: WireShopEvent): WireShopEvent {
  const isKnown = hasOnly(event, EVENT_FIELDS) && (event.items ?? []).every((item) => hasOnly(item, ITEM_FIELDS));
  return isKnown ? event : shopEventSchema.parse(event);
}

function hasOnly(fields: object, known: ReadonlySet<string>): boolean {
  for (const field in fields) if (!known.has(field)) return false;
  return true;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_LENGTH.name && NAME.test(value) && !INVENTORY.has(value);
}

function isText(value: unknown, max: number): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= max && value.isWellFormed();
}

function isTextOrAbsent(value: unknown, max: number): boolean {
  return value === undefined || isText(value, max);
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= MAX_AMOUNT;
}

function isWhole(value: unknown, min: number, max: number): boolean {
  return Number.isSafeInteger(value) && typeof value === 'number' && value >= min && value <= max;
}

function isMoment(value: unknown): boolean {
  return typeof value === 'string' ? DATETIME.test(value) : isWhole(value, 0, MAX_TIMESTAMP_MS);
}

function isCurrencyOrAbsent(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && isCurrency(value));
}

function areItems(value: unknown): boolean {
  if (!Array.isArray(value) || value.length > MAX_ITEMS) return false;
  return value.every(isItem) && linesTotal(value) <= MAX_AMOUNT;
}

function isItem(item: Fields<NonNullable<WireShopEvent['items']>[number]> | null): boolean {
  return (
    typeof item === 'object' &&
    item !== null &&
    isText(item.item_id, MAX_LENGTH.id) &&
    isTextOrAbsent(item.item_name, MAX_LENGTH.title) &&
    isTextOrAbsent(item.item_category, MAX_LENGTH.title) &&
    isTextOrAbsent(item.item_brand, MAX_LENGTH.title) &&
    (item.price === undefined || isAmount(item.price)) &&
    (item.quantity === undefined || isWhole(item.quantity, 1, MAX_QUANTITY))
  );
}
