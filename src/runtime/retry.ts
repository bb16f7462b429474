import { setTimeout as sleepFor } from 'node:timers/promises';
import pRetry from 'p-retry';
import { isRetryable } from './errors.ts';

export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** Ends early, and quietly, where it is told to stop. */
export const sleep: Sleep = async (ms, signal) => {
  await sleepFor(ms, undefined, signal && { signal }).catch(() => undefined);
};

export interface RetryOptions {
  /** Tries in all; without end where absent. */
  readonly attempts?: number;
  /** How long to wait after so many failures. */
  readonly waitMs: (failures: number) => number;
  readonly isWorthIt?: (error: unknown) => boolean;
  /** Told of each failure that is tried again, before the wait. */
  readonly onFailure?: (error: unknown) => void;
  readonly signal?: AbortSignal;
  readonly sleep?: Sleep;
}

/** A failure as it was thrown: p-retry itself never tries again after a TypeError, and takes nothing but errors. */
class Failure extends Error {
  readonly thrown: unknown;

  constructor(thrown: unknown) {
    super('failed');
    this.thrown = thrown;
  }
}

/**
 * Tries until the work succeeds.
 * @returns undefined where it was told to stop while it waited
 * @throws what the work threw, once that is not worth another try or the tries are used up
 */
export async function retry<T>(work: () => Promise<T>, options: RetryOptions): Promise<T | undefined> {
  const { attempts = Number.POSITIVE_INFINITY, waitMs, isWorthIt = isRetryable, onFailure, signal } = options;
  const pause = options.sleep ?? sleep;
  let stopped = false;
  try {
    return await pRetry(() => work().catch((error: unknown) => Promise.reject(new Failure(error))), {
      retries: attempts - 1,
      minTimeout: 0,
      shouldRetry: async ({ error, attemptNumber }) => {
        const thrown = thrownBy(error);
        if (!isWorthIt(thrown)) return false;
        onFailure?.(thrown);
        await pause(waitMs(attemptNumber), signal);
        stopped = signal?.aborted === true;
        return !stopped;
      },
    });
  } catch (error) {
    if (stopped) return undefined;
    throw thrownBy(error);
  }
}

function thrownBy(error: unknown): unknown {
  return error instanceof Failure ? error.thrown : error;
}

interface Backoff {
  /** The wait after the first failure; each further one doubles it. */
  readonly firstMs: number;
  readonly longestMs?: number;
}

export function backoff(failures: number, { firstMs, longestMs = Number.POSITIVE_INFINITY }: Backoff): number {
  return Math.min(firstMs * 2 ** (failures - 1), longestMs);
}

/** Between half and all of a wait, so that many who failed together don't come back in step. */
export function jittered(ms: number, random: number = Math.random()): number {
  return ms * (0.5 + random / 2);
}
