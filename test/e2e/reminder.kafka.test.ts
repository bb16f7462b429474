import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestKafka, type TestKafka } from '../support/servers/kafka.ts';
import { kafkaEnvironment } from '../support/servers/kafka-environment.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { startProcess } from '../support/system/processes.ts';
import { eventually, startSystem } from '../support/system/system.ts';

const HOUR = 3_600_000;
let redis: TestRedis;
let kafka: TestKafka;
beforeAll(async () => {
  [redis, kafka] = await Promise.all([startRedis(), startTestKafka()]);
});
afterAll(() => Promise.all([redis.close(), kafka.close()]));

test('the example consumer of the docs reminds the owner of a cart that was left, once', async () => {
  const environment = kafkaEnvironment(kafka.broker, 1);
  const system = await startSystem(redis.url, environment);
  await system.startCounting();
  const reminder = startProcess('docs/examples/cart-reminder.mjs', [], environment);
  const left = Date.now() - HOUR - 1_000;
  await system.post([
    { name: 'add_to_cart', user_id: 'ada', timestamp: left, items: [{ item_id: 'mug', price: 4.5, quantity: 2 }] },
    { name: 'page_view', user_id: 'bob' },
  ]);
  await eventually('the reminder', () => reminder.output().includes('remind ada: 1 items worth 9 USD wait'));
  await system.post({ name: 'purchase', user_id: 'ada', transaction_id: 't1', value: 9 });
  await eventually('the good news', () => reminder.output().includes('ada bought after all: 9 USD'));
  expect(reminder.output().match(/remind ada/g)?.length).toBe(1);
  expect(await reminder.kill('SIGTERM')).toBe(0);
  await system.close();
});
