import kafkajs from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { examineKafka } from '../../../src/adapters/kafka/examine.ts';
import { createLogger, kafkaParts } from '../../../src/app/servers.ts';
import { judgeKafka } from '../../../src/app/upkeep/judge.ts';
import { readConfig } from '../../../src/config.ts';
import { makeTopic, startTestKafka, type TestKafka } from '../../support/servers/kafka.ts';
import { unique } from '../../support/system/system.ts';

let kafka: TestKafka;
beforeAll(async () => {
  kafka = await startTestKafka();
});
afterAll(() => kafka.close());

test('a real broker’s topics are judged as they are, and none is made', async () => {
  const [events, inventory] = [`${unique()}.events`, `${unique()}.inventory`];
  const config = readConfig({
    KAFKA_EVENTS_TOPIC: events,
    KAFKA_INVENTORY_TOPIC: inventory,
    KAFKA_BROKERS: kafka.broker,
  });
  const admin = new kafkajs.Kafka({ brokers: [kafka.broker], logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  await makeTopic(admin, { topic: events, numPartitions: 3 });
  const facts = await examineKafka(kafkaParts(config, [kafka.broker], createLogger('silent')));
  expect(await admin.listTopics()).not.toContain(inventory);
  await admin.disconnect();
  expect(facts.brokers).toBe(1);
  expect(facts.topics).toContainEqual(
    expect.objectContaining({ name: events, partitions: 3, timestamps: 'CreateTime', retentionMs: 604_800_000 }),
  );
  const problems = judgeKafka(facts, config).filter(({ state }) => state === 'problem');
  expect(problems.map(({ text }) => text)).toEqual([
    expect.stringContaining(`${events} has 3 partitions, PARTITIONS says 4`),
    expect.stringContaining('message.timestamp.type=LogAppendTime'),
  ]);
});
