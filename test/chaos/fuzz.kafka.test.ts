import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import kafkajs from 'kafkajs';
import { expect, test } from 'vitest';
import { Random } from '../../src/simulator/random.ts';
import { Shop } from '../../src/simulator/shop.ts';
import { report, scaled } from '../support/runner/chaos.ts';
import { startTestKafka } from '../support/servers/kafka.ts';
import { kafkaEnvironment } from '../support/servers/kafka-environment.ts';
import { startRedis } from '../support/servers/redis-server.ts';
import { startProcess } from '../support/system/processes.ts';
import { eventually, type Json, startSystem, unique } from '../support/system/system.ts';
import { mangle, pick } from '../support/traffic/mangle.ts';

const MESSAGES = scaled(10_000, 100_000);
const GOOD_EVERY = 10;

/** Messages of a shop: real ones' bytes mangled, and values that have nothing to do with events. */
function bad(random: Random, values: readonly unknown[]): Buffer {
  if (random.chance(0.2)) return Buffer.from(JSON.stringify(pick(values, random)) ?? '');
  return mangle(pick(REAL, random), random);
}

const shop = new Shop({ seed: 4, sessions: 50 });
/** The same bytes all day, so that a run can be repeated. */
const TODAY_MS = Math.floor(Date.now() / 86_400_000) * 86_400_000;
const REAL = [
  ...Array.from({ length: 200 }, (_, i) => shop.next(TODAY_MS - 1_000_000 + i * 1_000))
    .flat()
    .map((event) => Buffer.from(JSON.stringify(event))),
  Buffer.from('{"control":"tick","at":1790000000000}'),
  Buffer.from('{"control":"close"}'),
  Buffer.from('{"control":"erase","user_id":"nobody"}'),
];

/** Where the messages of a dead-letter topic came from. */
async function placesOf(client: kafkajs.Kafka, topic: string, count: number): Promise<string[]> {
  const consumer = client.consumer({ groupId: unique() });
  const places: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message: { headers } }) =>
      void places.push(`${headers?.['partition']?.toString()}@${headers?.['offset']?.toString()}`),
  });
  await eventually('all dead letters', () => places.length >= count, 60_000);
  await consumer.disconnect();
  return places;
}

const rssOf = (pid: number | undefined): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024;

test(`${MESSAGES} mangled messages with good ones between: each is counted or lies with the dead letters, nothing grows`, {
  timeout: scaled(200_000, 900_000),
}, async () => {
  const [redis, kafka] = await Promise.all([startRedis(), startTestKafka()]);
  const environment: Record<string, string> = { ...kafkaEnvironment(kafka.broker, 2), KEY_PREFIX: unique() };
  const system = await startSystem(redis.url, environment);
  const consumer = startProcess('build/main.js', ['consume'], {
    ...environment,
    REDIS_URL: redis.url,
    LOG_LEVEL: 'warn',
  });
  const client = new kafkajs.Kafka({ brokers: [kafka.broker], logLevel: kafkajs.logLevel.NOTHING });
  const producer = client.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  const random = new Random(17);
  const values = fc.sample(fc.jsonValue({ maxDepth: 4 }), { numRuns: 2_000, seed: 17 });
  const rss: number[] = [];
  let sent = 0;
  let good = 0;
  while (sent < MESSAGES) {
    const messages = Array.from({ length: 500 }, () => {
      sent += 1;
      if (sent % GOOD_EVERY !== 0) return { key: `k${sent}`, value: bad(random, values) };
      good += 1;
      const event = { event_id: `good-${sent}`, name: 'sign_up', user_id: `good-${sent}`, timestamp: Date.now() };
      return { key: event.user_id, value: Buffer.from(JSON.stringify(event)) };
    });
    await producer.send({ topic: environment['KAFKA_EVENTS_TOPIC'] ?? '', messages });
    if (sent % (MESSAGES / 10) === 0) {
      await system.settled(120_000);
      rss.push(rssOf(consumer.child.pid));
    }
  }
  await producer.disconnect();
  await system.settled(120_000);
  const { events, duplicates, unknown_refunds, rejected }: Json = await system.get('/v1/pipeline');
  const control = sent - events - duplicates - unknown_refunds - rejected;
  // A control record that came through as it was changes nothing, and is none of these.
  expect(control).toBeLessThan(sent * 0.02);
  expect(control).toBeGreaterThanOrEqual(0);
  expect(rejected).toBeGreaterThan(sent / 3);
  const frequencies: Json[] = await system.get('/v1/events/frequencies?limit=1000');
  expect(frequencies.find(({ name }) => name === 'sign_up')?.count).toBe(good);
  const admin = client.admin();
  await admin.connect();
  const topic = `${environment['KAFKA_EVENTS_TOPIC']}.dlq`;
  const [end] = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  // Each goes out before it is counted: where that is done again, it lies there twice.
  expect(new Set(await placesOf(client, topic, Number(end?.high))).size).toBe(rejected);
  const [half = 0, last = 0] = [rss[4], rss[9]];
  expect(last).toBeLessThan(half * 1.3 + 30);
  report('fuzz-messages', { messages: sent, good, rejected, halfwayMb: Math.round(half), endMb: Math.round(last) });
  expect(
    consumer
      .output()
      .split('\n')
      .filter((line) => /nhandled|"level":50/.test(line)),
  ).toEqual([]);
  await eventually('the consumer to be alive', () => consumer.child.exitCode === null);
  expect(await consumer.kill('SIGTERM')).toBe(0);
  await system.close();
  await Promise.all([redis.close(), kafka.close()]);
});
