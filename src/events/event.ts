/** What the rest of the system sees of an event: parsed, checked, with defaults filled in. */
export interface Item {
  readonly itemId: string;
  readonly itemName: string | undefined;
  /** Of one; absent where the line names none. */
  readonly price: number | undefined;
  readonly quantity: number;
}

export interface ShopEvent {
  readonly kind: 'shop';
  readonly eventId: string;
  readonly name: string;
  readonly timestampMs: number;
  readonly userId: string;
  readonly sessionId: string | undefined;
  /** What it names of each dimension, in the order of the settings. */
  readonly values: readonly (string | undefined)[];
  readonly currency: string;
  readonly value: number | undefined;
  readonly items: readonly Item[];
  readonly transactionId: string | undefined;
  readonly paymentType: string | undefined;
  /** As it is counted; empty where there is none. */
  readonly searchTerm: string;
  readonly resultsCount: number | undefined;
  /** Rules that it went through to be taken. */
  readonly repaired?: readonly string[] | undefined;
}

export interface InventoryEvent {
  readonly kind: 'inventory';
  readonly eventId: string;
  readonly name: 'stock_update' | 'price_change';
  readonly timestampMs: number;
  readonly itemId: string;
  readonly stockLevel: number | undefined;
  readonly price: number | undefined;
  readonly currency: string;
  readonly repaired?: readonly string[] | undefined;
}

/** A record that the system itself puts into the log, because time and endings are events too. */
export type ControlRecord =
  | { readonly kind: 'tick'; readonly atMs: number }
  /** The closing tick of an import's lane: what is still open in it moves to the live lane. */
  | { readonly kind: 'close' }
  /** What is kept of a user goes. */
  | { readonly kind: 'erase'; readonly userId: string }
  /** So many times was sent what is no event and no fault; or so many events came from known bots. */
  | { readonly kind: 'ignored' | 'bots'; readonly count: number };

export type LogEvent = ShopEvent | InventoryEvent | ControlRecord;
