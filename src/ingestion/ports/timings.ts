/** What counting a batch consists of. */
export type Stage = 'decode' | 'load' | 'fold' | 'publish' | 'commit';

/** Told how long each stage of a batch took. */
export interface Timings {
  observe(stage: Stage, ms: number): void;
}

export const UNTIMED: Timings = { observe: () => undefined };
