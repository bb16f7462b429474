import type { InventoryEvent, ShopEvent } from '../events/event.ts';
import type { LocalTime, RealtimeTime } from '../time/windows.ts';

/** What folding knows of the session that an event belongs to; its answers count in the window in which it began. */
export interface SessionStep {
  readonly began: LocalTime;
  /** City of its first event. */
  readonly city: string;
  /** Events of the session, this one included. */
  readonly events: number;
  /** Change of its duration by this event; may be negative where an event came late. */
  readonly durationDeltaMs: number;
  /** Stages that this event reached for the first time in the session, by funnel. */
  readonly reached: readonly StagesReached[];
  /** Is this the first event of a user of whom no session had begun for thirty days? */
  readonly isNewUser: boolean;
  /** Searches of the session that this event, a view_item, is the first to follow. */
  readonly followed: readonly SearchFollowed[];
}

export interface StagesReached {
  readonly funnel: string;
  readonly stages: readonly string[];
  /** Since the stage before the first of these; none where that is the funnel's first. */
  readonly seconds: number | undefined;
}

export interface SearchFollowed {
  readonly term: string;
  readonly at: LocalTime;
  readonly count: number;
}

/** An order's or refund's money in minor units of the event's currency. */
export interface OrderFacts {
  readonly revenue: number;
  readonly units: number;
  readonly lines: readonly { readonly itemId: string; readonly units: number; readonly revenue: number }[];
}

/** A shop event that counts: not a duplicate, its session and order worked out. */
export interface EventFact {
  readonly kind: 'event';
  readonly event: ShopEvent;
  readonly at: LocalTime;
  /** Down to seconds; absent where it arrived too late to be news. */
  readonly realtime: RealtimeTime | undefined;
  readonly session: SessionStep;
  /** Open-funnel stages that the user may not have been counted at in this hour and city. */
  readonly newStages: readonly string[];
  /** For `purchase` and `refund`. */
  readonly order: OrderFacts | undefined;
}

export interface InventoryFact {
  readonly kind: 'inventory';
  readonly event: InventoryEvent;
  readonly at: LocalTime;
  readonly realtime: RealtimeTime | undefined;
}

/** A step in a cart's life; it counts in the window and city in which the cart opened. */
export interface CartFact {
  readonly kind: 'cart';
  readonly step: 'opened' | 'purchased' | 'emptied' | 'abandoned' | 'recovered';
  readonly opened: LocalTime;
  readonly city: string;
  readonly currency: string;
  /** Minor units: what the cart held when it was abandoned, for `abandoned` and `recovered`; else 0. */
  readonly value: number;
  /** How far its owner had come. */
  readonly stage: 'cart' | 'checkout';
  /** What was in it, for `abandoned`; else empty. Values in minor units of its currency, 0 for lines of another one. */
  readonly lines: readonly { readonly itemId: string; readonly quantity: number; readonly value: number }[];
  /** From being abandoned to being bought. */
  readonly recoverySeconds: number | undefined;
}

/** Of this user nothing is to be left. */
export interface ErasureFact {
  readonly kind: 'erasure';
  readonly userId: string;
}

export type Fact = EventFact | InventoryFact | CartFact | ErasureFact;
