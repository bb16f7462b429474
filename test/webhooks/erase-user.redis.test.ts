import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWebhookWorker, WebhookQueue } from '../../src/adapters/bullmq/webhook-queue.ts';
import { HEALTHY } from '../../src/webhooks/backoff.ts';
import type { Delivery } from '../../src/webhooks/notifier.ts';
import { newSecret } from '../../src/webhooks/signature.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { eventually, silent, unique } from '../support/system/system.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

const delivery = (i: number, userId: string): Delivery => ({
  endpointId: 'w1',
  eventId: `e${i}`,
  type: 'cart.abandoned',
  cartId: `c${i}`,
  userId,
  openedAtMs: 0,
  abandonedAtMs: 0,
  body: '{}',
});

function queue() {
  const prefix = unique();
  const connection = { host: '127.0.0.1', port: Number(new URL(redis.url).port) };
  const users = async (): Promise<string[]> => {
    const keys = (await redis.client.keys(`${prefix}:webhooks:w1-*`)).filter((key) => !key.endsWith(':lock'));
    const data = await Promise.all(keys.map((key) => redis.client.hget(key, 'data')));
    return data.map((text) => JSON.parse(text ?? '{}').userId);
  };
  return { queue: new WebhookQueue(connection, prefix, silent), connection, prefix, users };
}

test('of many deliveries that wait, none of an erased user’s is left and all of the others’ are', async () => {
  const { queue: webhooks, users } = queue();
  // Taken out of the first page, they would let as many of the next one slip through.
  const all = Array.from({ length: 1_200 }, (_, i) => delivery(i, i % 2 === 0 ? 'gone' : `u${i}`));
  await webhooks.add(all);
  await webhooks.eraseUser('gone');
  const left = await users();
  expect(left.filter((user) => user === 'gone')).toEqual([]);
  expect(left).toHaveLength(600);
  await webhooks.close();
});

test('a delivery that is on its way while its user is erased keeps nothing of it, and is not tried again', async () => {
  const { queue: webhooks, connection, prefix, users } = queue();
  let tries = 0;
  let fail = (): void => undefined;
  const worker = startWebhookWorker({
    connection,
    prefix,
    logger: silent,
    backoff: () => 20,
    endpoints: {
      list: async () => [{ id: 'w1', url: 'http://127.0.0.1:1', secret: newSecret(), events: ['cart.abandoned'] }],
      add: async () => 'kept',
      remove: async () => false,
      disable: async () => undefined,
    },
    health: { read: async () => HEALTHY, write: async () => undefined },
    isBought: async () => false,
    send: () => {
      tries += 1;
      return new Promise((resolve) => {
        fail = () => resolve({ outcome: 'failed', reason: 'no answer' });
      });
    },
    now: () => 1_000,
  });
  await webhooks.add([delivery(1, 'gone')]);
  await eventually('the first try', () => tries === 1);
  await webhooks.eraseUser('gone');
  expect(await users()).toEqual(['']);
  fail();
  await eventually('its end', async () => (await redis.client.zcard(`${prefix}:webhooks:completed`)) === 1);
  expect(tries).toBe(1);
  await worker.stop();
  await webhooks.close();
});
