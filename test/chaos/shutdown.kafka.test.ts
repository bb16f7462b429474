import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../docker/free-port.ts';
import { startTestKafka, type TestKafka } from '../support/servers/kafka.ts';
import { kafkaEnvironment } from '../support/servers/kafka-environment.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { startProcess } from '../support/system/processes.ts';
import { eventually, startSystem, type TestSystem, unique } from '../support/system/system.ts';

const PARTITIONS = 2;
let redis: TestRedis;
let kafka: TestKafka;
let system: TestSystem;
let environment: Record<string, string>;
beforeAll(async () => {
  [redis, kafka] = await Promise.all([startRedis(), startTestKafka()]);
  environment = { ...kafkaEnvironment(kafka.broker, PARTITIONS), KEY_PREFIX: unique() };
  system = await startSystem(redis.url, environment);
});
afterAll(async () => {
  await system.close();
  await Promise.all([redis.close(), kafka.close()]);
});

/** Events that keep coming until it is stopped. */
function load(): { stop(): Promise<void> } {
  let going = true;
  const work = (async () => {
    for (let i = 0; going; i++) {
      await system.post(
        Array.from({ length: 200 }, (_, j) => ({ name: 'view_item', user_id: `u${(i * 200 + j) % 999}` })),
      );
      await sleep(20);
    }
  })();
  return {
    async stop() {
      going = false;
      await work;
    },
  };
}

test.each(['api', 'consume', 'rollup', 'simulate'])(
  '%s ends with 0 within 10 seconds of a SIGTERM, under load',
  {
    timeout: 60_000,
  },
  async (role) => {
    const own = {
      ...environment,
      REDIS_URL: redis.url,
      PORT: String(await freePort()),
      SIMULATE: '300',
      LOG_LEVEL: 'error',
    };
    const running = load();
    const started = startProcess('build/main.js', [role], own);
    await eventually('it to start', () => started.output().includes('cartpulse:'));
    await sleep(2_000);
    const began = Date.now();
    expect(await started.kill('SIGTERM')).toBe(0);
    expect(Date.now() - began).toBeLessThan(10_000);
    await running.stop();
    // It says what runs and that it has stopped; nothing is complained about.
    expect(started.output().trim().split('\n')).toEqual([
      expect.stringMatching(/^cartpulse: (?!stopped)/),
      'cartpulse: stopped',
    ]);
  },
);

test('a consumer that is stopped has committed what it had in hand, and told Kafka: the next one begins exactly there', {
  timeout: 60_000,
}, async () => {
  const own = { ...environment, REDIS_URL: redis.url, LOG_LEVEL: 'error' };
  const running = load();
  const consumer = startProcess('build/main.js', ['consume'], own);
  await eventually('it to start', () => consumer.output().includes('cartpulse:'));
  const positions = async (): Promise<number[]> =>
    (await system.system.monitor().check()).partitions
      .filter((one) => one.topic === 'events')
      .map(({ position }) => Number(position));
  await eventually('much to be counted', async () => (await positions()).every((position) => position > 1_000));
  expect(await consumer.kill('SIGTERM')).toBe(0);
  const stood = (await system.system.monitor().check()).partitions;
  await running.stop();
  const admin = new kafkajs.Kafka({ brokers: [kafka.broker], logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  const topic = system.config.KAFKA_EVENTS_TOPIC;
  const [offsets] = await admin.fetchOffsets({ groupId: system.config.KAFKA_GROUP, topics: [topic] });
  await admin.disconnect();
  const counted = stood.filter((one) => one.topic === 'events');
  expect(counted.map(({ position }) => Number(position)).every((position) => position > 100)).toBe(true);
  for (const { partition, position } of counted)
    expect(offsets?.partitions.find((one) => one.partition === partition)?.offset).toBe(position);
  // Nobody counts: it stands where it was left.
  expect((await system.system.monitor().check()).partitions.map(({ position }) => position)).toEqual(
    stood.map(({ position }) => position),
  );
});
