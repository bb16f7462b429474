import type { InventoryEvent, ShopEvent } from '../events/event.ts';
import type { LocalTime } from './windows.ts';

/** What folding knows of the session that an event belongs to; its answers count in the window in which it began. */
export interface SessionStep {
  readonly began: LocalTime;
  /** City of its first event. */
  readonly city: string;
  /** Events of the session, this one included. */
  readonly events: number;
  /** Change of its duration by this event; may be negative where an event came late. */
  readonly durationDeltaMs: number;
  /** Stages that this event reached for the first time in the session, by closed funnel. */
  readonly reached: readonly { readonly funnel: string; readonly stages: readonly string[] }[];
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
}

export type CartEnding = 'purchased' | 'emptied' | 'abandoned' | 'recovered';

/** A step in a cart's life; it counts in the window and city in which the cart opened. */
export interface CartFact {
  readonly kind: 'cart';
  readonly step: 'opened' | CartEnding;
  readonly opened: LocalTime;
  readonly city: string;
  readonly currency: string;
  /** Minor units: what the cart held when it was abandoned; 0 for the other endings. */
  readonly value: number;
}

export type Fact = EventFact | InventoryFact | CartFact;
