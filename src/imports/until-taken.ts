import { isRetryable } from '../runtime/errors.ts';
import { backoff, retry } from '../runtime/retry.ts';
import { ImportInterrupted } from './problems.ts';

const ATTEMPTS = 5;
const FIRST_WAIT_MS = 400;

/** The log has not acknowledged all that it was given. */
export class NotTaken extends Error {
  readonly code = 'not-taken';
  readonly retryable = true;
}

/** @throws ImportInterrupted with this reason where the log has not taken all after some attempts */
export async function untilTaken(
  sleep: (ms: number) => Promise<void>,
  reason: string,
  work: () => Promise<void>,
): Promise<void> {
  const isWorthIt = (error: unknown): boolean => isRetryable(error) && !(error instanceof ImportInterrupted);
  const waitMs = (failures: number): number => backoff(failures, { firstMs: FIRST_WAIT_MS });
  try {
    await retry(work, { attempts: ATTEMPTS, waitMs, isWorthIt, sleep });
  } catch (error) {
    throw isWorthIt(error) ? new ImportInterrupted(reason) : error;
  }
}
