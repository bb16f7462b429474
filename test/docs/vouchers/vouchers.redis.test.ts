import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectRedis, type RedisClient } from '../../../src/adapters/redis/client/connection.ts';
import { RedisStateStore } from '../../../src/adapters/redis/commit/state-store.ts';
import { RedisCartStore } from '../../../src/adapters/redis/read/cart-store.ts';
import { RedisReader } from '../../../src/adapters/redis/read/reader.ts';
import { BUILT_IN_FUNNELS } from '../../../src/analytics/funnel/funnel.ts';
import { questions as registered } from '../../../src/analytics/index.ts';
import type { Question } from '../../../src/analytics/question.ts';
import { plansOf } from '../../../src/fold/state/bucket-plans.ts';
import { PartitionWorker } from '../../../src/ingestion/partition-worker.ts';
import { recordBatchOf } from '../../../src/ingestion/ports/record-batch.ts';
import { DEFAULT_DIMENSIONS } from '../../../src/metrics/dimension.ts';
import { Keyspace } from '../../../src/metrics/keyspace.ts';
import { HeavyReads } from '../../../src/metrics/read-budget.ts';
import { Calendar } from '../../../src/time/calendar.ts';
import { appOf } from '../../http/app-parts.ts';
import { SETTINGS } from '../../support/core/settings.ts';
import { record, StillLog } from '../../support/fakes/still-log.ts';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';
import { type Json, unique } from '../../support/system/system.ts';
import { vouchers } from './route.ts';

const partition = { topic: 'events', index: 0 } as const;
const now = Date.parse('2026-11-20T12:00:00Z');
const calendar = new Calendar('UTC');
const questions: readonly Question[] = [...registered, vouchers];

let server: TestRedis;
let redis: RedisClient;
const keyspace = new Keyspace(unique(), 1, 1);
beforeAll(async () => {
  server = await startRedis();
  redis = connectRedis(server.url);
});
afterAll(() => {
  redis.disconnect();
  return server.close();
});

/** Events are counted as a consumer counts them. */
async function count(events: readonly object[]): Promise<void> {
  const retention = { hourlyDays: 8, dailyDays: 400, caps: new Map<string, number>() };
  const worker = new PartitionWorker({
    store: new RedisStateStore({ redis, keyspace, plans: plansOf(SETTINGS), retention }),
    log: new StillLog(1),
    settings: SETTINGS,
    calendar,
    definitions: [...new Set(questions.flatMap(({ definitions }) => definitions))],
    now: () => now,
  });
  await worker.claim(partition);
  await worker.process(
    partition,
    recordBatchOf(events.map((event, i) => record(i, { event_id: `e${i}`, timestamp: now, ...event }, now))),
  );
}

/** The API with all questions, the tutorial's among them. */
const api = () =>
  appOf(questions, {
    read: {
      store: () => ({
        reader: new RedisReader(redis, keyspace),
        carts: new RedisCartStore(redis, keyspace, calendar, 1, SETTINGS.cartTimeoutMs),
      }),
      heavy: new HeavyReads(),
      calendar,
      storeCurrency: 'USD',
      funnels: BUILT_IN_FUNNELS,
      dimensions: DEFAULT_DIMENSIONS,
      hourlyDays: 8,
      dailyDays: 400,
      now: () => now,
      asOf: async () => now,
    },
  });

test('the question of the tutorial is counted from events and answered over HTTP, beside all others', async () => {
  await count([
    { name: 'voucher_used', user_id: 'ann', city: 'Oslo' },
    { name: 'voucher_used', user_id: 'ben', city: 'Bergen' },
    { name: 'voucher_used', user_id: 'cid', city: 'Oslo' },
    { name: 'purchase', user_id: 'ann', city: 'Oslo', transaction_id: 't1', value: 20 },
  ]);
  const ask = async (path: string) => (await api().request(path)).json();
  expect(await ask('/v1/vouchers?from=2026-11-20&to=2026-11-20')).toMatchObject({
    data: { used: 3, orders: 1, used_per_order: 3 },
    meta: { from: expect.any(String), timezone: 'UTC' },
  });
  expect(await ask('/v1/vouchers?city=Bergen')).toMatchObject({ data: { used: 1, orders: 0, used_per_order: null } });
  expect(await ask('/v1/vouchers?compare=previous')).toMatchObject({ previous: { used: 0, orders: 0 } });
  expect(await ask('/v1/revenue')).toMatchObject({ data: { orders: 1, revenue: 20 } });
});

test('it is in the OpenAPI document, made from its schemas', async () => {
  const { paths }: Json = await (await api().request('/openapi.json')).json();
  const parameters: { name: string }[] = paths['/v1/vouchers'].get.parameters;
  expect(parameters.map(({ name }) => name)).toEqual(['from', 'to', 'compare', 'city', 'country', 'device', 'channel']);
});

test('what it keeps is kept under its name, by hour and by day, and has a life', async () => {
  const keys = await redis.keys(`${keyspace.prefix}:*:vouchers:*`);
  const ofAll = keys.filter((key) => !key.includes(':by-')).map((key) => key.split(':vouchers:')[1]);
  expect(ofAll.sort()).toEqual(['2026-11-20', '2026-11-20T12']);
  expect(keys.filter((key) => key.includes(':vouchers:by-city:'))).toHaveLength(2);
  for (const key of keys) expect(await redis.ttl(key)).toBeGreaterThan(0);
});
