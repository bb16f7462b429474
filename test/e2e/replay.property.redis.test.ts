import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runs } from '../support/runner/runs.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { folded, log } from './replayed.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

test('the same log gives the same Redis contents with batches cut anywhere', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 10_000 }),
      fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }),
      async (seed, sizes) => {
        const records = log(160, seed);
        const anywhere = await folded(redis, records, (from) => sizes[from % sizes.length] ?? 1);
        expect(anywhere).toEqual(await folded(redis, records, () => 2_000));
      },
    ),
    // The example: an id that comes again after the dedupe window lay in two buckets.
    { numRuns: runs(4, 15), examples: [[6058, [1]]] },
  );
});
