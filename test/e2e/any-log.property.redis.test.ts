import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectRedis } from '../../src/adapters/redis/client/connection.ts';
import { RedisRollupStore } from '../../src/adapters/redis/rollup/rollup-store.ts';
import { BUILT_IN_FUNNELS } from '../../src/analytics/funnel/funnel.ts';
import type { PartitionId } from '../../src/events/partition.ts';
import type { LogRecord } from '../../src/ingestion/ports/event-log.ts';
import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import { DEFAULT_DIMENSIONS } from '../../src/metrics/dimension.ts';
import { Keyspace } from '../../src/metrics/keyspace.ts';
import { rollUp } from '../../src/rollups/roll-up.ts';
import { Random } from '../../src/simulator/random.ts';
import { Calendar } from '../../src/time/calendar.ts';
import { expectAnswers } from '../support/compare/answers.ts';
import { expectNow, expectSeries } from '../support/compare/time.ts';
import { feedInto } from '../support/core/feed.ts';
import { runs } from '../support/runner/runs.ts';
import { startCluster, type TestCluster } from '../support/servers/redis-cluster.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { startSystem, unique } from '../support/system/system.ts';
import { RARE_CASES } from '../support/traffic/rare.ts';
import { type Scenario, scenario } from '../support/traffic/scenario.ts';

const PARTITIONS = 6;
const FUNNELS = { again: ['visit', 'view', 'view', 'visit', 'purchase'] };
const funnels = [...BUILT_IN_FUNNELS, { name: 'again', stages: FUNNELS.again }];
const DAY = 86_400_000;
const occurred = new Map<string, number>();
const happened = (what: string, n = 1): void => void occurred.set(what, (occurred.get(what) ?? 0) + n);
const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Counts the logs, cut anywhere; now and then another worker takes over, or old records are handed out again. */
async function count(redisUrl: string, prefix: string, shards: number, { logs }: Scenario, random: Random) {
  const take = () => feedInto(redisUrl, prefix, { partitions: PARTITIONS, shards, funnels });
  // Once for certain: in this log, after its first batch.
  const planned = random.below(logs.size);
  for (const [i, [name, records]] of [...logs].entries()) {
    let isPlanned = i === planned;
    const [topic = '', index = ''] = name.split('-');
    const partition = { topic, index: Number(index) } as PartitionId;
    let feed = take();
    let at = Number(await feed.worker.claim(partition));
    while (at < records.length) {
      const size = 1 + random.below(random.chance(0.2) ? 1_500 : 60);
      at = Number(await feed.worker.process(partition, recordBatchOf(records.slice(at, at + size))));
      if (isPlanned || random.chance(0.1)) {
        happened('worker taken over from');
        feed.close();
        feed = take();
        expect(Number(await feed.worker.claim(partition))).toBe(at);
      }
      if (isPlanned || (at > 0 && random.chance(0.1))) at = await handOutAgain(feed, partition, records, at, random);
      isPlanned = false;
    }
    feed.close();
  }
}

async function handOutAgain(
  { worker }: ReturnType<typeof feedInto>,
  partition: PartitionId,
  records: readonly LogRecord[],
  at: number,
  random: Random,
): Promise<number> {
  happened('records handed out again');
  const from = random.below(at);
  const next = Number(await worker.process(partition, recordBatchOf(records.slice(from, from + 1 + random.below(50)))));
  expect(next).toBe(at);
  return next;
}

async function rollUpAll(redisUrl: string, prefix: string, shards: number, nowMs: number): Promise<void> {
  const redis = connectRedis(redisUrl);
  const retention = { hourlyDays: 8, dailyDays: 400, caps: new Map<string, number>() };
  const store = new RedisRollupStore(redis, new Keyspace(prefix, 1, shards), retention);
  await rollUp({ store, calendar: new Calendar('UTC'), funnels, dimensions: DEFAULT_DIMENSIONS, now: () => nowMs });
  redis.disconnect();
}

async function holds(redisUrl: string, shards: number, seed: number, isRolledUp: boolean): Promise<void> {
  const nowMs = Date.now();
  const prefix = unique();
  const made = scenario(seed, 900, PARTITIONS, nowMs);
  const random = new Random(seed);
  await count(redisUrl, prefix, shards, made, random);
  if (isRolledUp) {
    happened('rolled up');
    await rollUpAll(redisUrl, prefix, shards, nowMs);
  }
  const environment = {
    KEY_PREFIX: prefix,
    PARTITIONS: String(PARTITIONS),
    REDIS_SHARDS: String(shards),
    FUNNELS: JSON.stringify(FUNNELS),
  };
  const system = await startSystem(redisUrl, environment);
  try {
    const today = Math.floor(nowMs / DAY) * DAY;
    const hour = (n: number): string => `${new Date(today - 2 * DAY + n * 3_600_000).toISOString().slice(0, 19)}Z`;
    await expectAnswers(system, made.oracle, `from=${day(today - 9 * DAY)}&to=${day(today)}`);
    await expectAnswers(system, made.oracle, `from=${day(today - 3 * DAY)}&to=${day(today - 3 * DAY)}`);
    await expectAnswers(system, made.oracle, `from=${hour(5)}&to=${hour(17)}`);
    // Two whole days, and hours on both sides of them.
    await expectAnswers(system, made.oracle, `from=${hour(-31)}&to=${hour(29)}`);
    await expectSeries(system, made.oracle, today - 3 * DAY);
    happened('window of the last hour', await expectNow(system, made.oracle));
  } finally {
    await system.close();
  }
  for (const [what, n] of made.oracle.occurred) happened(what, n);
}

const check = (url: () => string, shards: number, numRuns: number, rolledUp: fc.Arbitrary<boolean>) =>
  fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), rolledUp, (seed, isRolledUp) =>
      holds(url(), shards, seed, isRolledUp),
    ),
    { numRuns, endOnFailure: true },
  );

describe('any log, cut anywhere and handed out again from anywhere: every answer equals the plain count', () => {
  let redis: TestRedis;
  let cluster: TestCluster;
  beforeAll(async () => {
    [redis, cluster] = await Promise.all([startRedis(), startCluster()]);
  });
  afterAll(async () => {
    await redis.close();
    await cluster.close();
  });

  test.each([
    [1, 2, 6],
    [2, 1, 3],
    [5, 1, 3],
  ])('with %i shards', { timeout: 300_000 }, async (shards, few, many) => {
    await check(() => redis.url, shards, runs(few, many), fc.boolean());
  });

  test('with 5 shards on a Redis Cluster of three nodes', { timeout: 300_000 }, async () => {
    await check(() => cluster.url, 5, runs(1, 2), fc.constant(true));
    const keys = await Promise.all(cluster.nodes.map(({ client }) => client.dbsize()));
    expect(Math.min(...keys)).toBeGreaterThan(0);
  });

  test.each([
    ...RARE_CASES,
    'funnel that names stages twice',
    'item that went over to another category',
    'coupon that a line names',
    'window of the last hour',
    'worker taken over from',
    'records handed out again',
    'rolled up',
  ])('%s: it was among them', (what) => {
    expect(occurred.get(what) ?? 0).toBeGreaterThan(0);
  });
});
