import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectRedis, type RedisClient } from '../../../../src/adapters/redis/client/connection.ts';
import { Trimmer } from '../../../../src/adapters/redis/rollup/trimmer.ts';
import { rankedDimensions, rankingField, trimmedBuckets } from '../../../../src/metrics/bookkeeping-families.ts';
import { family } from '../../../../src/metrics/family.ts';
import { Keyspace } from '../../../../src/metrics/keyspace.ts';
import { startRedis, type TestRedis } from '../../../support/servers/redis-server.ts';
import { countTrips, startProxy, type TcpProxy } from '../../../support/servers/tcp-proxy.ts';
import { unique } from '../../../support/system/system.ts';

const shape = { windows: ['day'], dimensions: ['by'], cap: 2, description: 'of a test' } as const;
const views = family({ name: 'views', kind: 'ranking', ...shape });
const clicks = family({ name: 'clicks', kind: 'counter', ...shape });
const DAY = '2026-11-18';
/** A shop that counts by many dimensions has so many rankings of a day, and as many counters. */
const RANKINGS = 1_200;

let redis: TestRedis;
let proxy: TcpProxy;
let client: RedisClient;
beforeAll(async () => {
  redis = await startRedis();
  proxy = await startProxy(Number(new URL(redis.url).port));
  client = connectRedis(`redis://127.0.0.1:${proxy.port}`);
  await client.ping();
});
afterAll(async () => {
  client.disconnect();
  await proxy.close();
  await redis.close();
});

/** All of a day within their cap, but for those that are named. */
async function shop(tooLong: readonly string[]) {
  const keyspace = new Keyspace(unique(), 1, 1);
  const filled = redis.client.pipeline();
  for (let i = 0; i < RANKINGS; i++) {
    const by = `by-${i}`;
    const members = tooLong.includes(by) ? 5 : 2;
    for (const of of [views, clicks]) filled.hset(keyspace.key(0, rankedDimensions, ''), rankingField(of, by), '1');
    for (let n = 1; n <= members; n++) {
      filled.zadd(keyspace.key(0, views, by, DAY), n, `item ${n}`);
      filled.hset(keyspace.key(0, clicks, by, DAY), `count|value ${n}`, String(n));
    }
  }
  await filled.exec();
  const trimmer = new Trimmer(client, keyspace, [views, clicks]);
  const left = async (by: string) => ({
    views: await redis.client.zrange(keyspace.key(0, views, by, DAY), '0', '-1'),
    clicks: (await redis.client.hkeys(keyspace.key(0, clicks, by, DAY))).sort(),
  });
  const noted = async () => (await redis.client.hkeys(keyspace.key(0, trimmedBuckets, ''))).sort();
  return { trimmer, left, noted };
}

const transactions = async (): Promise<number> =>
  Number(/cmdstat_multi:calls=(\d+)/.exec(await redis.client.info('commandstats'))?.[1] ?? 0);

test('a closed window of which nothing is over its cap is looked through in a few calls, without a transaction for each ranking', async () => {
  const { trimmer, left, noted } = await shop([]);
  const before = await transactions();
  const { trips } = await countTrips(proxy, () => trimmer.trimWindow(0, DAY));
  // Two thousand four hundred lengths, five hundred a call; one in which Redis is asked for what there is. Long calls may come in parts.
  expect(trips).toBeLessThan(20);
  expect((await transactions()) - before).toBe(0);
  expect([await noted(), await left('by-7')]).toEqual([
    [],
    { views: ['item 1', 'item 2'], clicks: ['count|value 1', 'count|value 2'] },
  ]);
});

test('what is over its cap is shortened and noted, wherever among the others it is, and nothing else', async () => {
  const long = ['by-0', 'by-499', 'by-500', `by-${RANKINGS - 1}`];
  const { trimmer, left, noted } = await shop(long);
  const before = await transactions();
  expect((await countTrips(proxy, () => trimmer.trimWindow(0, DAY))).trips).toBeLessThan(40);
  expect((await transactions()) - before).toBe(long.length);
  for (const by of long)
    expect([by, await left(by)]).toEqual([
      by,
      { views: ['item 4', 'item 5'], clicks: ['count|value 4', 'count|value 5'] },
    ]);
  expect(await noted()).toEqual(long.flatMap((by) => [views, clicks].map((of) => rankingField(of, by, DAY))).sort());
});
