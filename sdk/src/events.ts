/** What a shop sends; names and fields are those of GA4's e-commerce events. */
export interface Item {
  item_id?: string;
  item_name?: string;
  item_brand?: string;
  item_category?: string;
  item_variant?: string;
  price?: number;
  discount?: number;
  quantity?: number;
  coupon?: string;
  item_list_name?: string;
  item_url?: string;
  image_url?: string;
}

export interface EventFields {
  items?: readonly Item[];
  currency?: string;
  value?: number;
  transaction_id?: string;
  payment_type?: string;
  shipping?: number;
  tax?: number;
  coupon?: string;
  search_term?: string;
  results_count?: number;
  page_location?: string;
  page_referrer?: string;
  cart_url?: string;
  city?: string;
  country?: string;
  session_id?: string;
  user_id?: string;
  anonymous_id?: string;
  /** Stamped where absent, so that what is sent again counts once. */
  event_id?: string;
  [own: string]: unknown;
}

export type ShopEventName =
  | 'page_view'
  | 'view_item_list'
  | 'select_item'
  | 'view_item'
  | 'search'
  | 'add_to_wishlist'
  | 'add_to_cart'
  | 'remove_from_cart'
  | 'view_cart'
  | 'begin_checkout'
  | 'add_shipping_info'
  | 'add_payment_info'
  | 'purchase'
  | 'refund';

/** Any other name in lower case, of letters, digits and _, is an event of the shop's own. */
export type EventName = ShopEventName | (string & {});

/** An event with its id, which every repeat has as well. */
export interface NamedEvent extends EventFields {
  readonly event_id: string;
}
