/** What became of an event. */
export type FoldOutcome = 'applied' | 'duplicate' | 'unknown-refund' | 'refund-beyond' | 'identified';
