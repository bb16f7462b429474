import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAnswers } from '../support/compare.ts';
import { startTestKafka, type TestKafka } from '../support/kafka.ts';
import { kafkaEnvironment } from '../support/kafka-environment.ts';
import { Oracle } from '../support/oracle/oracle.ts';
import { startProcess } from '../support/processes.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';
import { sendAll } from '../support/sending.ts';
import { simulated, simulatedRange } from '../support/simulated.ts';
import { eventually, startSystem, unique } from '../support/system.ts';

const PARTITIONS = 4;
let redis: TestRedis;
let kafka: TestKafka;
beforeAll(async () => {
  const aof = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'always'];
  [redis, kafka] = await Promise.all([startRedis(aof), startTestKafka()]);
});
afterAll(() => Promise.all([redis.close(), kafka.close()]));

test('a Redis that is put back to an earlier state is counted on from there, and ends with the same answers', {
  timeout: 120_000,
}, async () => {
  const environment = { ...kafkaEnvironment(kafka.broker, PARTITIONS), KEY_PREFIX: unique() };
  const system = await startSystem(redis.url, environment);
  const consumer = startProcess('src/main.ts', ['consume'], {
    ...environment,
    REDIS_URL: redis.url,
    LOG_LEVEL: 'error',
  });
  const oracle = new Oracle(PARTITIONS);
  const all = simulated(30_000, oracle, PARTITIONS, 13);
  oracle.feed(all);
  const part = Math.floor(all.length / 3);
  await sendAll(system, all.slice(0, part));
  await system.settled(60_000);
  const backup = mkdtempSync(join(tmpdir(), 'cartpulse-aof-'));
  cpSync(redis.dir, backup, { recursive: true });
  await sendAll(system, all.slice(part, 2 * part));
  await system.settled(60_000);
  const positions = async (): Promise<number> =>
    (await system.system.monitor().look()).partitions.reduce((sum, { position }) => sum + Number(position), 0);
  const ahead = await positions();

  await redis.stop('SIGKILL');
  rmSync(redis.dir, { recursive: true });
  cpSync(backup, redis.dir, { recursive: true });
  await redis.start();
  expect(await positions()).toBeLessThan(ahead);
  await sendAll(system, all.slice(2 * part));
  await eventually('all to be counted', async () => (await positions()) >= all.length, 60_000);
  await system.settled(60_000);
  await expectAnswers(system, oracle, simulatedRange);
  expect(await consumer.kill('SIGTERM')).toBe(0);
  await system.close();
  rmSync(backup, { recursive: true });
});
