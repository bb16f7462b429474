import type { InventoryEvent } from '../events/event.ts';
import type { CartTurn } from './carts/cart-step.ts';
import type { EventStep } from './event-step.ts';
import type { AddedDetails } from './orders/lane-details.ts';
import type { SettledRefund } from './orders/lane-refunds.ts';
import type { FoldOutcome } from './outcome.ts';

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
}
