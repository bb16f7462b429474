import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixShape, readInstalled, type Shape } from '../../../../src/adapters/redis/installation/installation.ts';
import { BUILT_IN_FUNNELS } from '../../../../src/analytics/funnel/funnel.ts';
import { Keyspace } from '../../../../src/metrics/keyspace.ts';
import { startRedis, type TestRedis } from '../../../support/servers/redis-server.ts';
import { unique } from '../../../support/system/system.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

const MIN = 60_000;
const shape: Shape = {
  partitions: 4,
  shards: 1,
  timezone: 'UTC',
  currency: 'USD',
  sessionTimeoutMs: 30 * MIN,
  cartTimeoutMs: 60 * MIN,
  dedupeWindowMs: 15 * MIN,
  transactionWindowMs: 30 * 24 * 60 * MIN,
  funnels: BUILT_IN_FUNNELS.map(({ name, stages }) => ({ name, stages: [...stages] })),
};

test('a process that adds a funnel in the moment in which a rebuild switches over leaves the new generation in use', async () => {
  const keyspace = new Keyspace(unique(), 1, 1);
  await fixShape(redis.client, keyspace, shape);
  const key = keyspace.installation('settings');
  let isSwitched = false;
  // Between what it reads and what it writes the generation changes.
  const meanwhile = Object.assign(Object.create(redis.client), {
    get: async (asked: string) => {
      const stored = await redis.client.get(asked);
      if (!isSwitched) await redis.client.set(key, JSON.stringify({ ...JSON.parse(stored ?? ''), generation: 2 }));
      isSwitched = true;
      return stored;
    },
  });
  const added = { name: 'gift', stages: ['visit', 'purchase'] };
  const fixed = await fixShape(meanwhile, keyspace, { ...shape, funnels: [...shape.funnels, added] });
  expect(isSwitched).toBe(true);
  expect([fixed.generation, fixed.funnels.at(-1)?.name]).toEqual([2, 'gift']);
  const installed = await readInstalled(redis.client, keyspace);
  expect([installed?.generation, installed?.funnels.at(-1)?.name]).toEqual([2, 'gift']);
});
