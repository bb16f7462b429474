import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAnswers } from '../support/compare/answers.ts';
import { Oracle } from '../support/oracle/oracle.ts';
import { startTestKafka, type TestKafka } from '../support/servers/kafka.ts';
import { kafkaEnvironment } from '../support/servers/kafka-environment.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { rebuildOf } from '../support/system/rebuilds.ts';
import { sendAll } from '../support/system/sending.ts';
import { startSystem, unique } from '../support/system/system.ts';
import { simulated, simulatedRange } from '../support/traffic/simulated.ts';

const PARTITIONS = 2;
/** Of each partition, what the topic still holds: as after an hour's retention. */
const LEFT = 40;
let redis: TestRedis;
let kafka: TestKafka;
const dir = mkdtempSync(join(tmpdir(), 'cartpulse-archive-'));
beforeAll(async () => {
  [redis, kafka] = await Promise.all([startRedis(), startTestKafka()]);
});
afterAll(async () => {
  await Promise.all([redis.close(), kafka.close()]);
  rmSync(dir, { recursive: true, force: true });
});

/** Has the topic forget all but the end of each partition. */
async function cut(topic: string): Promise<void> {
  const admin = new Kafka({ brokers: [kafka.broker], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(topic);
  const partitions = offsets.map(({ partition, high }) => ({
    partition,
    offset: String(Math.max(0, Number(high) - LEFT)),
  }));
  await admin.deleteTopicRecords({ topic, partitions });
  await admin.disconnect();
}

test('a Redis of which nothing is left is made anew from the archive, and what came to the topic meanwhile counts once', {
  timeout: 300_000,
}, async () => {
  const environment: Record<string, string> = {
    ...kafkaEnvironment(kafka.broker, PARTITIONS),
    KEY_PREFIX: unique(),
    DATA_DIR: dir,
  };
  const oracle = new Oracle(PARTITIONS);
  const events = simulated(3_000, oracle, PARTITIONS);
  // Some come when nobody counts any more.
  const [counted, waiting] = [events.slice(0, -20), events.slice(-20)];
  oracle.feed(events);
  const before = await startSystem(redis.url, environment, { archives: true });
  await before.startCounting();
  await sendAll(before, counted);
  await before.settled();
  await before.close();
  const accepting = await startSystem(redis.url, environment);
  await sendAll(accepting, waiting);
  await accepting.close();
  await redis.client.flushall();
  await cut(environment['KAFKA_EVENTS_TOPIC'] ?? '');

  expect(await rebuildOf(redis.url, environment, { from: 'archive' })).toEqual({ outcome: 'switched' });
  const after = await startSystem(redis.url, environment, { archives: true });
  await after.startCounting();
  await after.settled();
  await expectAnswers(after, oracle, simulatedRange);
  expect(await after.get('/v1/pipeline')).toMatchObject({ missing: 0, events: events.length });
  const { days } = await after.get(`/v1/accuracy?${simulatedRange}`);
  const wrong = days.flatMap(({ metrics }: { metrics: { metric: string; error_percent: number }[] }) =>
    metrics.filter(({ metric, error_percent: error }) => metric !== 'active_users' && error !== 0),
  );
  expect(wrong).toEqual([]);
  await after.close();
});
