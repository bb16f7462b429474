import { z } from '@hono/zod-openapi';
import { isCurrency } from '../money.ts';
import { grossTotal } from '../numbers/lines.ts';
import { isQuantity } from '../numbers/quantity.ts';
import {
  INVENTORY,
  isWithin,
  itemSchema,
  MAX_AMOUNT,
  MAX_ITEMS,
  MAX_LENGTH,
  MAX_TIMESTAMP_MS,
  NAME,
  NEEDS_TRANSACTION,
  SURELY_WITHIN_MAX_AMOUNT,
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
  const { name, user_id: userId, items, value, transaction_id: transactionId } = input;
  return (
    isName(name) &&
    (isText(userId, MAX_LENGTH.id) || (userId === undefined && isText(input.anonymous_id, MAX_LENGTH.id))) &&
    isAmountOrAbsent(value) &&
    (items === undefined || areItems(items, value)) &&
    (transactionId === undefined ? !NEEDS_TRANSACTION.has(name) : isText(transactionId, MAX_LENGTH.id)) &&
    areValid(input, EVENT_CHECKS)
  );
}

type Check = (value: unknown) => boolean;

const text =
  (max: number): Check =>
  (value) =>
    isTextOrAbsent(value, max);
const [id, label] = [text(MAX_LENGTH.id), text(MAX_LENGTH.label)];
const [title, link] = [text(MAX_LENGTH.title), text(MAX_LENGTH.link)];
/** Its fields may stand there, or what a sender means by them: that is looked at where there is time. */
const elsewhere: Check = (value) => value === undefined;

/**
 * What each field holds by itself. An event has a third of them: going through those that it has takes less time than asking it for
 * all that it may have.
 */
const EVENT_CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['ecommerce', elsewhere],
  ['params', elsewhere],
  ['context', elsewhere],
  ['dimensions', areOwnValues],
  ['event_id', text(MAX_LENGTH.eventId)],
  ['timestamp', isMomentOrAbsent],
  ['sent_at', isMomentOrAbsent],
  ['anonymous_id', id],
  ['session_id', id],
  ['city', id],
  ['country', id],
  ['currency', isCurrencyOrAbsent],
  ['payment_type', text(MAX_LENGTH.paymentType)],
  ['search_term', (value) => value === '' || isTextOrAbsent(value, MAX_LENGTH.searchTerm)],
  ['results_count', (value) => value === undefined || isWhole(value, 0, Number.MAX_SAFE_INTEGER)],
  ['shipping', isAmountOrAbsent],
  ['tax', isAmountOrAbsent],
  ['discount', isAmountOrAbsent],
  ['coupon', label],
  ['page_location', link],
  ['page_referrer', link],
  ['cart_url', link],
  ['user_agent', title],
  ['device', label],
  ['store', label],
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

const ITEM_CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['item_name', title],
  ['item_category', title],
  ['item_category2', title],
  ['item_category3', title],
  ['item_category4', title],
  ['item_category5', title],
  ['item_brand', title],
  ['item_variant', title],
  ['item_list_name', title],
  ['item_url', link],
  ['image_url', link],
  ['coupon', label],
]);

function areValid(fields: Readonly<Record<string, unknown>>, checks: ReadonlyMap<string, Check>): boolean {
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

function areOwnValues(values: unknown): boolean {
  if (values === undefined) return true;
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return false;
  return Object.entries(values).every(
    ([name, value]) => name.length <= MAX_LENGTH.name && isText(value, MAX_LENGTH.label),
  );
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= MAX_AMOUNT;
}

function isAmountOrAbsent(value: unknown): boolean {
  return value === undefined || isAmount(value);
}

function isQuantityOrAbsent(value: unknown): boolean {
  return value === undefined || (typeof value === 'number' && isQuantity(value));
}

function isWhole(value: unknown, min: number, max: number): boolean {
  return Number.isSafeInteger(value) && typeof value === 'number' && value >= min && value <= max;
}

function isMomentOrAbsent(value: unknown): boolean {
  if (value === undefined) return true;
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
  return items.every((item) => isItem(item, worth)) && grossTotal(items) <= SURELY_WITHIN_MAX_AMOUNT;
}

function isItem(item: Fields<WireItem> | null, value: number | undefined): boolean {
  return (
    typeof item === 'object' &&
    item !== null &&
    isText(item.item_id, MAX_LENGTH.id) &&
    isAmountOrAbsent(item.price) &&
    isQuantityOrAbsent(item.quantity) &&
    (item.discount === undefined || isDiscount(item.discount, item.price, value)) &&
    areValid(item, ITEM_CHECKS)
  );
}

/** Of an event without a value it is taken off the price. */
function isDiscount(discount: unknown, price: unknown, value: number | undefined): boolean {
  return isAmount(discount) && (value !== undefined || discount <= (typeof price === 'number' ? price : 0));
}
