import { expect, test } from 'vitest';
import { retractionId } from '../../src/fold/carts/cart-message.ts';
import { expectAnswers } from '../support/compare/answers.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { readOut } from '../support/system/out-topics.ts';
import { counted } from '../support/system/rebuilds.ts';
import { eventually, startSystem } from '../support/system/system.ts';
import { simulatedRange } from '../support/traffic/simulated.ts';

test('a rebuild under another time zone gives its answers, and says nothing about carts again', async () => {
  const redis = await startRedis();
  const { environment, system, oracle, rebuild, compared, keysOf } = await counted(redis, 2_000);
  const reader = await readOut(system, redis.url, 'abandoned');
  const said = (await reader.messages()).length;
  expect(said).toBeGreaterThan(10);
  expect(await rebuild({ STORE_TIMEZONE: 'Asia/Dubai' })).toEqual({ outcome: 'switched' });
  for (const { live, rebuilt } of compared) expect(rebuilt).toBe(live);
  await system.close();

  const moved = await startSystem(redis.url, { ...environment, STORE_TIMEZONE: 'Asia/Dubai' });
  await moved.startCounting();
  await expectAnswers(moved, oracle, simulatedRange.replace(/(\d{4}-\d\d-\d\d)/g, '$1T00:00:00Z'));
  expect((await reader.messages()).length).toBe(said);
  expect(await keysOf(1)).toEqual([]);
  await reader.close();
  await moved.close();
  await redis.close();
});

test('a message that waits to be sure goes along, one that was retracted does not', async () => {
  const redis = await startRedis();
  const { environment, system, rebuild } = await counted(redis, 200);
  const reader = await readOut(system, redis.url, 'abandoned');
  const said = (await reader.messages()).length;
  await waits(redis.client, environment.KEY_PREFIX, 'left', 'ann', 1_000_001);
  await waits(redis.client, environment.KEY_PREFIX, 'bought', 'bob', 1_000_000);
  await redis.client.hset(`${environment.KEY_PREFIX}:1:{0}:retracted:events-0`, retractionId('bought', 'bob'), '1');
  expect(await rebuild({ STORE_TIMEZONE: 'Asia/Dubai' })).toEqual({ outcome: 'switched' });
  await system.close();

  const moved = await startSystem(redis.url, { ...environment, STORE_TIMEZONE: 'Asia/Dubai' });
  await moved.startCounting();
  await eventually('what waited', async () => (await reader.messages()).length > said);
  await eventually('nothing waits', async () => (await moved.get('/v1/pipeline')).outbox.waiting === 0);
  expect((await reader.messages()).slice(said).map(({ key }) => key)).toEqual(['left']);
  await reader.close();
  await moved.close();
  await redis.close();
});

/** As if a message had been said that is not sure yet: its turn has not come. */
function waits(
  redis: TestRedis['client'],
  prefix: string,
  cartId: string,
  userId: string,
  turn: number,
): Promise<unknown> {
  const value = JSON.stringify({ event_id: cartId, source: 'live', cart_id: cartId, user_id: userId, ...EMPTY });
  const text = JSON.stringify({ topic: 'abandoned', key: cartId, value });
  return redis.zadd(`${prefix}:1:{0}:outbox:events-0`, turn, text);
}

const EMPTY = {
  city: 'Oslo',
  value: 0,
  currency: 'USD',
  items: [],
  stage: 'cart',
  opened_at: '2026-11-20T00:00:00Z',
  last_activity_at: '2026-11-20T00:00:00Z',
  abandoned_at: '2026-11-20T00:30:00Z',
};
