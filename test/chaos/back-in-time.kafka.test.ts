import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAnswers } from '../support/compare/answers.ts';
import { Oracle } from '../support/oracle/oracle.ts';
import { startTestKafka, type TestKafka } from '../support/servers/kafka.ts';
import { kafkaEnvironment } from '../support/servers/kafka-environment.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { startProcess } from '../support/system/processes.ts';
import { sendAll } from '../support/system/sending.ts';
import { eventually, startSystem, type TestSystem, unique } from '../support/system/system.ts';
import { simulated, simulatedRange } from '../support/traffic/simulated.ts';

const PARTITIONS = 4;
let redis: TestRedis;
let kafka: TestKafka;
beforeAll(async () => {
  const aof = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'always'];
  [redis, kafka] = await Promise.all([startRedis(aof), startTestKafka()]);
});
afterAll(() => Promise.all([redis.close(), kafka.close()]));

test('a Redis that is put back to an earlier state is counted on from there, and ends with the same answers', {
  timeout: 120_000,
}, async () => {
  const environment = { ...kafkaEnvironment(kafka.broker, PARTITIONS), KEY_PREFIX: unique() };
  const system = await startSystem(redis.url, environment);
  const consumer = startProcess('build/main.js', ['consume'], {
    ...environment,
    REDIS_URL: redis.url,
    LOG_LEVEL: 'error',
  });
  const oracle = new Oracle(PARTITIONS);
  const all = simulated(16_000, oracle, PARTITIONS, 13);
  oracle.feed(all);
  const part = Math.floor(all.length / 3);
  await sendAll(system, all.slice(0, part));
  await system.settled(60_000);
  const backup = mkdtempSync(join(tmpdir(), 'cartpulse-aof-'));
  cpSync(redis.dir, backup, { recursive: true });
  await sendAll(system, all.slice(part, 2 * part));
  await system.settled(60_000);
  const positions = async (): Promise<number> =>
    (await system.system.monitor().check()).partitions.reduce((sum, { position }) => sum + Number(position), 0);
  const ahead = await positions();

  await redis.stop('SIGKILL');
  rmSync(redis.dir, { recursive: true });
  cpSync(backup, redis.dir, { recursive: true });
  await redis.start();
  expect(await positions()).toBeLessThan(ahead);
  await sendAll(system, all.slice(2 * part));
  await eventually('all to be counted', async () => (await positions()) >= all.length, 60_000);
  await system.settled(60_000);
  await expectAnswers(system, oracle, simulatedRange);
  expect(await consumer.kill('SIGTERM')).toBe(0);
  await system.close();
  rmSync(backup, { recursive: true });
});

test('Redis that is emptied altogether is counted anew from the log', { timeout: 120_000 }, async () => {
  const environment = { ...kafkaEnvironment(kafka.broker, PARTITIONS), KEY_PREFIX: unique() };
  const system = await startSystem(redis.url, environment);
  await system.startCounting();
  const oracle = new Oracle(PARTITIONS);
  const all = simulated(3_000, oracle, PARTITIONS);
  oracle.feed(all);
  await sendAll(system, all);
  await system.settled();
  await redis.client.flushall();
  await eventually('counting to begin anew', async () => (await redis.client.keys(`${system.prefix}:*`)).length > 0);
  await system.settled();
  await expectAnswers(system, oracle, simulatedRange);
  expect((await system.get('/v1/pipeline')).missing).toBe(0);
  await system.close();
});

test('where the beginning of the log is gone, that is said, counted, and counting goes on behind it', {
  timeout: 120_000,
}, async () => {
  const environment = { ...kafkaEnvironment(kafka.broker, PARTITIONS), KEY_PREFIX: unique() };
  const system = await startSystem(redis.url, environment);
  const views = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => ({ event_id: `v${from + i}`, name: 'view_item', user_id: `u${from + i}` }));
  await sendAll(system, views(0, 2_000) as never);
  const topic = system.config.KAFKA_EVENTS_TOPIC;
  const admin = new kafkajs.Kafka({ brokers: [kafka.broker], logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.fetchTopicOffsets(topic);
  // What the topic's retention does in time.
  await admin.deleteTopicRecords({ topic, partitions: [0, 1].map((partition) => ({ partition, offset: '300' })) });
  const consume = () =>
    startProcess('build/main.js', ['consume'], { ...environment, REDIS_URL: redis.url, LOG_LEVEL: 'error' });
  const first = consume();
  await system.settled();
  expect(await system.get('/v1/pipeline')).toMatchObject({ missing: 600, events: 1_400 });
  await eventually('it to be said', () => first.output().split('no longer holds').length - 1 >= 2);
  expect(await first.kill('SIGTERM')).toBe(0);

  // While nobody counted, all of a partition went.
  await sendAll(system, views(2_000, 2_000) as never);
  const offsets = await admin.fetchTopicOffsets(topic);
  const last = offsets.find(({ partition }) => partition === 3)?.high ?? '0';
  const gone = Number(last) - (await countedOf(system, 3));
  expect(gone).toBeGreaterThan(300);
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 3, offset: last }] });
  const second = consume();
  await system.settled();
  expect(await system.get('/v1/pipeline')).toMatchObject({ missing: 600 + gone, events: 3_400 - gone });
  expect(await system.get('/v1/events/frequencies')).toEqual([{ name: 'view_item', count: 3_400 - gone }]);
  await eventually('it to be said', () => second.output().includes(`"missing":${gone}`));
  expect(await second.kill('SIGTERM')).toBe(0);
  await admin.disconnect();
  await system.close();
});

async function countedOf(system: TestSystem, partition: number): Promise<number> {
  const { partitions } = await system.system.monitor().check();
  return Number(partitions.find((one) => one.topic === 'events' && one.partition === partition)?.position);
}
