import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { expect, test } from 'vitest';
import { freePort } from '../../docker/free-port.ts';
import { Shop } from '../../src/simulator/shop.ts';
import { progress, report, scaled } from '../support/runner/chaos.ts';
import { startTestKafka } from '../support/servers/kafka.ts';
import { kafkaEnvironment } from '../support/servers/kafka-environment.ts';
import { startRedis } from '../support/servers/redis-server.ts';
import { startProcess } from '../support/system/processes.ts';
import { eventually, startSystem, unique } from '../support/system/system.ts';

const EVENTS = scaled(60_000, 5_000_000);
const PARTITIONS = 4;
const LIMIT_MB = 600;

const residentMb = (pid: number | undefined): number =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024);

test(`a consumer far slower than producers: a backlog of ${EVENTS} events leaves the memory of each process bounded`, {
  timeout: scaled(200_000, 1_800_000),
}, async () => {
  const [redis, kafka] = await Promise.all([startRedis(), startTestKafka()]);
  const port = await freePort();
  const environment: Record<string, string> = {
    ...kafkaEnvironment(kafka.broker, PARTITIONS),
    KEY_PREFIX: unique(),
    REDIS_URL: redis.url,
    LOG_LEVEL: 'silent',
    PORT: String(port),
  };
  const system = await startSystem(redis.url, environment);
  const api = startProcess('build/main.js', ['api'], environment);
  const client = new kafkajs.Kafka({ brokers: [kafka.broker], logLevel: kafkajs.logLevel.NOTHING });
  const producer = client.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  const shop = new Shop({ seed: 6, sessions: 3_000 });
  const start = Date.now() - 86_400_000;
  let sent = 0;
  for (let i = 0; sent < EVENTS; ) {
    const messages = Array.from({ length: 3_000 }, () => shop.next(start + Math.floor((i++ * 80_000_000) / EVENTS)))
      .flat()
      .map((event) => ({ key: String(event['user_id'] ?? event['item_id']), value: JSON.stringify(event) }));
    await producer.send({ topic: environment['KAFKA_EVENTS_TOPIC'] ?? '', messages });
    sent += messages.length;
    progress(`${sent} of ${EVENTS} events in the log`);
  }
  await producer.disconnect();
  const consumer = startProcess('build/main.js', ['consume'], environment);
  let consumerMb = 0;
  let apiMb = 0;
  let asked = 0;
  await eventually('both to start', () => [consumer, api].every((one) => one.output().includes('cartpulse:')));
  for (let lag = sent; lag > 0; await sleep(250)) {
    lag = (await system.system.monitor().check()).lag;
    const response = await fetch(`http://127.0.0.1:${port}/v1/products/popular`);
    expect(response.status).toBe(200);
    await response.text();
    asked += 1;
    consumerMb = Math.max(consumerMb, residentMb(consumer.child.pid));
    apiMb = Math.max(apiMb, residentMb(api.child.pid));
    progress(`${lag} events behind, consumer ${consumerMb} MB, API ${apiMb} MB`);
  }
  const { events, duplicates, rejected, unknown_refunds: unknown } = await system.get('/v1/pipeline');
  expect(events + duplicates + rejected + unknown).toBe(sent);
  report('backlog', { events: sent, consumerMb, apiMb });
  expect(asked).toBeGreaterThan(5);
  expect(consumerMb).toBeLessThan(LIMIT_MB);
  expect(apiMb).toBeLessThan(LIMIT_MB);
  expect([await consumer.kill('SIGTERM'), await api.kill('SIGTERM')]).toEqual([0, 0]);
  await system.close();
  await Promise.all([redis.close(), kafka.close()]);
});
