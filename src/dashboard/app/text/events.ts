import { said } from '../words/said.ts';

const CALLED: Readonly<Record<string, string>> = {
  page_view: said('looked at a page'),
  view_item_list: said('looked at a list'),
  select_item: said('chose from a list'),
  view_item: said('looked at a product'),
  search: said('searched'),
  add_to_wishlist: said('put on a wish list'),
  add_to_cart: said('put into the cart'),
  remove_from_cart: said('took out of the cart'),
  view_cart: said('looked into the cart'),
  begin_checkout: said('went to the checkout'),
  add_shipping_info: said('chose a delivery'),
  add_payment_info: said('chose a payment'),
  purchase: said('bought'),
  refund: said('was refunded'),
  stock_update: said('stock changed'),
  price_change: said('price changed'),
};

const STAGES: Readonly<Record<string, string>> = {
  visit: said('Visit'),
  view: said('Product viewed'),
  view_item: said('Product viewed'),
  cart: said('In the cart'),
  add_to_cart: said('In the cart'),
  checkout: said('Checkout'),
  begin_checkout: said('Checkout'),
  add_shipping_info: said('Delivery'),
  add_payment_info: said('Payment'),
  purchase: said('Purchase'),
};

/** A stage of a funnel, in a shop's words. */
export const calledStage = (stage: string): string => STAGES[stage] ?? CALLED[stage] ?? stage;

/** What a visitor did, in a shop's words; events of one's own keep their names. */
export const calledInShop = (event: string): string => CALLED[event] ?? event;
