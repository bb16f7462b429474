import { MAX_LENGTH, type WireEvent, type WireItem } from '../schema.ts';
import type { Kind } from './rule.ts';

export interface FieldKind {
  readonly kind: Kind;
  readonly max: number;
}

const of = (kind: Kind, max = 0): FieldKind => ({ kind, max });
const id = of('id', MAX_LENGTH.id);
const place = of('title', MAX_LENGTH.id);
const title = of('title', MAX_LENGTH.title);
const label = of('label', MAX_LENGTH.label);
const link = of('link', MAX_LENGTH.link);
const address = of('address', MAX_LENGTH.link);
const amount = of('amount');
const count = of('count');
const time = of('time');

type AnyOf<T> = T extends unknown ? keyof T : never;

/** A field that the schema has and this has not is an error of the compiler; values of own dimensions have the names of these. */
const EVENT: Readonly<Record<Exclude<AnyOf<WireEvent>, 'dimensions'>, FieldKind>> = {
  name: of('name'),
  event_id: of('id', MAX_LENGTH.eventId),
  user_id: id,
  anonymous_id: id,
  session_id: id,
  transaction_id: id,
  item_id: id,
  currency: of('currency'),
  sent_at: time,
  timestamp: time,
  city: place,
  country: place,
  payment_type: of('id', MAX_LENGTH.paymentType),
  search_term: of('term', MAX_LENGTH.searchTerm),
  value: amount,
  price: amount,
  results_count: count,
  stock_level: count,
  shipping: of('aside'),
  tax: of('aside'),
  discount: of('aside'),
  coupon: label,
  page_location: address,
  page_referrer: address,
  cart_url: link,
  user_agent: of('address', MAX_LENGTH.title),
  device: label,
  store: label,
  utm_source: label,
  utm_medium: label,
  utm_campaign: label,
  utm_term: label,
  utm_content: label,
  utm_id: label,
  gclid: label,
  gbraid: label,
  wbraid: label,
  dclid: label,
  fbclid: label,
  msclkid: label,
  ttclid: label,
  twclid: label,
  items: of('items'),
};

const ITEM: Readonly<Record<keyof WireItem, FieldKind>> = {
  item_name: title,
  item_id: id,
  item_brand: title,
  item_category: title,
  item_category2: title,
  item_category3: title,
  item_category4: title,
  item_category5: title,
  item_variant: title,
  item_list_name: title,
  item_url: link,
  image_url: link,
  coupon: label,
  price: amount,
  discount: amount,
  quantity: count,
};

/** In the order in which they are looked at: a name before the id that it may stand for, `sent_at` before `timestamp`. */
export const EVENT_KINDS: readonly (readonly [field: string, kind: FieldKind])[] = Object.entries(EVENT);
export const ITEM_KINDS: readonly (readonly [field: string, kind: FieldKind])[] = Object.entries(ITEM);
