import type { InventoryEvent } from '../events/event.ts';
import type { EventStep } from './event-step.ts';
import type { FoldOutcome } from './lane.ts';

/** Is told, in the log's order, what became of each event of a unit. */
export interface CountedEvents {
  /** The step is the one of this row only during the call. Of a duplicate nothing was worked out. */
  shop(row: number, step: EventStep, outcome: FoldOutcome): void;
  inventory(row: number, event: InventoryEvent, outcome: FoldOutcome): void;
}
