import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lease } from '../../../../src/adapters/redis/client/lease.ts';
import { startRedis, type TestRedis } from '../../../support/servers/redis-server.ts';
import { unique } from '../../../support/system/system.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

function twoHolders(lifeMs: number, bobsLifeMs = lifeMs): { key: string; ann: Lease; bob: Lease } {
  const key = unique();
  return {
    key,
    ann: new Lease(redis.client, key, 'ann', lifeMs),
    bob: new Lease(redis.client, key, 'bob', bobsLifeMs),
  };
}

test('one holder at a time has it, and may take it again', async () => {
  const { ann, bob } = twoHolders(60_000);
  expect(await ann.take()).toBe(true);
  expect(await ann.take()).toBe(true);
  expect(await bob.take()).toBe(false);
});

test('a holder gives up its own lease alone', async () => {
  const { ann, bob } = twoHolders(60_000);
  await ann.take();
  await bob.release();
  expect(await bob.take()).toBe(false);
  await ann.release();
  expect(await bob.take()).toBe(true);
});

test('a holder that falls silent loses it; one that keeps it does not', async () => {
  const { ann, bob } = twoHolders(500, 3_000);
  await ann.take();
  await sleep(600);
  expect(await bob.take()).toBe(true);
  const lost = bob.keep();
  await sleep(3_500);
  expect(await ann.take()).toBe(false);
  expect(lost.aborted).toBe(false);
  await bob.release();
});

test('a holder hears that another has it by now, and leaves it alone', async () => {
  const { key, ann, bob } = twoHolders(500, 60_000);
  await ann.take();
  const lost = ann.keep();
  // At one stroke, since she takes it again where it is nobody's.
  await redis.client.set(key, 'bob');
  expect(await bob.take()).toBe(true);
  await once(lost, 'abort');
  await ann.release();
  expect(await redis.client.get(key)).toBe('bob');
});
