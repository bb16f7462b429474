import type { OrderParts } from './details/order-parts.ts';

/** What the rest of the system sees of an event: parsed, checked, with defaults filled in. */
export interface Item {
  readonly itemId: string;
  readonly itemName: string | undefined;
  /** The levels of its category as one text (`details/category-path.ts`). */
  readonly category?: string | undefined;
  readonly brand?: string | undefined;
  readonly variant?: string | undefined;
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
  /** The name under which nobody knew the visitor yet, where the event gives one. */
  readonly anonymousId?: string | undefined;
  readonly sessionId: string | undefined;
  /** What it names of each dimension, in the order of the settings. */
  readonly values: readonly (string | undefined)[];
  readonly currency: string;
  readonly value: number | undefined;
  readonly items: readonly Item[];
  readonly transactionId: string | undefined;
  readonly paymentType: string | undefined;
  /** Of a purchase that says anything of these. */
  readonly parts?: OrderParts | undefined;
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

/** A record that the system itself puts into the log, because time, endings and what partitions tell each other are events too. */
export type ControlRecord =
  | { readonly kind: 'tick'; readonly atMs: number }
  /** The closing tick of an import's lane: what is still open in it moves to the live lane. */
  | { readonly kind: 'close' }
  /** What is kept of a user goes. */
  | { readonly kind: 'erase'; readonly userId: string }
  /** So many times was sent what is no event and no fault; or so many events came from known bots. */
  | { readonly kind: 'ignored' | 'bots'; readonly count: number }
  | ((LinkRecord | OrderRecord) & Said);

interface Said {
  /** The newest moment that the partition which says it knew of. */
  readonly saidMs?: number | undefined;
}

/** A guest and a user turn out to be one person; each record goes to the partition of the one whom it is for. */
export type LinkRecord =
  /** For the guest: what is open of theirs goes over to the user. */
  | {
      readonly kind: 'link';
      readonly id: string;
      readonly guestId: string;
      readonly userId: string;
      readonly sessionId: string;
      readonly atMs: number;
      /** When the log took the event that says so; records of earlier versions do not tell. */
      readonly arrivedMs: number | undefined;
    }
  /** For the user: what was open of the guest, as `fold/links` writes it. */
  | {
      readonly kind: 'merge';
      readonly id: string;
      readonly guestId: string;
      readonly userId: string;
      readonly open: unknown;
    }
  /** For the user: a guest of theirs does something again. */
  | {
      readonly kind: 'returned';
      readonly id: string;
      readonly guestId: string;
      readonly userId: string;
      readonly sessionId: string;
      readonly atMs: number;
      readonly arrivedMs: number | undefined;
      /** It is a purchase: the page that says so may not know the user's name. */
      readonly hasBought: boolean;
    }
  /** For the user: a guest of theirs is erased, whose id is told by its hash alone. */
  | { readonly kind: 'nameless'; readonly userId: string; readonly whose: string }
  /** For the user: what waits for a guest's merge waits no longer. */
  | { readonly kind: 'release'; readonly userId: string };

/** An order counts once, whoever reports it. */
export type OrderRecord =
  /** For the order: somebody reports it. */
  | {
      readonly kind: 'claim';
      readonly transactionId: string;
      readonly userId: string;
      readonly isGuest: boolean;
      /** How much the report says: the fuller one stays. */
      readonly fullness: number;
      readonly atMs: number;
    }
  /** For the order: who reported it is erased, whose id is told by its hash alone. */
  | {
      readonly kind: 'unclaim';
      readonly transactionId: string;
      readonly whose: string;
      readonly atMs: number | undefined;
    }
  /** For who reported it: another report of it stays. */
  | {
      readonly kind: 'void';
      readonly transactionId: string;
      readonly userId: string;
      /** Which of theirs. */
      readonly atMs: number;
      readonly fullness: number;
      /** How much the one that stays says. */
      readonly staysWith: number;
    }
  /** For who has the session in which it was reported: it has no such order. */
  | {
      readonly kind: 'unbought';
      readonly userId: string;
      readonly sessionId: string;
      readonly beganMs: number;
      readonly report: string;
      /** Dimension values under which the order counted, where it was the session's first. */
      readonly values: readonly string[] | undefined;
      /** How often it may go on to whom the session has gone over to. */
      readonly hops: number;
    }
  /** For the order: what a report that does not stay says of it beside. */
  | ({ readonly kind: 'details'; readonly transactionId: string } & OrderDetails)
  /** For who reported it: the same, which their report lacks. */
  | ({
      readonly kind: 'complete';
      readonly transactionId: string;
      readonly reporterId: string;
      readonly atMs: number;
      readonly fullness: number;
    } & OrderDetails)
  /** For the order: somebody has refunded it, and whose report of it stays is not known there. */
  | { readonly kind: 'refund'; readonly transactionId: string; readonly refund: SaidRefund }
  /** For who reported it: the same. */
  | {
      readonly kind: 'settle';
      readonly transactionId: string;
      readonly reporterId: string;
      readonly refund: SaidRefund;
    };

/** What is said of an order beside its worth and its lines; money in minor units. */
export interface OrderDetails {
  readonly currency: string;
  readonly paymentType: string | undefined;
  readonly shipping: number;
  readonly tax: number;
}

/** A refund that has counted, and what it says. */
export interface SaidRefund {
  /** By which it is known when it comes twice. */
  readonly id: string;
  readonly atMs: number;
  /** The dimension values under which it counted. */
  readonly values: readonly string[];
  readonly currency: string;
  readonly value: number | undefined;
  readonly items: readonly PricedLine[];
  /** Absent where it has counted nothing, since it says no amount; or, of an earlier version, as it says. */
  readonly counts?: RefundCounts | undefined;
}

/** What a refund counts, in minor units. */
export interface RefundCounts {
  readonly currency: string;
  readonly amount: number;
  /** It said more than was left. */
  readonly isBeyond: boolean;
  readonly lines: readonly CountedLine[];
}

export interface CountedLine {
  readonly itemId: string;
  readonly revenue: number;
  /** Of the items that its day does not tell apart, where it came. */
  readonly isOther: boolean;
}

export type PricedLine = Pick<Item, 'itemId' | 'price' | 'quantity'>;

export type LogEvent = ShopEvent | InventoryEvent | ControlRecord;
