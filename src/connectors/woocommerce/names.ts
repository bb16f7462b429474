import type { Row } from '../mapping.ts';

/** Of an order. */
export const ORDER: readonly Row[] = [
  ['city', 'shipping', 'city'],
  ['city', 'billing', 'city'],
  ['country', 'shipping', 'country'],
  ['country', 'billing', 'country'],
  ['user_agent', 'customer_user_agent'],
];

/** Of a line. An item is its SKU, or else its variation, or else its product; a variation is 0 where there is none. */
export const LINE: readonly Row[] = [
  ['item_name', 'name'],
  ['price', 'price'],
  ['quantity', 'quantity'],
];

/** How an order stands, and what that means; `refunded` follows from its refunds. */
export const STATES: ReadonlyMap<unknown, 'begun' | 'bought' | 'cancelled'> = new Map([
  ['checkout-draft', 'begun'],
  ['pending', 'begun'],
  ['on-hold', 'bought'],
  ['processing', 'bought'],
  ['completed', 'bought'],
  ['cancelled', 'cancelled'],
  ['failed', 'cancelled'],
]);
