/** Tries of one delivery: over about a day, since a cart that was left longer ago is no news. */
export const ATTEMPTS = 13;
const FIRST_MS = 5_000;
const LONGEST_MS = 4 * 3_600_000;

/** How long to wait after so many tries: three times as long each time, and jitter so that many don't come back in step. */
export function backoffMs(attempts: number, random: number): number {
  return Math.min(FIRST_MS * 3 ** (attempts - 1), LONGEST_MS) * (0.75 + random / 2);
}

/** What is known of an endpoint's health. */
export interface Health {
  /** Failures since the last delivery. */
  readonly failures: number;
  /** Nothing is sent before this moment. */
  readonly openUntilMs: number;
}

export const HEALTHY: Health = { failures: 0, openUntilMs: 0 };
const TOLERATED = 5;
const FIRST_REST_MS = 30_000;
const LONGEST_REST_MS = 30 * 60_000;

/** After five failures in a row an endpoint rests: half a minute at first, twice as long after each further failure. */
export function afterFailure({ failures }: Health, nowMs: number): Health {
  const next = failures + 1;
  const over = next - TOLERATED;
  const restMs = over < 0 ? 0 : Math.min(FIRST_REST_MS * 2 ** over, LONGEST_REST_MS);
  return { failures: next, openUntilMs: nowMs + restMs };
}
