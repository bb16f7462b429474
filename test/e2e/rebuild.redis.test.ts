import { expect, test } from 'vitest';
import { expectAnswers } from '../support/compare/answers.ts';
import { startRedis } from '../support/servers/redis-server.ts';
import { readOut } from '../support/system/out-topics.ts';
import { counted } from '../support/system/rebuilds.ts';
import { startSystem } from '../support/system/system.ts';
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
