import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../docker/free-port.ts';
import { report, scaled } from '../support/runner/chaos.ts';
import { startTestKafka, type TestKafka } from '../support/servers/kafka.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { runUnderFaults } from '../support/suites/faults/fault-run.ts';
import { peopleTraffic } from '../support/suites/faults/people-traffic.ts';
import type { FaultRun } from '../support/suites/faults/standing.ts';

const RUN = scaled<FaultRun>(
  {
    events: 20_000,
    partitions: 8,
    faults: {
      random: 2,
      'written-ahead': 1,
      decided: 1,
      applied: 1,
      'before-commit': 1,
      'after-commit': 1,
      'before-offsets': 1,
      leave: 1,
    },
    redisKills: 1,
    kafkaKills: 1,
    apiKills: 2,
    lostReplies: 0.05,
  },
  {
    events: 300_000,
    partitions: 8,
    faults: {
      random: 14,
      'written-ahead': 14,
      decided: 14,
      applied: 14,
      'before-commit': 14,
      'after-commit': 14,
      'before-offsets': 14,
      leave: 12,
    },
    redisKills: 10,
    kafkaKills: 5,
    apiKills: 5,
    lostReplies: 0.05,
  },
);

describe('consumers, Redis, Kafka and the API killed while a shop goes on', () => {
  let redis: TestRedis;
  let kafka: TestKafka;
  beforeAll(async () => {
    const port = await freePort();
    const aof = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec'];
    [redis, kafka] = await Promise.all([startRedis(aof), startTestKafka({ port })]);
  });
  afterAll(() => Promise.all([redis.close(), kafka.close()]));

  test('nothing is lost and nothing counted twice: every answer and message is that of the plain count', {
    timeout: scaled(400_000, 3_600_000),
  }, async () => {
    const outcome = await runUnderFaults(RUN, redis, kafka);
    report('kills', {
      ...outcome,
      ...outcome.deaths,
      deaths: Object.values(outcome.deaths).reduce((a, b) => a + b),
    });
    expect(outcome.deaths).toEqual(RUN.faults);
    expect(outcome).toMatchObject({
      redisKills: RUN.redisKills,
      kafkaKills: RUN.kafkaKills,
      apiKills: RUN.apiKills,
    });
    expect(outcome.rebalances).toBeGreaterThanOrEqual(scaled(10, 70));
    expect(outcome.lostReplies).toBeGreaterThan(0);
    expect(outcome.resent).toBeGreaterThan(0);
    expect(outcome.messages).toBeGreaterThan(scaled(200, 2_000));
  });

  test('people who sign in, and orders that are reported twice: lost 0, twice 0, falsely abandoned 0', {
    timeout: 300_000,
  }, async () => {
    const traffic = peopleTraffic(800, 4, 7);
    expect(traffic.share.signIn).toBeGreaterThan(1 / 3);
    expect(traffic.share.reportedTwice).toBeGreaterThan(1 / 10);
    // No more than a minute or so of it: idle partitions' time runs on, and nobody waits for a link longer than a minute of it.
    const faults = { random: 1, 'before-commit': 1, 'after-commit': 1 };
    const kills = { redisKills: 1, kafkaKills: 1, apiKills: 2 };
    const run = { ...RUN, ...kills, events: traffic.events.length, partitions: 4, faults };
    const outcome = await runUnderFaults(run, redis, kafka, { traffic });
    report('people', {
      ...outcome,
      ...outcome.deaths,
      deaths: Object.values(outcome.deaths).reduce((a, b) => a + b),
      ...traffic.share,
    });
    expect(outcome.deaths).toEqual(faults);
    expect(outcome.resent).toBeGreaterThan(0);
    expect(outcome.messages).toBeGreaterThan(60);
  });

  const control = { events: 8_000, partitions: 4, redisKills: 0, kafkaKills: 0, apiKills: 0, lostReplies: 0 } as const;
  test.each<[string, FaultRun]>([
    [
      'the position comparison',
      { ...control, without: 'comparison', events: 6_000, faults: { leave: 1 }, lostReplies: 0.5 },
    ],
    ['the dedupe', { ...control, without: 'dedupe', faults: { leave: 1 }, apiKills: 2 }],
    ['the outbox in the commit', { ...control, without: 'outbox-in-commit', faults: { between: 2 } }],
  ])('CONTROL: without %s it is seen', { timeout: 200_000 }, async (_, faultRun) => {
    await expect(runUnderFaults(faultRun, redis, kafka)).rejects.toThrow(/expected/);
  });
});
