import type { Row } from '../mapping.ts';

/** Segment's and RudderStack's e-commerce spec, in the spelling of `eventName`; other names are custom events. */
export const NAMES: ReadonlyMap<unknown, string> = new Map([
  ['products_searched', 'search'],
  ['product_list_viewed', 'view_item_list'],
  ['product_clicked', 'select_item'],
  ['product_viewed', 'view_item'],
  ['product_added_to_wishlist', 'add_to_wishlist'],
  ['product_added', 'add_to_cart'],
  ['product_removed', 'remove_from_cart'],
  ['cart_viewed', 'view_cart'],
  ['checkout_started', 'begin_checkout'],
  ['payment_info_entered', 'add_payment_info'],
  ['order_completed', 'purchase'],
  ['order_refunded', 'refund'],
]);

/** Of every message; `properties` and `context` are looked through as the project's own `params` and `context` are. */
export const MESSAGE: readonly Row[] = [
  ['event_id', 'messageId'],
  ['user_id', 'userId'],
  ['anonymous_id', 'anonymousId'],
  ['timestamp', 'timestamp'],
  ['timestamp', 'originalTimestamp'],
  ['session_id', 'context', 'sessionId'],
  ['city', 'context', 'location', 'city'],
  ['country', 'context', 'location', 'country'],
];

/** `revenue` is without shipping and tax, as `value` is; `total` is not. */
export const TRACK: readonly Row[] = [
  ['transaction_id', 'order_id'],
  ['value', 'revenue'],
  ['value', 'value'],
  ['search_term', 'query'],
  ['payment_type', 'payment_method'],
];

export const PAGE: readonly Row[] = [
  ['page_location', 'url'],
  ['page_referrer', 'referrer'],
];

export const PRODUCT: readonly Row[] = [
  ['item_id', 'product_id'],
  ['item_id', 'sku'],
  ['item_name', 'name'],
  ['item_brand', 'brand'],
  ['item_category', 'category'],
  ['item_variant', 'variant'],
  ['item_url', 'url'],
  ['image_url', 'image_url'],
  ['coupon', 'coupon'],
  ['price', 'price'],
  ['quantity', 'quantity'],
];
