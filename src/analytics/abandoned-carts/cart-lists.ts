/** A cart as lists and topics show it; times in the store's zone. */
export interface CartRecord {
  readonly cart_id: string;
  readonly user_id: string;
  readonly city: string;
  /** What lies in it, in its own currency; once it was abandoned, what lay in it then. */
  readonly value: number;
  readonly currency: string;
  readonly items: readonly { readonly item_id: string; readonly quantity: number; readonly price: number }[];
  readonly stage: 'cart' | 'checkout';
  readonly opened_at: string;
  readonly last_activity_at: string;
  readonly abandoned_at?: string;
  readonly recovered_at?: string;
}

/** A cart with the moment by which lists are ordered. */
export interface ListedCart {
  readonly atMs: number;
  readonly cart: CartRecord;
}

/** Which carts: those that opened in [fromMs, toMs), behind the last one of the page before. */
export interface CartPage {
  readonly fromMs: number;
  readonly toMs: number;
  /** Local dates of the period. */
  readonly days: readonly string[];
  /** The value that they have of the dimension at this place in the settings. */
  readonly of: { readonly place: number; readonly value: string } | undefined;
  /** In this currency, and worth at least so much in its minor units. */
  readonly worth: { readonly currency: string; readonly least: number } | undefined;
  readonly limit: number;
  readonly behind: { readonly atMs: number; readonly cartId: string } | undefined;
}

/** Carts in order; fewer than the limit where there are no more, or where they hold as much as a page may. */
export interface ListedPage {
  readonly carts: readonly ListedCart[];
  readonly isCutShort: boolean;
}

/** Carts one by one; newest first, ties by cart_id. */
export interface CartLists {
  /** By last activity. */
  open(page: CartPage): Promise<ListedPage>;
  /** By the moment at which they were abandoned, or recovered. */
  ended(status: 'abandoned' | 'recovered', page: CartPage): Promise<ListedPage>;
}
