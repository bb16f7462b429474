const CALLED: Readonly<Record<string, string>> = {
  page_view: 'looked at a page',
  view_item_list: 'looked at a list',
  select_item: 'chose from a list',
  view_item: 'looked at a product',
  search: 'searched',
  add_to_wishlist: 'put on a wish list',
  add_to_cart: 'put into the cart',
  remove_from_cart: 'took out of the cart',
  view_cart: 'looked into the cart',
  begin_checkout: 'went to the checkout',
  add_shipping_info: 'chose a delivery',
  add_payment_info: 'chose a payment',
  purchase: 'bought',
  refund: 'was refunded',
};

/** What a visitor did, in a shop's words; events of one's own keep their names. */
export const calledInShop = (event: string): string => CALLED[event] ?? event;
