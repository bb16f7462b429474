import type { Row } from '../mapping.ts';

/** Of an order and of a cart. */
export const ORDER: readonly Row[] = [
  ['city', 'shipping_address', 'city'],
  ['city', 'billing_address', 'city'],
  ['country', 'shipping_address', 'country_code'],
  ['country', 'billing_address', 'country_code'],
];

/** Of a line. */
export const LINE: readonly Row[] = [
  ['item_name', 'product_title'],
  ['item_name', 'title'],
  ['item_variant', 'variant_title'],
  ['item_category', 'product_type'],
  ['image_url', 'thumbnail'],
  ['price', 'unit_price'],
  ['quantity', 'quantity'],
];
