import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { MemorySampler } from '../../../../src/adapters/redis/monitor/memory-sampler.ts';
import { Keyspace } from '../../../../src/metrics/keyspace.ts';
import { startRedis, type TestRedis } from '../../../support/servers/redis-server.ts';
import { eventually } from '../../../support/system/system.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());
afterEach(() => void vi.useRealTimers());

test('memory by family is right within a tenth, also of a long stream beside short ones, and of many keys', async () => {
  const { client } = redis;
  // The first entries of a log are not like the rest.
  for (let from = 0; from < 40_000; from += 2_000) {
    const pipeline = client.pipeline();
    for (let i = from; i < from + 2_000; i++) pipeline.xadd('cp:log:0', '*', 'e', 'x'.repeat(i < 100 ? 2_000 : 100));
    await pipeline.exec();
  }
  for (let i = 1; i < 12; i++) await client.xadd(`cp:log:${i}`, '*', 'e', 'short');
  for (let i = 0; i < 2_000; i++) await client.set(`cp:many:${i}`, 'y'.repeat(500 + (i % 100)));
  const trueBytes = async (pattern: string): Promise<number> => {
    const sizes = (await client.keys(pattern)).map((key) => client.memory('USAGE', key, 'SAMPLES', 0));
    return (await Promise.all(sizes)).reduce<number>((sum, size) => sum + (size ?? 0), 0);
  };
  const sampler = new MemorySampler(client, new Keyspace('cp', 1, 1), []);
  sampler.start();
  await eventually('all keys were walked over', () => sampler.report().length === 2, 30_000);
  sampler.stop();
  for (const { family, keys, bytes } of sampler.report()) {
    const right = await trueBytes(`cp:${family}:*`);
    expect([family, keys, Math.abs(bytes / right - 1) < 0.1]).toEqual([family, family === 'log' ? 12 : 2_000, true]);
  }
});

test('between two walks over all keys Redis is left alone for half a minute, and then asked again', async () => {
  const { client } = redis;
  await client.set('cp:rested:1', 'x');
  const asked = async (): Promise<number> => {
    const calls = /cmdstat_scan:calls=(\d+)/.exec(await client.info('commandstats'))?.[1];
    return Number(calls ?? 0);
  };
  const sampler = new MemorySampler(client, new Keyspace('cp', 1, 1), []);
  // Of the sampler alone: waiting for what Redis answers takes its time.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const goOn = async (ms: number): Promise<void> => {
    vi.advanceTimersByTime(ms);
    await sleep(200);
  };
  sampler.start();
  for (let steps = 0; sampler.report().length === 0; steps++) {
    expect(steps).toBeLessThan(50);
    await goOn(500);
  }
  const after = await asked();
  for (let seconds = 0; seconds < 29; seconds++) vi.advanceTimersByTime(1_000);
  await goOn(999);
  expect((await asked()) - after).toBe(0);
  await goOn(1);
  expect((await asked()) - after).toBe(1);
  sampler.stop();
});
