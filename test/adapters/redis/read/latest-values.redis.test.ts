import { afterAll, beforeAll, expect, test } from 'vitest';
import { LatestValues } from '../../../../src/adapters/redis/read/latest-values.ts';
import { itemNames } from '../../../../src/analytics/shared/items.ts';
import { Keyspace } from '../../../../src/metrics/keyspace.ts';
import { startRedis, type TestRedis } from '../../../support/servers/redis-server.ts';
import { unique } from '../../../support/system/system.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

const MOST = 6_001;
const fields = Array.from({ length: MOST }, (_, i) => `item ${i} ☕`);
/** Every seventh item has no name. */
const expected = fields.map((field, i) => (i % 7 === 3 ? undefined : `name of ${field}`));

async function named() {
  const keyspace = new Keyspace(unique(), 1, 1);
  const names = fields.flatMap((field, i) => (expected[i] === undefined ? [] : [field, expected[i]]));
  await redis.client.hset(keyspace.key(0, itemNames, ''), ...names);
  return new LatestValues(redis.client, keyspace);
}

test.each([1, 99, 100, 2_500, 2_501, MOST])('%i values come in the order of their fields', async (count) => {
  const values = await (await named()).of(0, itemNames, fields.slice(0, count));
  const texts = values.map((value) => (typeof value === 'string' ? value : undefined));
  expect(texts).toEqual(expected.slice(0, count));
});

test('however many are asked for, no call to Redis is for more than a few thousand', async () => {
  const values = await named();
  // Makes the script known.
  await values.of(0, itemNames, fields);
  await redis.client.config('RESETSTAT');
  await values.of(0, itemNames, fields);
  const [, calls] = /cmdstat_evalsha:calls=(\d+)/.exec(await redis.client.info('commandstats')) ?? [];
  expect(Number(calls)).toBe(3);
});
