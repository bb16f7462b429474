import type { Row } from '../mapping.ts';

/** Of orders and checkouts. */
export const ORDER: readonly Row[] = [
  ['city', 'shipping_address', 'city'],
  ['city', 'billing_address', 'city'],
  ['country', 'shipping_address', 'country_code'],
  ['country', 'billing_address', 'country_code'],
  ['user_agent', 'client_details', 'user_agent'],
];

/** Of a line. */
export const LINE: readonly Row[] = [
  ['item_name', 'title'],
  ['item_variant', 'variant_title'],
  ['item_brand', 'vendor'],
  ['price', 'price'],
  ['quantity', 'quantity'],
];
