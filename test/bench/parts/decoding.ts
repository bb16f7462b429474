import kafkajs, { type EachBatchPayload, type Kafka } from 'kafkajs';
import { kafkaClient } from '../../../src/adapters/kafka/client/connect.ts';
import { slicesOf } from '../../../src/adapters/kafka/fetch/slices.ts';
import { toStoredBatches } from '../../../src/adapters/kafka/fetch/stored-batch.ts';
import type { TestKafka } from '../../support/servers/kafka.ts';
import { silent, unique } from '../../support/system/system.ts';
import { type Backlog, cpuSeconds } from './backlog.ts';
import { type Figure, say } from './figures.ts';

const ROUNDS = 3;
const SMALL = { maxBytesPerPartition: 524_288 };
const LARGE = { maxBytes: 8_000_000, maxBytesPerPartition: 6_000_000 };

/** Looks at each record's value and arrival. @returns how many there were */
type Read = (batch: EachBatchPayload['batch']) => Promise<number>;

const asMessages: Read = async ({ messages }) => {
  let bytes = 0;
  for (const { value, timestamp } of messages) bytes += (value?.length ?? 0) + Number(timestamp);
  return Number.isFinite(bytes) ? messages.length : 0;
};

const asRecordBatches: Read = async ({ messages }) => {
  let bytes = 0;
  let count = 0;
  for await (const slice of slicesOf(toStoredBatches(messages), 0, 2_000)) {
    for (let i = 0; i < slice.length; i += 1)
      bytes += (slice.ends[i] ?? 0) - (slice.starts[i] ?? 0) + (slice.arrivedAtMs[i] ?? 0);
    count += slice.length;
  }
  return Number.isFinite(bytes) ? count : 0;
};

/** What reading alone costs the consumer and the broker: kafkajs as it is, and with record batches looked at where they lie. */
export async function measureDecoding(kafka: TestKafka, backlog: Backlog): Promise<Figure[]> {
  const plain = new kafkajs.Kafka({ brokers: [kafka.broker], logLevel: kafkajs.logLevel.NOTHING });
  const own = kafkaClient({ brokers: [kafka.broker] }, silent);
  const ways: [what: string, client: Kafka, fetches: Partial<typeof LARGE>, read: Read][] = [
    ['kafkajs, fetches of 512 KiB', plain, SMALL, asMessages],
    ['kafkajs, fetches of 8 MB', plain, LARGE, asMessages],
    ['record batches, fetches of 512 KiB', own, SMALL, asRecordBatches],
    ['record batches, fetches of 8 MB', own, LARGE, asRecordBatches],
  ];
  const figures = new Map<string, { consumerUs: number; brokerUs: number; rate: number }>();
  for (let round = 1; round <= ROUNDS; round += 1)
    for (const [what, client, fetches, read] of ways) {
      const found = await readAll(kafka, client, backlog, fetches, read);
      const best = figures.get(what) ?? found;
      figures.set(what, {
        consumerUs: Math.min(best.consumerUs, found.consumerUs),
        brokerUs: Math.min(best.brokerUs, found.brokerUs),
        rate: Math.max(best.rate, found.rate),
      });
      say(
        `round ${round}: ${what}: consumer ${found.consumerUs.toFixed(2)} µs, broker ${found.brokerUs.toFixed(2)} µs, ${Math.round(found.rate)} events/s`,
      );
    }
  return [...figures].flatMap(([what, { consumerUs, brokerUs, rate }]) => [
    { what: `${what}: consumer`, value: consumerUs, unit: 'µs an event' },
    { what: `${what}: broker`, value: brokerUs, unit: 'µs an event' },
    { what, value: rate, unit: 'events/s' },
  ]);
}

async function readAll(
  { server }: TestKafka,
  client: Kafka,
  { topic, shopEvents }: Backlog,
  fetches: Partial<typeof LARGE>,
  read: Read,
): Promise<{ consumerUs: number; brokerUs: number; rate: number }> {
  const consumer = client.consumer({ groupId: unique(), maxWaitTimeInMs: 100, ...fetches });
  let seen = 0;
  let begun: { readonly at: number; readonly cpu: NodeJS.CpuUsage; readonly brokerSeconds: number } | undefined;
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  consumer.on(consumer.events.GROUP_JOIN, () => {
    begun = { at: performance.now(), cpu: process.cpuUsage(), brokerSeconds: cpuSeconds(server?.pid) };
  });
  const whole = new Promise<void>((done) => {
    void consumer.run({
      eachBatch: async ({ batch }) => {
        seen += await read(batch);
        if (seen >= shopEvents) done();
      },
    });
  });
  await whole;
  const { user, system } = process.cpuUsage(begun?.cpu);
  const brokerUs = ((cpuSeconds(server?.pid) - (begun?.brokerSeconds ?? 0)) * 1e6) / seen;
  const rate = (seen / (performance.now() - (begun?.at ?? 0))) * 1_000;
  await consumer.disconnect();
  return { consumerUs: (user + system) / seen, brokerUs, rate };
}
