import { expect, test } from 'vitest';
import { backoff, jittered, type RetryOptions, retry } from '../../src/runtime/retry.ts';

class Away extends Error {
  readonly retryable = true;
}

/** Work that fails with each of these in turn, and succeeds then; waits are noted, not waited. */
function attempt(failures: readonly unknown[], options: Partial<RetryOptions> = {}) {
  const left = [...failures];
  const seen = { tries: 0, waits: [] as number[], told: [] as unknown[] };
  const work = async (): Promise<string> => {
    seen.tries += 1;
    if (left.length > 0) throw left.shift();
    return 'done';
  };
  const result = retry(work, {
    waitMs: (failed) => backoff(failed, { firstMs: 100, longestMs: 300 }),
    onFailure: (error) => seen.told.push(error),
    sleep: async (ms) => void seen.waits.push(ms),
    ...options,
  });
  return { result, seen };
}

test('work is tried until it succeeds, with a longer wait after each failure', async () => {
  const failures = [new Away('1'), new Away('2'), new Away('3'), new Away('4')];
  const { result, seen } = attempt(failures);
  expect(await result).toBe('done');
  expect(seen).toEqual({ tries: 5, waits: [100, 200, 300, 300], told: failures });
});

test('after the last try its own error is thrown, and nobody waits for nothing', async () => {
  const { result, seen } = attempt([new Away('1'), new Away('2'), new Away('3')], { attempts: 3 });
  await expect(result).rejects.toThrow(new Away('3'));
  expect(seen).toMatchObject({ tries: 3, waits: [100, 200] });
});

test('what is not worth another try is thrown at once, as it is', async () => {
  const mistake = new TypeError('no function');
  const { result, seen } = attempt([new Away('1'), mistake]);
  await expect(result).rejects.toBe(mistake);
  expect(seen).toMatchObject({ tries: 2, waits: [100] });
});

test('whoever calls may know better what is worth another try, also a mistake or what is no error', async () => {
  const { result, seen } = attempt([new TypeError('no broker'), 'a text'], { isWorthIt: () => true });
  expect(await result).toBe('done');
  expect(seen.told).toEqual([new TypeError('no broker'), 'a text']);
});

test('told to stop while it waits, it ends quietly without another try', async () => {
  const stop = new AbortController();
  const { result, seen } = attempt([new Away('1'), new Away('2')], {
    signal: stop.signal,
    sleep: async () => stop.abort(),
  });
  expect(await result).toBeUndefined();
  expect(seen.tries).toBe(1);
});

test('the wait itself ends early where it is told to stop', async () => {
  const stop = new AbortController();
  const result = retry(() => Promise.reject(new Away('1')), { waitMs: () => 3_600_000, signal: stop.signal });
  setImmediate(() => stop.abort());
  expect(await result).toBeUndefined();
});

test('jitter takes off at most half of a wait', () => {
  expect([jittered(1_000, 0), jittered(1_000, 0.5), jittered(1_000, 1)]).toEqual([500, 750, 1_000]);
});
