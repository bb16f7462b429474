import kafkajs, { type ISocketFactory } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../docker/free-port.ts';
import { brokerSocket } from '../../src/adapters/kafka/client/broker-socket.ts';
import { startTestKafka, type TestKafka } from '../support/servers/kafka.ts';
import { startProxy, type TcpProxy } from '../support/servers/tcp-proxy.ts';
import { eventually, unique } from '../support/system/system.ts';

const MESSAGES = 400;
const CUTS = 3;

let kafka: TestKafka;
let proxy: TcpProxy;
beforeAll(async () => {
  const port = await freePort();
  proxy = await startProxy(port);
  kafka = await startTestKafka({ port, advertisedPort: proxy.port });
});
afterAll(async () => {
  await kafka.close();
  await proxy.close();
});

const client = (socketFactory?: ISocketFactory) =>
  new kafkajs.Kafka({
    brokers: [kafka.broker],
    logLevel: kafkajs.logLevel.NOTHING,
    requestTimeout: 2_000,
    ...(socketFactory && { socketFactory }),
  });

/** Reads a topic while large responses are cut in half; resolves with what was read. */
async function readThroughCuts(socketFactory?: ISocketFactory, timeoutMs = 20_000): Promise<Set<string>> {
  const topic = unique();
  const producer = client().producer();
  await producer.connect();
  for (let from = 0; from < MESSAGES; from += 50) {
    const messages = Array.from({ length: 50 }, (_, i) => ({ value: `${from + i} ${'x'.repeat(8_000)}` }));
    await producer.send({ topic, messages });
  }
  await producer.disconnect();
  const before = proxy.cuts;
  // Large enough to be a part of what was asked for, not of an answer about topics or the group.
  proxy.onReply = (chunk) => (chunk.length > 30_000 && proxy.cuts < before + CUTS ? 'half' : 'pass');
  const consumer = client(socketFactory).consumer({ groupId: unique(), maxBytesPerPartition: 200_000 });
  const got = new Set<string>();
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({ eachMessage: async ({ message }) => void got.add(String(message.value).split(' ')[0] ?? '') });
  await eventually('all of them', () => got.size === MESSAGES, timeoutMs).catch(() => undefined);
  expect(proxy.cuts).toBe(before + CUTS);
  proxy.onReply = () => 'pass';
  await consumer.disconnect();
  return got;
}

test('a response that breaks off is read again, and what follows on the next connection makes sense', async () => {
  expect((await readThroughCuts(brokerSocket)).size).toBe(MESSAGES);
});

test('CONTROL: with the client’s own sockets, reading stands still behind half a response', async () => {
  expect((await readThroughCuts(undefined, 10_000)).size).toBeLessThan(MESSAGES);
});
