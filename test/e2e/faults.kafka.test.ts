import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestKafka, type TestKafka } from '../support/servers/kafka.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { runUnderFaults } from '../support/suites/faults/fault-run.ts';
import type { FaultRun } from '../support/suites/faults/standing.ts';

let redis: TestRedis;
let kafka: TestKafka;
beforeAll(async () => {
  const aof = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec'];
  [redis, kafka] = await Promise.all([startRedis(aof), startTestKafka()]);
});
afterAll(() => Promise.all([redis.close(), kafka.close()]));

/** One of each: `test/chaos/kills` goes on with many, with Kafka's deaths, and with protections taken out. */
const few: FaultRun = {
  events: 6_000,
  partitions: 2,
  faults: { 'before-commit': 1, 'after-commit': 1 },
  redisKills: 1,
  kafkaKills: 0,
  apiKills: 1,
  lostReplies: 0.2,
};

test('consumers killed before and after a commit, Redis and the API as well: nothing is lost or counted twice', {
  timeout: 180_000,
}, async () => {
  const outcome = await runUnderFaults(few, redis, kafka);
  expect(outcome.deaths).toEqual(few.faults);
  expect(outcome).toMatchObject({ redisKills: 1, apiKills: 1 });
  expect(outcome.resent).toBeGreaterThan(0);
  expect(outcome.messages).toBeGreaterThan(50);
});
