import kafkajs, { type Admin, type IHeaders, type Kafka } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KafkaLog } from '../../src/adapters/kafka/kafka-log.ts';
import type { Consumption, LogRecord, Position } from '../../src/ingestion/ports/event-log.ts';
import { retry } from '../../src/runtime/retry.ts';
import { recordsOf } from '../support/fakes/still-log.ts';
import { makeTopic, startTestKafka, type TestKafka } from '../support/servers/kafka.ts';
import { eventually, silent, unique } from '../support/system/system.ts';

let kafka: TestKafka;
let client: Kafka;
let admin: Admin;
beforeAll(async () => {
  kafka = await startTestKafka();
  client = new kafkajs.Kafka({ brokers: [kafka.broker], logLevel: kafkajs.logLevel.NOTHING });
  admin = client.admin();
  await admin.connect();
});
afterAll(async () => {
  await admin.disconnect();
  await kafka.close();
});

/** A log of one partition whose topic is as others have made it. */
async function topic(config: Readonly<Record<string, string>> = {}): Promise<{ name: string; log: KafkaLog }> {
  const name = await made({ ...OWN_TIMES, ...config });
  return { name, log: await open(name) };
}

const OWN_TIMES = { 'message.timestamp.type': 'LogAppendTime' };

async function made(config: Readonly<Record<string, string>>): Promise<string> {
  const name = unique();
  const configEntries = Object.entries(config).map(([key, value]) => ({ name: key, value }));
  await makeTopic(admin, { topic: name, numPartitions: 1, configEntries });
  return name;
}

const open = (name: string): Promise<KafkaLog> =>
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
    partitions: 1,
    logger: silent,
  });

/** A busy broker knows a moment later what was changed. */
async function eventuallyOpen(name: string): Promise<KafkaLog> {
  const log = await retry(() => open(name), { attempts: 20, waitMs: () => 200, isWorthIt: () => true });
  if (log === undefined) throw new Error(`${name} was not opened`);
  return log;
}

/** Counts from a position on, and keeps what it was handed. */
class Counter {
  readonly records: LogRecord[] = [];
  readonly skipped: [to: string, missing: number][] = [];
  position: Position;
  private consumption: Consumption | undefined;

  constructor(from: number) {
    this.position = String(from) as Position;
  }

  async start(log: KafkaLog): Promise<this> {
    this.consumption = await log.consume({
      claim: async () => this.position,
      process: async (_, batch) => {
        this.records.push(...recordsOf(batch));
        this.position = batch.nextOf(batch.length - 1);
        return this.position;
      },
      idle: async () => this.position,
      skip: async (_, to, missing) => {
        this.skipped.push([to, missing]);
        this.position = to;
        return to;
      },
      release: () => undefined,
    });
    return this;
  }

  async stop(): Promise<void> {
    await this.consumption?.stop();
  }
}

const values = (records: readonly LogRecord[]): string[] => records.map(({ value }) => String(value));

async function countAll(log: KafkaLog, from = 0): Promise<Counter> {
  const counter = await new Counter(from).start(log);
  // What ends a transaction is written a moment after it was asked for.
  const isAtEnd = async (): Promise<boolean> => counter.position === (await log.ends()).get('events-0');
  await eventually('all of the topic', isAtEnd, 30_000);
  await counter.stop();
  return counter;
}

async function replayAll(log: KafkaLog): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for await (const { record } of log.replay(await log.begins(), await log.ends())) records.push(record);
  return records;
}

async function produce(name: string, messages: readonly { value: string; key?: string; headers?: IHeaders }[]) {
  const producer = client.producer();
  await producer.connect();
  await producer.send({ topic: name, messages: [...messages] });
  await producer.disconnect();
}

test.each(['uncompressed', 'gzip', 'snappy', 'lz4', 'zstd'])(
  'records stored %s are handed out and replayed as they were sent: keys, values, headers, and what is absent of them',
  async (codec) => {
    // The broker itself compresses with Kafka's own codecs, whatever the producer sent.
    const { name, log } = await topic({ 'compression.type': codec });
    const producer = client.producer();
    await producer.connect();
    const sent = Array.from({ length: 90 }, (_, i) => ({
      key: i % 3 === 0 ? null : `key-${i}`,
      value: i % 5 === 0 ? null : `{"line": ${i}, "text": "${'compressible '.repeat(20)}"}`,
      headers: { trace: `t${i}`, ...(i % 2 === 0 && { import: 'imp-1' }) },
    }));
    for (let from = 0; from < 90; from += 30)
      await producer.send({ topic: name, messages: sent.slice(from, from + 30) });
    await producer.disconnect();
    const shown = (records: readonly LogRecord[]) =>
      records.map(({ key, value, importId, position }) => [key, value && String(value), importId, position]);
    const expected = sent.map(({ key, value, headers }, i) => [key, value, headers['import'], String(i)]);
    expect(shown((await countAll(log)).records)).toEqual(expected);
    expect(shown(await replayAll(log))).toEqual(expected);
    // From the middle of what is stored together.
    expect(shown((await countAll(log, 47)).records)).toEqual(expected.slice(47));
    await log.close();
  },
);

test.each([
  ['LogAppendTime', (ms: number) => Math.abs(ms - Date.now()) < 60_000],
  ['CreateTime', (ms: number) => ms === 1_600_000_000_000 || ms === 1_600_000_000_777],
])('arrival is what the topic said that it is when it was sent: %s', async (type, isRight) => {
  const name = await made({ 'message.timestamp.type': type });
  const producer = client.producer();
  await producer.connect();
  const messages = [1_600_000_000_000, 1_600_000_000_777].map((ms) => ({ value: 'v', timestamp: String(ms) }));
  await producer.send({ topic: name, messages });
  await producer.disconnect();
  if (type === 'CreateTime') {
    // Of carts a producer's clock decides nothing: it is said how the topic gets the log's times.
    await expect(open(name)).rejects.toThrow(
      `kafka-configs.sh --bootstrap-server HOST:PORT --alter --entity-type topics --entity-name ${name} --add-config message.timestamp.type=LogAppendTime`,
    );
    const configEntries = Object.entries(OWN_TIMES).map(([key, value]) => ({ name: key, value }));
    const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name, configEntries };
    await admin.alterConfigs({ validateOnly: false, resources: [resource] });
  }
  const log = await eventuallyOpen(name);
  const { records } = await countAll(log);
  expect(records.map(({ arrivedAtMs }) => isRight(arrivedAtMs))).toEqual([true, true]);
  await log.close();
});

test('transactions: what was aborted is not handed out, and neither it nor the records that end them count as lag or as missing', async () => {
  const { name, log } = await topic();
  const producer = (id: string) =>
    client.producer({ transactionalId: `${name}-${id}`, maxInFlightRequests: 1, idempotent: true });
  const [one, other] = [producer('one'), producer('other')];
  await one.connect();
  await other.connect();
  const send = async (transaction: Awaited<ReturnType<typeof one.transaction>>, ...texts: string[]) => {
    for (const value of texts) await transaction.send({ topic: name, messages: [{ value }] });
  };
  const kept = await one.transaction();
  await send(kept, 'kept 1', 'kept 2');
  await kept.commit();
  // Two at a time, of which the later one ends first.
  const [first, second] = [await one.transaction(), await other.transaction()];
  await send(first, 'aborted 1');
  await send(second, 'aborted 2', 'aborted 3');
  await second.abort();
  await send(first, 'aborted 4');
  await first.abort();
  const again = await other.transaction();
  await send(again, 'kept 3');
  await again.commit();
  await produce(name, [{ value: 'kept 4' }]);
  const last = await one.transaction();
  await send(last, 'aborted 5');
  await last.abort();
  await one.disconnect();
  await other.disconnect();

  const counter = await countAll(log);
  expect(values(counter.records)).toEqual(['kept 1', 'kept 2', 'kept 3', 'kept 4']);
  expect(counter.skipped.every(([, missing]) => missing === 0)).toBe(true);
  expect(values(await replayAll(log))).toEqual(values(counter.records));
  await log.close();
});

test('records that were deleted are missing, also where the log begins in the middle of what is stored together', async () => {
  const { name, log } = await topic();
  await produce(
    name,
    Array.from({ length: 20 }, (_, i) => ({ value: `v${i}` })),
  );
  const deleting = client.admin();
  await deleting.connect();
  // Only then does it know who leads the topic.
  await deleting.fetchTopicOffsets(name);
  await deleting.deleteTopicRecords({ topic: name, partitions: [{ partition: 0, offset: '7' }] });
  await deleting.disconnect();
  const counter = await countAll(log);
  expect(values(counter.records)).toEqual(Array.from({ length: 13 }, (_, i) => `v${i + 7}`));
  expect(counter.skipped).toEqual([['7', 7]]);
  await log.close();
});

test('gaps that compaction leaves are passed over; nothing is missing', { timeout: 120_000 }, async () => {
  const { name, log } = await topic({
    'cleanup.policy': 'compact',
    'segment.ms': '200',
    'min.cleanable.dirty.ratio': '0.001',
    'min.compaction.lag.ms': '0',
    'max.compaction.lag.ms': '500',
  });
  for (let round = 0; round < 5; round += 1) {
    await produce(
      name,
      Array.from({ length: 20 }, (_, i) => ({ key: `k${i % 4}`, value: `round ${round} ${i}` })),
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  const compacted = async (): Promise<boolean> => {
    // Only a segment that is over is compacted.
    await produce(name, [{ key: 'last', value: 'last' }]);
    return (await replayAll(log)).length < 40;
  };
  await eventually('compaction', compacted, 90_000);
  const counter = await countAll(log);
  expect(values(counter.records).filter((value) => value.startsWith('round 4'))).toEqual(
    [16, 17, 18, 19].map((i) => `round 4 ${i}`),
  );
  expect(counter.skipped.every(([, missing]) => missing === 0)).toBe(true);
  await log.close();
});

test('a partition that is far behind does not keep the others waiting', async () => {
  const name = unique();
  const configEntries = Object.entries(OWN_TIMES).map(([key, value]) => ({ name: key, value }));
  await makeTopic(admin, { topic: name, numPartitions: 4, configEntries });
  const log = await KafkaLog.open({
    brokers: [kafka.broker],
    topics: {
      events: name,
      inventory: `${name}.i`,
      abandoned: `${name}.a`,
      recovered: `${name}.r`,
      actions: `${name}.t`,
    },
    group: name,
    partitions: 4,
    logger: silent,
  });
  const large = 'x'.repeat(10_000);
  for (const index of [0, 1, 2])
    await log.append(
      Array.from({ length: 1_500 }, () => ({ partition: { topic: 'events', index }, key: null, value: large })),
    );
  await log.append([{ partition: { topic: 'events', index: 3 }, key: null, value: 'small' }]);
  const seen: number[] = [];
  const positions = new Map<number, Position>();
  const consumption = await log.consume({
    claim: async ({ index }) => positions.get(index) ?? log.start,
    process: async ({ index }, batch) => {
      for (let i = 0; i < batch.length; i += 1) seen.push(index);
      const next = batch.nextOf(batch.length - 1);
      positions.set(index, next);
      return next;
    },
    idle: async () => undefined,
    skip: async (_, to) => to,
    release: () => undefined,
  });
  await eventually('all of them', () => seen.length === 4_501, 60_000);
  await consumption.stop();
  await log.close();
  // In the order of asking it would come behind the first two whole partitions.
  expect(seen.indexOf(3)).toBeLessThan(2_500);
});
