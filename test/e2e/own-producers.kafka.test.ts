import kafkajs from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestKafka, type TestKafka } from '../support/servers/kafka.ts';
import { kafkaEnvironment } from '../support/servers/kafka-environment.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { type Json, startSystem } from '../support/system/system.ts';

let redis: TestRedis;
let kafka: TestKafka;
beforeAll(async () => {
  [redis, kafka] = await Promise.all([startRedis(), startTestKafka()]);
});
afterAll(() => Promise.all([redis.close(), kafka.close()]));

const USERS = Array.from({ length: 40 }, (_, i) => `user-${i}`);
const event = (user_id: string): string => JSON.stringify({ name: 'page_view', user_id, event_id: user_id });

/** CRC-32, by which librdkafka chooses a partition unless it is told otherwise. */
function crc32(text: string): number {
  let crc = ~0;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

async function send(topic: string, createPartitioner: kafkajs.ICustomPartitioner): Promise<void> {
  const client = new kafkajs.Kafka({ brokers: [kafka.broker], logLevel: kafkajs.logLevel.NOTHING });
  const producer = client.producer({ createPartitioner });
  await producer.connect();
  await producer.send({ topic, messages: USERS.map((user) => ({ key: user, value: event(user) })) });
  await producer.disconnect();
}

/** How many of the users’ events were counted, and how many of them in another partition than theirs. */
async function counted(work: (topic: string) => Promise<void> | void): Promise<[events: number, wrong: number]> {
  const environment = kafkaEnvironment(kafka.broker, 4);
  const system = await startSystem(redis.url, environment);
  try {
    await work(environment['KAFKA_EVENTS_TOPIC'] ?? '');
    await system.startCounting();
    await system.settled();
    const { wrong_partition }: Json = await system.get('/v1/pipeline');
    const { events }: Json = await system.get('/v1/engagement');
    return [events, wrong_partition];
  } finally {
    await system.close();
  }
}

test('a producer with kafkajs’s own partitioner puts each user where they belong', async () => {
  expect(await counted((topic) => send(topic, kafkajs.Partitioners.DefaultPartitioner))).toEqual([USERS.length, 0]);
});

test('one with librdkafka’s default does not: all is counted, and wrong_partition says how many lie elsewhere', async () => {
  const places = new Map<string, number>();
  const byCrc: kafkajs.ICustomPartitioner =
    () =>
    ({ message, partitionMetadata }) =>
      crc32(String(message.key)) % partitionMetadata.length;
  const byMurmur = kafkajs.Partitioners.DefaultPartitioner();
  const known = { partitionErrorCode: 0, leader: 0, replicas: [], isr: [] };
  const partitionMetadata = Array.from({ length: 4 }, (_, partitionId) => ({ ...known, partitionId }));
  for (const user of USERS) {
    const message = { key: user, value: null };
    const asked = { topic: 't', partitionMetadata, message };
    places.set(user, byCrc()(asked) === byMurmur(asked) ? 0 : 1);
  }
  const elsewhere = [...places.values()].reduce((sum, one) => sum + one, 0);
  expect(elsewhere).toBeGreaterThan(10);
  expect(await counted((topic) => send(topic, byCrc))).toEqual([USERS.length, elsewhere]);
});
