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
  // As the spec's first edition has them.
  ['viewed_product_category', 'view_item_list'],
  ['viewed_product', 'view_item'],
  ['added_product', 'add_to_cart'],
  ['removed_product', 'remove_from_cart'],
  ['completed_order', 'purchase'],
  ['refunded_order', 'refund'],
]);

/** The properties are the order's as it was; what is left of it is refunded. */
export const CANCELLED: ReadonlySet<unknown> = new Set([
  'order_cancelled',
  'order_canceled',
  'cancelled_order',
  'canceled_order',
]);

/** What happens to one product, which the properties themselves describe. */
export const OF_ONE_PRODUCT: ReadonlySet<unknown> = new Set([
  'select_item',
  'view_item',
  'add_to_wishlist',
  'add_to_cart',
  'remove_from_cart',
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

/** `revenue` is without shipping and tax, as `value` is; `total` is not. Segment's own destinations read `orderId` as `order_id`. */
export const TRACK: readonly Row[] = [
  ['transaction_id', 'order_id'],
  ['transaction_id', 'orderId'],
  ['value', 'revenue'],
  ['value', 'value'],
  ['search_term', 'query'],
  ['payment_type', 'payment_method'],
  ['payment_type', 'paymentMethod'],
];

export const PAGE: readonly Row[] = [
  ['page_location', 'url'],
  ['page_referrer', 'referrer'],
];

export const PRODUCT: readonly Row[] = [
  ['item_id', 'product_id'],
  ['item_id', 'productId'],
  ['item_id', 'sku'],
  ['item_id', 'id'],
  ['item_name', 'name'],
  ['item_brand', 'brand'],
  ['item_category', 'category'],
  ['item_variant', 'variant'],
  ['item_url', 'url'],
  ['image_url', 'image_url'],
  ['image_url', 'imageUrl'],
  ['coupon', 'coupon'],
  ['price', 'price'],
  ['quantity', 'quantity'],
];
