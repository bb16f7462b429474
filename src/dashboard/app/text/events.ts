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
};

/** What a visitor did, in a shop's words; events of one's own keep their names. */
export const calledInShop = (event: string): string => CALLED[event] ?? event;
