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
  /** The part of `ecommerce` that says what happened. */
  readonly action: string;
  readonly name: string;
  readonly found: readonly { readonly field: string; readonly value: unknown; readonly place: string }[];
}

/** `ecommerce.purchase.actionField`, `products` and their like as the event that GA4 makes of them; undefined where there are none. */
export function fromOlderDataLayer(ecommerce: Fields): OlderEvent | undefined {
  const { currencyCode, impressions } = ecommerce;
  const currency = { field: 'currency', value: currencyCode, place: 'ecommerce.currencyCode' };
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
    return { action, name, found: [currency, ...fields, items] };
  }
  if (impressions !== undefined) {
    const items = { field: 'items', value: linesOf(impressions), place: 'ecommerce.impressions' };
    return { action: 'impressions', name: 'view_item_list', found: [currency, items] };
  }
  const promotion = PROMOTIONS.find(([action]) => isObject(ecommerce[action]));
  return promotion && { action: promotion[0], name: promotion[1], found: [] };
}

/** A list, or one line in its place; what is neither stays as it is, for the schema to refuse. */
function linesOf(products: unknown): unknown {
  const toLine = (product: unknown) => (isObject(product) ? lineOf(product) : product);
  return Array.isArray(products) ? products.map(toLine) : toLine(products);
}

/** As gtag's older form has it in `items`: neither of today's two names of an item is there. */
export const isOlderLine = ({ item_id, item_name, id, name }: Fields): boolean =>
  (item_id ?? item_name ?? undefined) === undefined && (id ?? name ?? undefined) !== undefined;

export function lineOf(product: Fields): Fields {
  const line = { ...product };
  for (const [today, older] of OLDER_ITEM_NAMES) {
    const { [today]: given, [older]: value } = product;
    if (given === undefined && value !== undefined) line[today] = value;
  }
  return line;
}
