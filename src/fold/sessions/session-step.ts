import type { SessionStep } from '../../metrics/facts.ts';
import { NO_VALUE } from '../../metrics/sums/dimension-values.ts';
import type { WindowSums } from '../../metrics/sums/window-sums.ts';

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Most events reach no new stage. */
export const NOTHING_YET: readonly never[] = [];

/** What an event does to its session, before anything of that is worked out. */
export function beginStep(began: WindowSums): Mutable<SessionStep> {
  return {
    began,
    beganMs: Number.NaN,
    dimensions: NO_VALUE,
    moved: undefined,
    events: 0,
    bounceDelta: 0,
    durationDeltaMs: 0,
    reached: NOTHING_YET,
    isNewUser: false,
    isFirstOrder: false,
    followed: NOTHING_YET,
  };
}
