import kafkajs from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kafkaClient } from '../../src/adapters/kafka/client/connect.ts';
import { replayTopics } from '../../src/adapters/kafka/consume/replay.ts';
import { KafkaLog } from '../../src/adapters/kafka/kafka-log.ts';
import type { Position } from '../../src/ingestion/ports/event-log.ts';
import { startTestKafka, type TestKafka } from '../support/servers/kafka.ts';
import { logContract } from '../support/suites/log-contract.ts';
import { eventually, silent, unique } from '../support/system/system.ts';

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
    const said: unknown[] = [];
    const say = (details: object, message: string) => void said.push({ ...details, message });
    const logger = { ...silent, warn: say, error: say };
    const away = { brokers: ['127.0.0.1:1'], group: 'g', partitions: 1, logger };
    const topics = { events: 'e', inventory: 'i', abandoned: 'a', recovered: 'r', actions: 't' };
    await expect(KafkaLog.open({ ...away, topics })).rejects.toThrow(
      /Kafka does not answer at 127\.0\.0\.1:1 .*set KAFKA/s,
    );
    // Said once, by whoever is told; the client would say it at each try.
    expect(said).toEqual([]);
    await expect(kafkaClient(away, logger).admin().connect()).rejects.toThrow();
    expect(said).toContainEqual(expect.objectContaining({ broker: '127.0.0.1:1' }));
    expect(said).not.toContainEqual(expect.objectContaining({ timestamp: expect.anything() }));
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

  test('a replay whose consumer group is shared anew in the middle hands out each record once', async () => {
    const name = unique();
    const log = await open(name, 2);
    // More than is read ahead, and more than one fetch brings.
    const count = 30_000;
    const values = Array.from({ length: count }, (_, i) => `v${i} ${'x'.repeat(300)}`);
    await log.append(
      values.map((value, i) => ({ partition: { topic: 'events', index: i % 2 }, key: `k${i}`, value }) as const),
    );
    const client = new kafkajs.Kafka({ brokers: [kafka.broker], logLevel: kafkajs.logLevel.NOTHING });
    const seen: string[] = [];
    for await (const { record } of log.replay(await log.begins(), await log.ends())) {
      seen.push(Buffer.from(record.value ?? '').toString());
      if (seen.length === 100) await joinAndLeave(client, name, 'cartpulse-replay-');
    }
    expect(seen.length).toBe(count);
    expect(new Set(seen)).toEqual(new Set(values));
    await log.close();
  });

  test('a replay that Kafka refuses for good says so instead of waiting', async () => {
    const name = unique();
    const log = await open(name, 1);
    await log.append([{ partition: { topic: 'events', index: 0 }, key: null, value: 'v0' }]);
    const client = kafkaClient({ brokers: [kafka.broker] }, silent);
    const seen: string[] = [];
    let read: () => void = () => undefined;
    const isRead = new Promise<void>((resolve) => {
      read = resolve;
    });
    const refusing = {
      consumer: (config: kafkajs.ConsumerConfig) => {
        const consumer = client.consumer(config);
        const crash = { error: new Error('Not authorized to access topics'), groupId: config.groupId, restart: false };
        // Kafka here refuses nobody: the client says what it says then, once it has read.
        const on = ((event: 'consumer.crash', listener: (event: kafkajs.ConsumerCrashEvent) => void) => {
          if (event !== consumer.events.CRASH) return consumer.on(event, listener);
          const told = { id: '', type: '', timestamp: 0, payload: crash };
          return consumer.on(consumer.events.GROUP_JOIN, () => void isRead.then(() => listener(told)));
        }) as kafkajs.Consumer['on'];
        return { ...consumer, on };
      },
    };
    const until = new Map([['events-0', '2' as Position]]);
    const topics = { events: name, inventory: `${name}.inventory` };
    const replay = replayTopics({ kafka: refusing, topics, partitions: log.partitions, from: new Map(), until });
    const all = async (): Promise<void> => {
      for await (const { record } of replay) {
        seen.push(Buffer.from(record.value ?? '').toString());
        read();
      }
    };
    await expect(all()).rejects.toThrow('Not authorized');
    expect(seen).toEqual(['v0']);
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
      process: async (_, records) => records.nextOf(records.length - 1),
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

/** Somebody joins a running group, so that all its members join anew, and leaves, so that they do once more. */
async function joinAndLeave(client: kafkajs.Kafka, topic: string, prefix: string): Promise<void> {
  const admin = client.admin();
  await admin.connect();
  const { groups } = await admin.listGroups();
  const ids = groups.map(({ groupId }) => groupId).filter((id) => id.startsWith(prefix));
  const { groups: described } = await admin.describeGroups(ids);
  // Tests beside this one replay topics of their own.
  const reads = ({ memberMetadata }: kafkajs.MemberDescription): boolean =>
    kafkajs.AssignerProtocol.MemberMetadata.decode(memberMetadata)?.topics.includes(topic) === true;
  const running = described.find(({ members }) => members.some(reads))?.groupId ?? '';
  const size = async (): Promise<string> => {
    const [group] = (await admin.describeGroups([running])).groups;
    return `${group?.state} ${group?.members.length}`;
  };
  const guest = client.consumer({ groupId: running });
  await guest.connect();
  await guest.subscribe({ topics: [topic, `${topic}.inventory`] });
  await guest.run({ autoCommit: false, eachBatch: async () => undefined });
  await eventually('two members', async () => (await size()) === 'Stable 2');
  await guest.disconnect();
  await eventually('one member', async () => (await size()) === 'Stable 1');
  await admin.disconnect();
}
