import { afterAll, beforeAll, expect, test } from 'vitest';
import { MadeLane } from '../../src/imports/made-lane.ts';
import { fillPast } from '../../src/simulator/fill-past.ts';
import { pastOf } from '../../src/simulator/past.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { type Json, silent, startSystem, type TestSystem } from '../support/system/system.ts';

let redis: TestRedis;
let system: TestSystem;
beforeAll(async () => {
  redis = await startRedis();
  system = await startSystem(redis.url);
  await system.startCounting();
});
afterAll(async () => {
  await system.close();
  await redis.close();
});

test('a past that comes in beside live events is counted exactly, in a lane that is closed behind it', async () => {
  const endMs = Date.now() - 1_000;
  const past = [
    ...pastOf({
      seed: 5,
      catalogueSeed: 7,
      name: 'past',
      days: 30,
      endMs,
      eventsInHour: () => 3,
    }),
  ];
  const sleep = async (): Promise<void> => undefined;
  const parts = { acceptor: system.system.acceptor(), log: system.system.log, sleep };
  const filling = fillPast([{ events: past, lane: new MadeLane(parts, 'past') }], {
    waiting: async () => (await system.system.monitor().check()).lag,
    sleep,
    logger: silent,
  });
  await system.post({ name: 'page_view', user_id: 'live' });
  await filling.done;
  await system.settled();
  const day = (back: number): string => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);
  const range = `from=${day(31)}&to=${day(0)}`;
  const counted: Json = await system.get(`/v1/events/frequencies?${range}&limit=100`);
  const expected = new Map<string, number>([['page_view', 1]]);
  for (const { name } of past) expected.set(name, (expected.get(name) ?? 0) + 1);
  expect(new Map(counted.map(({ name, count }: Json) => [name, count]))).toEqual(expected);
  const revenue: Json = await system.get(`/v1/revenue?${range}&interval=day`);
  expect(revenue.orders).toBe(expected.get('purchase'));
  expect(revenue.series.filter(({ orders }: Json) => orders > 0).length).toBeGreaterThan(15);
  // Carts that nobody came back to are abandoned, those of the last hour are open in the live lane.
  const carts: Json = await system.get(`/v1/abandonment?${range}`);
  expect(carts.carts).toBe(carts.purchased + carts.emptied + carts.abandoned + carts.open);
  expect(carts.abandoned).toBeGreaterThan(0);
});
