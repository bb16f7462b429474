import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAnswers } from '../support/compare/answers.ts';
import { Oracle } from '../support/oracle/oracle.ts';
import { startTestKafka, type TestKafka } from '../support/servers/kafka.ts';
import { kafkaEnvironment } from '../support/servers/kafka-environment.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { startProcess } from '../support/system/processes.ts';
import { sendAll } from '../support/system/sending.ts';
import { eventually, startSystem, unique } from '../support/system/system.ts';
import { simulated, simulatedRange } from '../support/traffic/simulated.ts';

const PARTITIONS = 4;
let redis: TestRedis;
let kafka: TestKafka;
beforeAll(async () => {
  [redis, kafka] = await Promise.all([startRedis(), startTestKafka()]);
});
afterAll(() => Promise.all([redis.close(), kafka.close()]));

test('a consumer that is stopped past its session, and wakes when another has taken over, counts nothing twice', {
  timeout: 240_000,
}, async () => {
  const environment = { ...kafkaEnvironment(kafka.broker, PARTITIONS), KEY_PREFIX: unique() };
  const system = await startSystem(redis.url, environment);
  const launch = () =>
    startProcess('build/main.js', ['consume'], { ...environment, REDIS_URL: redis.url, LOG_LEVEL: 'warn' });
  const oracle = new Oracle(PARTITIONS);
  const all = simulated(16_000, oracle, PARTITIONS);
  oracle.feed(all);
  const half = Math.floor(all.length / 2);
  const zombie = launch();
  await sendAll(system, all.slice(0, half));
  // In the middle of counting: a batch is in its hands.
  await eventually(
    'the first commits',
    async () => (await system.system.monitor().check()).tallies.get('events') !== undefined,
  );
  zombie.child.kill('SIGSTOP');
  const epochs = async (): Promise<number[]> =>
    Promise.all(
      Array.from({ length: PARTITIONS }, async (_, i) =>
        Number(await redis.client.hget(`${environment.KEY_PREFIX}:1:{0}:partition:events-${i}`, 'epoch')),
      ),
    );
  const before = await epochs();
  const heir = launch();
  await eventually(
    'the heir to take over',
    async () => (await epochs()).every((epoch, i) => epoch > (before[i] ?? 0)),
    60_000,
  );
  await sendAll(system, all.slice(half));
  zombie.child.kill('SIGCONT');
  await sleep(3_000);
  await system.settled(120_000);
  await expectAnswers(system, oracle, simulatedRange);
  expect([await zombie.kill('SIGTERM'), await heir.kill('SIGTERM')]).toEqual([0, 0]);
  await system.close();
});
