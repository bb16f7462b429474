import { type Fields, isObject } from './fields.ts';

/** What GA's older data layer calls what happened, and the event that it is today. */
const ACTIONS = [
  ['purchase', 'purchase'],
  ['refund', 'refund'],
  ['add', 'add_to_cart'],
  ['remove', 'remove_from_cart'],
  ['checkout', 'begin_checkout'],
  ['click', 'select_item'],
  ['detail', 'view_item'],
] as const;

/** Of what else is shown and clicked on a page; it has no lines. */
const PROMOTIONS = [
  ['promoClick', 'select_promotion'],
  ['promoView', 'view_promotion'],
] as const;

/** What a page has shown, whatever else happened on it. */
export const SHOWN: ReadonlySet<string> = new Set(['impressions', 'promoView']);

const ORDER_FIELDS = [
  ['id', 'transaction_id'],
  ['revenue', 'value'],
  ['tax', 'tax'],
  ['shipping', 'shipping'],
  ['coupon', 'coupon'],
] as const;

/** An order in Tag Manager's first data layer, beside `event`. */
const TRANSACTION_FIELDS = [
  ['transactionId', 'transaction_id'],
  ['transactionTotal', 'value'],
  ['transactionCurrency', 'currency'],
  ['transactionTax', 'tax'],
  ['transactionShipping', 'shipping'],
] as const;

/** Which order it is, whoever says what it was worth. */
const IN_ANY_CASE: ReadonlySet<string> = new Set(['transaction_id', 'currency']);

const TRANSACTION_ITEM_NAMES: ReadonlyMap<string, string> = new Map([
  ['item_id', 'sku'],
  ['item_name', 'name'],
  ['item_category', 'category'],
]);

/** Today's name of a line's field, and the older one. */
export const OLDER_ITEM_NAMES: ReadonlyMap<string, string> = new Map([
  ['item_id', 'id'],
  ['item_name', 'name'],
  ['item_brand', 'brand'],
  ['item_category', 'category'],
  ['item_variant', 'variant'],
  ['item_list_name', 'list'],
]);

export interface OlderEvent {
  /** The part that says what happened, and where it stands. */
  readonly action: string;
  readonly place: string;
  readonly name: string;
  readonly itemNames: ReadonlyMap<string, string> | undefined;
  readonly found: readonly { readonly field: string; readonly value: unknown; readonly place: string }[];
}

/** `ecommerce.purchase.actionField`, `products` and their like as the event that GA4 makes of them; undefined where there are none. */
export function fromOlderDataLayer(ecommerce: Fields): OlderEvent | undefined {
  const { impressions } = ecommerce;
  const currency = currencyIn(ecommerce);
  for (const [action, name] of ACTIONS) {
    const { [action]: said } = ecommerce;
    if (!isObject(said)) continue;
    const order = isObject(said['actionField']) ? said['actionField'] : {};
    const fields = ORDER_FIELDS.map(([older, field]) => ({
      field,
      value: order[older],
      place: `ecommerce.${action}.actionField.${older}`,
    }));
    const items = { field: 'items', value: linesOf(said['products']), place: `ecommerce.${action}.products` };
    return inEcommerce(action, name, [currency, ...fields, items]);
  }
  if (impressions !== undefined) {
    const items = { field: 'items', value: linesOf(impressions), place: 'ecommerce.impressions' };
    return inEcommerce('impressions', 'view_item_list', [currency, items]);
  }
  const promotion = PROMOTIONS.find(([action]) => isObject(ecommerce[action]));
  return promotion && inEcommerce(promotion[0], promotion[1], []);
}

const currencyIn = ({ currencyCode }: Fields) => ({
  field: 'currency',
  value: currencyCode,
  place: 'ecommerce.currencyCode',
});

const inEcommerce = (action: string, name: string, found: OlderEvent['found']): OlderEvent => ({
  action,
  place: `ecommerce.${action}`,
  name,
  itemNames: OLDER_ITEM_NAMES,
  found,
});

/** In the spelling of the shop. */
const REFUND = /^(order|transaction)?[ _-]?refund(ed)?$/i;

/**
 * `transactionId` and its like as a purchase, or as the refund that it is said to be; what today's fields say beside it goes first.
 * @returns undefined where there is no order: templates fill it with nothing, or 0, on every other page
 */
export function fromTransaction(sent: Fields, ecommerce: Fields, said: unknown): OlderEvent | undefined {
  const { transactionId, transactionProducts } = sent;
  if (!transactionId) return undefined;
  const name = REFUND.test(String(said)) ? 'refund' : 'purchase';
  const isSaid = (field: string): boolean => (sent[field] ?? ecommerce[field] ?? undefined) !== undefined;
  // A part's refund names its lines, or its amount: the order's own are of all of it.
  const isWorthSaid = isSaid('items') || isSaid('value');
  const taken = TRANSACTION_FIELDS.filter(([, field]) => !isSaid(field) && (!isWorthSaid || IN_ANY_CASE.has(field)));
  const fields = taken.map(([older, field]) => ({ field, value: sent[older], place: older }));
  const currency = currencyIn(ecommerce);
  const items = {
    field: 'items',
    value: linesOf(transactionProducts, TRANSACTION_ITEM_NAMES),
    place: 'transactionProducts',
  };
  return {
    action: name,
    place: 'transactionId',
    name,
    itemNames: isWorthSaid ? undefined : TRANSACTION_ITEM_NAMES,
    found: [...fields, currency, ...(isWorthSaid ? [] : [items])],
  };
}

/** A list, or one line in its place; what is neither stays as it is, for the schema to refuse. */
function linesOf(products: unknown, names = OLDER_ITEM_NAMES): unknown {
  const toLine = (product: unknown) => (isObject(product) ? lineOf(product, namesIn(product, names)) : product);
  return Array.isArray(products) ? products.map(toLine) : toLine(products);
}

/** Shops that say what their products are by `id` in every list do so in a transaction's as well. */
const namesIn = ({ sku, id }: Fields, names: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
  (sku ?? undefined) === undefined && (id ?? undefined) !== undefined ? OLDER_ITEM_NAMES : names;

/** As gtag's older form has it in `items`: neither of today's two names of an item is there. */
export const isOlderLine = ({ item_id, item_name, id, name }: Fields): boolean =>
  (item_id ?? item_name ?? undefined) === undefined && (id ?? name ?? undefined) !== undefined;

export function lineOf(product: Fields, names = OLDER_ITEM_NAMES): Fields {
  const line = { ...product };
  for (const [today, older] of names) {
    const { [today]: given, [older]: value } = product;
    if (given === undefined && value !== undefined) line[today] = value;
  }
  return line;
}
