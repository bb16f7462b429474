import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka } from 'kafkajs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { freePort } from '../../docker/free-port.ts';
import { makeTopic, startTestKafka, type TestKafka } from '../support/servers/kafka.ts';
import { kafkaEnvironment } from '../support/servers/kafka-environment.ts';
import { startProcess, type TestProcess } from '../support/system/processes.ts';
import { eventually, type Json } from '../support/system/system.ts';

let kafka: TestKafka;
let dataDir: string;
let port: number;
const started: TestProcess[] = [];
beforeAll(async () => {
  kafka = await startTestKafka();
});
afterAll(() => kafka.close());
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'cartpulse-other-log-'));
  port = await freePort();
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.kill('SIGTERM')));
  rmSync(dataDir, { recursive: true, force: true });
});

function start(environment: Readonly<Record<string, string>>, args: readonly string[] = []): TestProcess {
  const common = { DATA_DIR: dataDir, PORT: String(port), SIMULATE: '0', LOG_LEVEL: 'error' };
  const one = startProcess('build/main.js', args, { ...common, ...environment });
  started.push(one);
  return one;
}
const running = async (environment: Readonly<Record<string, string>>): Promise<TestProcess> => {
  const one = start(environment);
  await eventually('it to run', () => one.output().includes('open http://'));
  return one;
};
const stop = async (one: TestProcess): Promise<void> => {
  expect(await one.kill('SIGTERM')).toBe(0);
};
const ended = async (one: TestProcess): Promise<string> => {
  expect(await one.ended).toBe(1);
  return one.output().trim().split('\n').at(-1) ?? '';
};
const get = async (path: string): Promise<Json> => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return ((await response.json()) as Json).data;
};
const orders = async (): Promise<number> => (await get('/v1/revenue')).orders;

async function buy(count: number): Promise<void> {
  const before = await orders();
  const events = Array.from({ length: count }, (_, i) => {
    const id = `${before}-${i}`;
    return { name: 'purchase', user_id: id, transaction_id: id, value: 10 };
  });
  const headers = { 'Content-Type': 'application/json' };
  const body = JSON.stringify(events);
  expect((await fetch(`http://127.0.0.1:${port}/v1/events`, { method: 'POST', headers, body })).status).toBe(202);
  await eventually('them to be counted', async () => (await orders()) === before + count);
}

test('Kafka after the embedded log is refused with a line, and a rebuild copies the one into the other', async () => {
  const onKafka = kafkaEnvironment(kafka.broker, 4);
  const one = await running({});
  await buy(8);
  await stop(one);
  expect(await ended(start(onKafka))).toMatch(
    /^cartpulse: .*the event log was the embedded one, now Kafka.*npm start -- rebuild/,
  );
  const rebuilding = start(onKafka, ['rebuild']);
  expect(await rebuilding.ended, rebuilding.output()).toBe(0);
  const two = await running(onKafka);
  expect(await orders()).toBe(8);
  await buy(4);
  await stop(two);
  expect(await ended(start({ PARTITIONS: '4' }))).toMatch(/the event log was Kafka/);
});

test('a start or a rebuild that forgot KAFKA_BROKERS is refused, and loses nothing', async () => {
  const onKafka = kafkaEnvironment(kafka.broker, 4);
  const one = await running(onKafka);
  await buy(8);
  await stop(one);
  const { KAFKA_BROKERS: _, ...forgotten } = onKafka;
  expect(await ended(start(forgotten))).toMatch(/the event log was Kafka with .* now KAFKA_BROKERS is not set/);
  expect(await ended(start(forgotten, ['rebuild', '--force']))).toMatch(/the event log is Kafka.*set KAFKA_BROKERS/);
  expect(await ended(start({ ...onKafka, KAFKA_GROUP: 'another' }))).toMatch(/KAFKA_GROUP was /);
  await running(onKafka);
  expect(await orders()).toBe(8);
});

test('a first start that failed keeps nothing, so that its advice can be followed, one way or the other', async () => {
  const topic = `${kafkaEnvironment(kafka.broker)['KAFKA_GROUP']}.one`;
  const admin = new Kafka({ brokers: [kafka.broker], logLevel: 0 }).admin();
  await admin.connect();
  const configEntries = [{ name: 'message.timestamp.type', value: 'LogAppendTime' }];
  await makeTopic(admin, { topic, numPartitions: 1, configEntries });
  await admin.disconnect();
  const [wanted, others] = [kafkaEnvironment(kafka.broker, 4), kafkaEnvironment(kafka.broker, 1)];
  expect(await ended(start({ ...wanted, KAFKA_EVENTS_TOPIC: topic }))).toMatch(
    /has 1 partitions, PARTITIONS says 4; set PARTITIONS=1 or use another topic/,
  );
  await stop(await running({ ...others, KAFKA_EVENTS_TOPIC: topic }));
  await stop(await running(wanted));
});
