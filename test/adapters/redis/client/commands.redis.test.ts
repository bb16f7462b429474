import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectRedis } from '../../../../src/adapters/redis/client/connection.ts';
import { RedisReader } from '../../../../src/adapters/redis/read/reader.ts';
import { productViews } from '../../../../src/analytics/shared/items.ts';
import { Keyspace } from '../../../../src/metrics/keyspace.ts';
import { startRedis, type TestRedis } from '../../../support/servers/redis-server.ts';
import { unique } from '../../../support/system/system.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

test('a server that has forgotten its scripts, as after a restart, is sent them anew', async () => {
  const { client } = redis;
  const key = unique();
  expect(await client.takeLease(key, 'ann', 60_000)).toBe(1);
  await client.script('FLUSH');
  expect(await client.takeLease(key, 'bob', 60_000)).toBe(0);
  expect(await client.releaseLease(key, 'ann')).toBe(1);
});

test('more arguments than a function call can take are no obstacle', async () => {
  const keyspace = new Keyspace(unique(), 1, 1);
  await redis.client.zadd(keyspace.key(0, productViews, '', '2026-11-20'), 3, 'item-7');
  const items = Array.from({ length: 200_000 }, (_, i) => `item-${i}`);
  const sums = await new RedisReader(redis.client, keyspace).sums(
    productViews,
    { window: 'day', labels: ['2026-11-20'] },
    items,
  );
  expect(sums).toEqual(new Map([['item-7', 3]]));
});

test('pipelines carry no scripts along: their number makes no read slower', () => {
  const client = connectRedis(redis.url);
  expect(Object.keys(client.pipeline()).filter((name) => name in client && name.startsWith('ranking'))).toEqual([]);
  client.disconnect();
});
