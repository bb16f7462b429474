/** What became of an event. */
export type FoldOutcome = 'applied' | 'duplicate' | 'unknown-refund' | 'refund-beyond' | 'identified';

/** Events that wait at the moment. */
export const HELD = 'held';

/** Under which name `/v1/pipeline` has what became of an event. */
export const TALLIES: Readonly<Record<FoldOutcome, string>> = {
  applied: 'events',
  'refund-beyond': 'events',
  duplicate: 'duplicates',
  'unknown-refund': 'unknown_refunds',
  identified: 'identified',
};

/** How often something came. */
export class Tallies {
  readonly counts: Record<string, number> = {};

  add(name: string, by = 1): void {
    this.counts[name] = (this.counts[name] ?? 0) + by;
  }
}
