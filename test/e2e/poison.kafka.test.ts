import kafkajs from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../docker/free-port.ts';
import { Random } from '../../src/simulator/random.ts';
import { startTestKafka, type TestKafka } from '../support/servers/kafka.ts';
import { kafkaEnvironment } from '../support/servers/kafka-environment.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { startProxy } from '../support/servers/tcp-proxy.ts';
import { eventually, type Json, startSystem } from '../support/system/system.ts';

const PRODUCE = 0;

const view = (id: string, user = `user-${id}`) => ({
  event_id: id,
  name: 'view_item',
  user_id: user,
  timestamp: Date.now(),
  items: [{ item_id: 'sku' }],
});

/** Ways for a message to be none, each with a word of the reason that it must be given. */
const POISON: readonly ((random: Random) => [value: Buffer | null, reason: RegExp])[] = [
  () => [null, /no value/],
  () => [Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), /not UTF-8/],
  () => [Buffer.from(''), /not JSON/],
  () => [Buffer.from('{"name":"view_item",'), /not JSON/],
  () => [Buffer.from('[1,2,3]'), /JSON object/],
  () => [Buffer.from('"__proto__"'), /JSON object/],
  () => [Buffer.from('{"__proto__":{"name":"view_item","user_id":"u"}}'), /name/],
  () => [Buffer.from('{"constructor":{"prototype":{}},"name":"view_item"}'), /user_id/],
  () => [Buffer.from('{"name":"view_item","user_id":"u","value":1e400}'), /value/],
  () => [Buffer.from('{"name":"view_item","user_id":"u","value":99999999999999999999}'), /value/],
  () => [
    Buffer.from(
      '{"name":"purchase","user_id":"u","transaction_id":"t","items":[{"item_id":"i","price":1e9,"quantity":1000000}]}',
    ),
    /items/,
  ],
  () => [Buffer.from(JSON.stringify({ ...view('x'), user_id: true })), /user_id/],
  () => [Buffer.from(JSON.stringify({ ...view('x'), items: 'many' })), /items/],
  () => [
    Buffer.from(JSON.stringify({ ...view('x'), timestamp: Date.now() + 25 * 3_600_000 })),
    /24 hours after arrival/,
  ],
  () => [Buffer.from(JSON.stringify({ ...view('x'), timestamp: '9999-99-99' })), /timestamp/],
  () => [Buffer.from('{"control":"explode"}'), /control/],
  () => [Buffer.from('{"control":"tick","at":-1}'), /control/],
  () => [Buffer.from(JSON.stringify({ name: 'stock_update', item_id: 'i', stock_level: 1 })), /inventory topic/],
  (random) => [Buffer.from(`{"name":"view_item","user_id":"${'x'.repeat(129 + random.below(400))}"}`), /user_id/],
  (random) => [Buffer.from(Array.from({ length: 40 }, () => 128 + random.below(128))), /not UTF-8/],
];

describe('a topic full of poison', () => {
  let redis: TestRedis;
  let kafka: TestKafka;
  beforeAll(async () => {
    [redis, kafka] = await Promise.all([startRedis(), startTestKafka()]);
  });
  afterAll(() => Promise.all([redis.close(), kafka.close()]));

  test('10,000 mangled messages: each in the dead-letter topic untouched with its reason, every good one counted', {
    timeout: 240_000,
  }, async () => {
    const environment = kafkaEnvironment(kafka.broker, 2);
    const system = await startSystem(redis.url, environment);
    const topic = environment['KAFKA_EVENTS_TOPIC'] ?? '';
    const client = new kafkajs.Kafka({ brokers: [kafka.broker], logLevel: kafkajs.logLevel.NOTHING });
    const producer = client.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    await producer.connect();
    const random = new Random(3);
    const sent: { key: string; value: Buffer | null; reason: RegExp }[] = [];
    for (let i = 0; i < 10_000; i++) {
      const [value, reason] = (POISON[i % POISON.length] ?? (() => [null, /value/] as const))(random);
      sent.push({ key: `poison-${i}`, value, reason });
    }
    for (let from = 0; from < sent.length; from += 500) {
      const messages = sent.slice(from, from + 500).flatMap(({ key, value }, i) => {
        const id = `good-${from + i}`;
        return [
          { key, value },
          { key: `user-${id}`, value: JSON.stringify(view(id)) },
        ];
      });
      await producer.send({ topic, messages });
    }
    const huge = Buffer.from(JSON.stringify({ ...view('huge'), city: 'x'.repeat(2_000_000) }));
    await producer.send({ topic, messages: [{ key: 'poison-huge', value: huge }] });
    sent.push({ key: 'poison-huge', value: huge, reason: /larger than/ });
    await producer.disconnect();

    await system.startCounting();
    await system.settled(120_000);
    const frequencies: Json = await system.get('/v1/events/frequencies');
    expect(frequencies).toEqual([{ name: 'view_item', count: 10_000 }]);
    expect(await system.get('/v1/pipeline')).toMatchObject({
      rejected: sent.length,
      lag_events: 0,
      wrong_partition: 0,
    });

    const letters = new Map<string, { value: Buffer | null; headers: Record<string, string> }>();
    const consumer = client.consumer({ groupId: `${topic}-reader`, maxBytesPerPartition: 4_000_000 });
    await consumer.connect();
    await consumer.subscribe({ topics: [`${topic}.dlq`], fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ message }) => {
        const headers = Object.fromEntries(
          Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]),
        );
        letters.set(String(message.key), { value: message.value, headers });
      },
    });
    await eventually('all dead letters', () => letters.size === sent.length, 60_000);
    await consumer.disconnect();
    for (const { key, value, reason } of sent) {
      const letter = letters.get(key);
      expect([key, letter?.value?.equals(value ?? Buffer.alloc(0)) ?? value]).toEqual([
        key,
        value === null ? null : true,
      ]);
      expect(letter?.headers).toMatchObject({
        reason: expect.stringMatching(reason),
        topic,
        partition: expect.stringMatching(/^[01]$/),
        offset: expect.stringMatching(/^\d+$/),
      });
    }
    const shown: Json = await system.get('/v1/dead-letters');
    expect(shown.length).toBe(1_000);
    expect(shown[0]).toMatchObject({
      at: expect.any(String),
      topic: 'events',
      partition: expect.any(Number),
      position: expect.any(String),
      reason: expect.any(String),
    });
    await system.close();
  });
});

describe('a broker whose answers get lost', () => {
  test('a lost produce response loses nothing and doubles nothing', { timeout: 120_000 }, async () => {
    const redis = await startRedis();
    const port = await freePort();
    const proxy = await startProxy(port);
    const kafka = await startTestKafka({ port, advertisedPort: proxy.port });
    const system = await startSystem(redis.url, kafkaEnvironment(kafka.broker, 2));
    // The broker has taken the records when it answers; cutting the answer makes the producer send them again.
    const producing = new WeakSet<object>();
    let produced = 0;
    proxy.onRequest = (chunk, connection) => {
      if (chunk.length > 6 && chunk.readInt16BE(4) === PRODUCE) producing.add(connection);
    };
    proxy.onReply = (_, connection) => {
      if (!producing.delete(connection)) return 'pass';
      produced += 1;
      return produced % 4 === 0 ? 'cut' : 'pass';
    };
    let accepted = 0;
    for (let batch = 0; batch < 40; batch++) {
      const events = Array.from({ length: 25 }, (_, i) => view(`b${batch}-${i}`));
      for (let left: unknown[] = events; left.length > 0; ) {
        const response = await system.post(left);
        const body: Json = await response.json();
        accepted += body.accepted;
        left = (body.rejected as Json[]).filter(({ retryable }) => retryable).map(({ index }) => left[index]);
      }
    }
    proxy.onReply = () => 'pass';
    await system.startCounting();
    await system.settled();
    expect(proxy.cuts).toBeGreaterThan(5);
    expect(accepted).toBe(1_000);
    const frequencies: Json = await system.get('/v1/events/frequencies');
    expect(frequencies).toEqual([{ name: 'view_item', count: 1_000 }]);
    expect((await system.get('/v1/pipeline')).duplicates).toBeGreaterThan(0);
    await system.close();
    await Promise.all([redis.close(), kafka.close(), proxy.close()]);
  });
});
