import kafkajs from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KafkaLog } from '../../src/adapters/kafka/kafka-log.ts';
import { startTestKafka, type TestKafka } from '../support/kafka.ts';
import { logContract } from '../support/log-contract.ts';
import { eventually, silent, unique } from '../support/system.ts';

describe('Kafka keeps the event log’s promises:', () => {
  let kafka: TestKafka;
  beforeAll(async () => {
    kafka = await startTestKafka();
  });
  afterAll(() => kafka.close());

  const open = (name = unique(), partitions = 4): Promise<KafkaLog> =>
    KafkaLog.open({
      brokers: [kafka.broker],
      topics: {
        events: name,
        inventory: `${name}.inventory`,
        abandoned: `${name}.abandoned`,
        recovered: `${name}.recovered`,
        actions: `${name}.actions`,
      },
      group: name,
      partitions,
      logger: silent,
    });
  logContract(open);

  test('a broker that refuses is not one that does not answer; one that is away is named with where it should be', async () => {
    await expect(open('no topic/of that name')).rejects.toThrow(/^(?!.*does not answer)/);
    const away = { brokers: ['127.0.0.1:1'], group: 'g', partitions: 1, logger: silent };
    const topics = { events: 'e', inventory: 'i', abandoned: 'a', recovered: 'r', actions: 't' };
    await expect(KafkaLog.open({ ...away, topics })).rejects.toThrow(
      /Kafka does not answer at 127\.0\.0\.1:1 .*set KAFKA/s,
    );
  });

  test('messages about full carts go out in requests that the broker takes, each of them and in order', async () => {
    const name = unique();
    const log = await open(name, 2);
    const large = 'x'.repeat(150_000);
    const messages = Array.from({ length: 60 }, (_, i) => ({ key: 'one-cart', value: JSON.stringify([i, large]) }));
    await log.publish('abandoned', messages);
    await log.publish('recovered', []);
    const consumer = new kafkajs.Kafka({ brokers: [kafka.broker], logLevel: kafkajs.logLevel.NOTHING }).consumer({
      groupId: unique(),
    });
    const got: number[] = [];
    await consumer.connect();
    await consumer.subscribe({ topic: `${name}.abandoned`, fromBeginning: true });
    await consumer.run({ eachMessage: async ({ message }) => void got.push(JSON.parse(String(message.value))[0]) });
    await eventually('all of them', () => got.length >= messages.length);
    expect(got).toEqual(messages.map((_, i) => i));
    await consumer.disconnect();
    await log.close();
  });

  test('topics are made with their partitions and the log’s own arrival times', async () => {
    const name = unique();
    await (await open(name, 3)).close();
    const admin = new kafkajs.Kafka({ brokers: [kafka.broker], logLevel: kafkajs.logLevel.NOTHING }).admin();
    await admin.connect();
    const { topics } = await admin.fetchTopicMetadata({ topics: [name] });
    expect(topics[0]?.partitions.length).toBe(3);
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name, configNames: ['message.timestamp.type'] }],
    });
    expect(resources[0]?.configEntries[0]?.configValue).toBe('LogAppendTime');
    await admin.disconnect();
    await expect(open(name, 5)).rejects.toThrow('set PARTITIONS=3');
  });

  test.each(['gzip', 'snappy', 'lz4', 'zstd'])('messages compressed with %s are read', async (codec) => {
    const name = unique();
    const admin = new kafkajs.Kafka({ brokers: [kafka.broker], logLevel: kafkajs.logLevel.NOTHING }).admin();
    await admin.connect();
    // The broker itself compresses with Kafka's own codecs, whatever the producer sent.
    const configEntries = [{ name: 'compression.type', value: codec }];
    await admin.createTopics({ topics: [{ topic: name, numPartitions: 1, configEntries }], waitForLeaders: true });
    await admin.disconnect();
    const log = await open(name, 1);
    const lines = Array.from({ length: 50 }, (_, i) => `{"line": ${i}, "text": "${'compressible '.repeat(20)}"}`);
    await log.append(lines.map((value) => ({ partition: { topic: 'events', index: 0 }, key: null, value })));
    const read: string[] = [];
    const consumption = await log.consume({
      claim: async () => log.start,
      process: async (_, records) => {
        read.push(...records.map(({ value }) => Buffer.from(value ?? '').toString()));
        return records.at(-1)?.next ?? log.start;
      },
      idle: async () => undefined,
      skip: async (_, to) => to,
      release: () => undefined,
    });
    await eventually('all lines', () => read.length === 50);
    expect(read).toEqual(lines);
    await consumption.stop();
    await log.close();
  });

  test('Kafka’s own committed offsets follow, so that lag is seen from outside', async () => {
    const name = unique();
    const log = await open(name, 1);
    await log.append(
      Array.from({ length: 12 }, (_, i) => ({ partition: { topic: 'events', index: 0 }, key: null, value: `v${i}` })),
    );
    const consumption = await log.consume({
      claim: async () => log.start,
      process: async (_, records) => records.at(-1)?.next ?? log.start,
      idle: async () => undefined,
      skip: async (_, to) => to,
      release: () => undefined,
    });
    const admin = new kafkajs.Kafka({ brokers: [kafka.broker], logLevel: kafkajs.logLevel.NOTHING }).admin();
    await admin.connect();
    await eventually('the group’s offset', async () => {
      const [topic] = await admin.fetchOffsets({ groupId: name, topics: [name] });
      return topic?.partitions[0]?.offset === '12';
    });
    await consumption.stop();
    await admin.disconnect();
    await log.close();
  });
});
