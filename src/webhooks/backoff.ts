/** Tries of one delivery; they spread over about a day, after which it would be too old to send. */
export const ATTEMPTS = 13;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 4 * 3_600_000;

/** How long to wait after so many tries: three times as long each time, with jitter so that retries spread out. */
export function backoffMs(attempts: number, random: number): number {
  return Math.min(FIRST_WAIT_MS * 3 ** (attempts - 1), LONGEST_WAIT_MS) * (0.75 + random / 2);
}

/** The circuit breaker of an endpoint. */
export interface Health {
  /** Failures in a row. */
  readonly failures: number;
  /** Nothing is sent before this moment. */
  readonly openUntilMs: number;
}

export const HEALTHY: Health = { failures: 0, openUntilMs: 0 };
const FAILURES_TOLERATED = 5;
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 30 * 60_000;

/** After five failures in a row nothing is sent for half a minute, and twice as long after each further failure. */
export function afterFailure({ failures }: Health, nowMs: number): Health {
  const next = failures + 1;
  const beyond = next - FAILURES_TOLERATED;
  const pauseMs = beyond < 0 ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** beyond, LONGEST_PAUSE_MS);
  return { failures: next, openUntilMs: nowMs + pauseMs };
}
