import type { InventoryEvent } from '../events/event.ts';
import type { CartTurn } from './carts/cart-step.ts';
import type { EventStep } from './event-step.ts';
import type { AddedDetails } from './orders/lane-details.ts';
import type { SettledRefund } from './orders/lane-refunds.ts';
import type { FoldOutcome } from './tallies.ts';

/** What turns out of a user's session, by a guest who was they: that they were no new one, or that it is one with another of its id. */
export interface SessionTurn {
  readonly userId: string;
  readonly sessionId: string;
  readonly firstMs: number;
  /** Into the one that began then: how many events both have, and the moment of the last one. */
  readonly joined: { readonly intoMs: number; readonly events: number; readonly lastMs: number } | undefined;
}

/** Is told, in the log's order, what became of each event of a unit. */
export interface CountedEvents {
  /** The step is the one of this row only during the call. Of a duplicate nothing was worked out. */
  shop(row: number, step: EventStep, outcome: FoldOutcome): void;
  /** A record that the system itself put into the log; what stands alone in its unit, such as an erasure, is told by others. With what a refund, or an order, counts beside. */
  control(row: number, beside?: SettledRefund | AddedDetails): void;
  inventory(row: number, event: InventoryEvent, outcome: FoldOutcome): void;
  /** An event that moves time on, and of which nothing is told at its place: it waits, or says who a visitor is. */
  passed(row: number, timestampMs: number): void;
  /** By the record of which was told last. */
  cart(turn: CartTurn): void;
  /** Likewise. */
  session(turn: SessionTurn): void;
}
