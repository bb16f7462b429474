/** GA4's e-commerce event names that cartpulse gives a meaning; every other shop event is a custom event. */
export const SHOP_EVENT_NAMES = [
  'page_view',
  'view_item_list',
  'select_item',
  'view_item',
  'search',
  'add_to_wishlist',
  'add_to_cart',
  'remove_from_cart',
  'view_cart',
  'begin_checkout',
  'add_shipping_info',
  'add_payment_info',
  'purchase',
  'refund',
] as const;

export const INVENTORY_EVENT_NAMES = ['stock_update', 'price_change'] as const;
