import type { Location } from '../origin/sender.ts';

/** What a field holds; rules speak of kinds, so that a new field needs no new rule. */
export type Kind =
  | 'id'
  | 'name'
  | 'title'
  | 'term'
  | 'label'
  | 'link'
  | 'address'
  | 'currency'
  | 'amount'
  /** An amount that nothing counted hangs on. */
  | 'aside'
  | 'count'
  | 'time'
  | 'items';

/** What is known where an event comes in. */
export interface Arrival {
  readonly arrivedAtMs: number;
  /** Not of an import: what is live happened about now. */
  readonly isLive: boolean;
  readonly storeCurrency: string;
  /** Older live events are not taken. */
  readonly oldestMs?: number | undefined;
  /** When the sender's clock said that it sent, where that stands beside the event. */
  readonly sentAt?: unknown;
  /** Where the shop's own dimensions find their values in what is sent, by name. */
  readonly ownPaths?: ReadonlyMap<string, readonly string[]> | undefined;
  /** Where the sender is, for events that do not say. */
  readonly location?: Location | undefined;
}

/** Where a value stands. */
export interface Place {
  readonly field: string;
  readonly kind: Kind;
  /** Most characters that the field takes, where it is a text. */
  readonly max: number;
  /** The event, or the line, that the field belongs to. */
  readonly beside: Readonly<Record<string, unknown>>;
  readonly event: Readonly<Record<string, unknown>>;
  readonly arrival: Arrival;
}

/** A value that a rule has nothing to say about. */
export const AS_IT_IS = Symbol('as it is');

/** One way in which shops send what can only mean one thing, and what it is taken as. */
export interface Rule {
  /** As it is counted. */
  readonly name: string;
  /** For the documents. */
  readonly sent: string;
  readonly taken: string;
  /** For whoever sent it. */
  readonly message: string;
  readonly looksAt: readonly Kind[];
  /** What the value is taken as: undefined where it counts as absent, AS_IT_IS where the rule does not apply. */
  readonly take: (value: unknown, place: Place) => unknown;
}

/** A repair that was made in an event. */
export interface Repair {
  readonly rule: string;
  readonly path: string;
  readonly message: string;
}
