import { z } from '@hono/zod-openapi';
import { isCurrency } from '../money.ts';
import { linesTotal } from '../numbers/lines.ts';
import {
  INVENTORY,
  isWithin,
  itemSchema,
  MAX_AMOUNT,
  MAX_ITEMS,
  MAX_LENGTH,
  MAX_QUANTITY,
  MAX_TIMESTAMP_MS,
  NAME,
  NEEDS_TRANSACTION,
  shopEventSchema,
  type WireItem,
  type WireShopEvent,
} from '../schema.ts';

const DATETIME = z.regexes.datetime({ offset: true });

type Fields<T> = { readonly [K in keyof T]?: unknown };

/**
 * Is this plainly a good shop event? A yes is the schema's yes, at a fifth of its cost: nearly every event of a backlog is one.
 * A no only means that the schema decides, and says what is wrong.
 */
export function isSurelyValid(input: Fields<WireShopEvent>): input is WireShopEvent {
  const { name, timestamp, items, value, results_count: results } = input;
  return (
    isName(name) &&
    (isText(input.user_id, MAX_LENGTH.id) ||
      (input.user_id === undefined && isText(input.anonymous_id, MAX_LENGTH.id))) &&
    isTextOrAbsent(input.event_id, MAX_LENGTH.eventId) &&
    (timestamp === undefined || isMoment(timestamp)) &&
    isTextOrAbsent(input.session_id, MAX_LENGTH.id) &&
    isTextOrAbsent(input.city, MAX_LENGTH.id) &&
    isTextOrAbsent(input.country, MAX_LENGTH.id) &&
    isCurrencyOrAbsent(input.currency) &&
    isAmountOrAbsent(value) &&
    (items === undefined || areItems(items, value)) &&
    (input.transaction_id === undefined ? !NEEDS_TRANSACTION.has(name) : isText(input.transaction_id, MAX_LENGTH.id)) &&
    isTextOrAbsent(input.payment_type, MAX_LENGTH.paymentType) &&
    (input.search_term === '' || isTextOrAbsent(input.search_term, MAX_LENGTH.searchTerm)) &&
    (results === undefined || isWhole(results, 0, Number.MAX_SAFE_INTEGER)) &&
    areFurtherValid(input, FURTHER)
  );
}

type Check = (value: unknown) => boolean;

const text =
  (max: number): Check =>
  (value) =>
    isTextOrAbsent(value, max);
const [label, title, link] = [text(MAX_LENGTH.label), text(MAX_LENGTH.title), text(MAX_LENGTH.link)];
/** Its fields may stand there, or what a sender means by them: that is looked at where there is time. */
const elsewhere: Check = (value) => value === undefined;

/**
 * What may stand beside the fields above, and mostly does not. Asking an object for thirty fields that it has not takes longer than
 * going through those that it has.
 */
const FURTHER: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['ecommerce', elsewhere],
  ['params', elsewhere],
  ['context', elsewhere],
  ['anonymous_id', text(MAX_LENGTH.id)],
  ['sent_at', (value) => value === undefined || isMoment(value)],
  ['shipping', isAmountOrAbsent],
  ['tax', isAmountOrAbsent],
  ['discount', isAmountOrAbsent],
  ['coupon', label],
  ['page_location', link],
  ['page_referrer', link],
  ['cart_url', link],
  ['user_agent', title],
  ['device', label],
  ['utm_source', label],
  ['utm_medium', label],
  ['utm_campaign', label],
  ['utm_term', label],
  ['utm_content', label],
  ['utm_id', label],
  ['gclid', label],
  ['gbraid', label],
  ['wbraid', label],
  ['dclid', label],
  ['fbclid', label],
  ['msclkid', label],
  ['ttclid', label],
  ['twclid', label],
]);

const FURTHER_OF_ITEM: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['item_variant', title],
  ['item_category2', title],
  ['item_category3', title],
  ['item_category4', title],
  ['item_category5', title],
  ['item_list_name', title],
  ['item_url', link],
  ['image_url', link],
  ['coupon', label],
]);

function areFurtherValid(fields: Readonly<Record<string, unknown>>, checks: ReadonlyMap<string, Check>): boolean {
  for (const field in fields) {
    const check = checks.get(field);
    if (check !== undefined && !check(fields[field])) return false;
  }
  return true;
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
  return typeof value === 'string' && value.length > 0 && isWithin(value, max) && value.isWellFormed();
}

function isTextOrAbsent(value: unknown, max: number): boolean {
  return value === undefined || isText(value, max);
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= MAX_AMOUNT;
}

function isAmountOrAbsent(value: unknown): boolean {
  return value === undefined || isAmount(value);
}

function isWhole(value: unknown, min: number, max: number): boolean {
  return Number.isSafeInteger(value) && typeof value === 'number' && value >= min && value <= max;
}

function isMoment(value: unknown): boolean {
  if (typeof value !== 'string') return isWhole(value, 0, MAX_TIMESTAMP_MS);
  return DATETIME.test(value) && !hasMoreThanMs(value);
}

/** `2026-11-20T12:00:00.123` has 23 characters. */
function hasMoreThanMs(datetime: string): boolean {
  const next = datetime.charCodeAt(23);
  return datetime[19] === '.' && next >= 48 && next <= 57;
}

function isCurrencyOrAbsent(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && isCurrency(value));
}

function areItems(items: unknown, value: unknown): boolean {
  if (!Array.isArray(items) || items.length > MAX_ITEMS) return false;
  // A value that is no number has been refused before.
  const worth = typeof value === 'number' ? value : undefined;
  return items.every((item) => isItem(item, worth)) && linesTotal(items, worth) <= MAX_AMOUNT;
}

function isItem(item: Fields<WireItem> | null, value: number | undefined): boolean {
  return (
    typeof item === 'object' &&
    item !== null &&
    isText(item.item_id, MAX_LENGTH.id) &&
    isTextOrAbsent(item.item_name, MAX_LENGTH.title) &&
    isTextOrAbsent(item.item_category, MAX_LENGTH.title) &&
    isTextOrAbsent(item.item_brand, MAX_LENGTH.title) &&
    isAmountOrAbsent(item.price) &&
    (item.quantity === undefined || isWhole(item.quantity, 1, MAX_QUANTITY)) &&
    (item.discount === undefined || isDiscount(item.discount, item.price, value)) &&
    areFurtherValid(item, FURTHER_OF_ITEM)
  );
}

/** Of an event without a value it is taken off the price. */
function isDiscount(discount: unknown, price: unknown, value: number | undefined): boolean {
  return isAmount(discount) && (value !== undefined || discount <= (typeof price === 'number' ? price : 0));
}
