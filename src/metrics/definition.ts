import type { Fact } from './facts.ts';
import type { Family } from './family.ts';
import type { Writes } from './writes.ts';

/** What is kept, and how a fact counts there: the pure part of a question, or of what several questions read. */
export interface Definition {
  readonly families: readonly Family[];
  readonly fold?: (fact: Fact, writes: Writes) => void;
}
