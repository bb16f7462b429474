import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { valueScores } from '../../src/analytics/breakdowns/definition.ts';
import { closedFunnel } from '../../src/analytics/funnel/definition.ts';
import { productViews, stockLevels } from '../../src/analytics/shared/items.ts';
import { revenueCounts } from '../../src/analytics/shared/sales.ts';
import { sessionCounts } from '../../src/analytics/shared/sessions.ts';
import type { Family } from '../../src/metrics/family.ts';
import { byDimension, fieldOf } from '../../src/metrics/fields.ts';
import { Keyspace } from '../../src/metrics/keyspace.ts';
import { Calendar } from '../../src/time/calendar.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { type Json, startSystem, type TestSystem, unique } from '../support/system/system.ts';

const DAYS = 100;
const CITIES = 1_000;
const ITEMS = 200_000;
const DAY_MS = 86_400_000;

let redis: TestRedis;
let shop: TestSystem;
let range: string;
let fewDays: string;

/** A shop of a thousand cities for a hundred days, with two hundred thousand items seen today and in stock. */
beforeAll(async () => {
  redis = await startRedis();
  const prefix = unique();
  const keyspace = new Keyspace(prefix, 1, 1);
  const now = Date.now();
  const days = Array.from({ length: DAYS }, (_, i) => new Date(now - i * DAY_MS).toISOString().slice(0, 10));
  const fields: readonly (readonly [Family, dimensions: string, readonly string[]])[] = [
    [sessionCounts, '', ['sessions', 'events']],
    [revenueCounts, '', ['orders', 'revenue:USD']],
    [valueScores, '', ['score']],
    [closedFunnel, 'shop', ['visit', 'view', 'cart']],
  ];
  const cities = Array.from({ length: CITIES }, (_, i) => `city ${i}`);
  for (const day of days) {
    const pipeline = redis.client.pipeline();
    for (const [family, dimensions, metrics] of fields)
      pipeline.hset(
        keyspace.key(0, family, byDimension(dimensions, 'city'), day),
        ...cities.flatMap((city, i) => metrics.flatMap((metric) => [fieldOf(metric, city), i])),
      );
    await pipeline.exec();
  }
  const { hour } = new Calendar('UTC').at(now);
  const stamp = String(now).padStart(16, '0');
  for (let from = 0; from < ITEMS; from += 10_000) {
    const items = Array.from({ length: 10_000 }, (_, i) => `item-${from + i}`);
    const scores = items.flatMap((item, i) => [1 + ((from + i) % 17), item]);
    for (const label of [hour, days[0] ?? ''])
      await redis.client.zadd(keyspace.key(0, productViews, '', label), ...scores);
    const levels = items.flatMap((item, i) => [item, `${stamp}|["e","${i % 100}"]`]);
    await redis.client.hset(keyspace.key(0, stockLevels, ''), ...levels);
  }
  shop = await startSystem(redis.url, { KEY_PREFIX: prefix, DAILY_DAYS: '400' });
  range = `from=${days.at(-1)}&to=${days[0]}`;
  fewDays = `from=${days[9]}&to=${days[0]}`;
}, 120_000);
afterAll(async () => {
  await shop.close();
  await redis.close();
});

const heavyPaths = (): string[] => [
  `/v1/cities?${range}&limit=1000`,
  `/v1/cities?${range}&limit=1000&rank_by=users`,
  `/v1/funnel?${range}&breakdown=city&limit=1000&interval=day`,
  `/v1/products?sort=view_to_cart_rate&limit=1000`,
  `/v1/products?sort=item_name&limit=1000`,
  `/v1/products/rising?limit=1000`,
  `/v1/inventory?${range}&limit=1000`,
  `/v1/revenue?${range}&interval=day&compare=previous`,
];

/**
 * How long those waited who ask for little, as processor time of this process: that is what they wait for, however many others the
 * machine runs beside.
 */
async function cheapReads(stop: AbortSignal): Promise<Record<'health' | 'answer', number[]>> {
  const waits: Record<'health' | 'answer', number[]> = { health: [], answer: [] };
  const ask = async (of: 'health' | 'answer', path: string): Promise<void> => {
    while (!stop.aborted) {
      const begun = process.cpuUsage();
      expect((await shop.request(path)).status).toBe(200);
      await sleep(1);
      const { user, system } = process.cpuUsage(begun);
      waits[of].push((user + system) / 1_000);
      await sleep(4);
    }
  };
  await Promise.all([ask('health', '/health/live'), ask('answer', '/v1/revenue?interval=hour')]);
  for (const each of Object.values(waits)) each.sort((a, b) => a - b);
  return waits;
}

const p99 = (waits: readonly number[]): number => waits[Math.floor(0.99 * (waits.length - 1))] ?? 0;

test('while twenty ask for heavy answers without pause, light ones and /health/live do not wait for them, and no call holds Redis', {
  retry: 2,
  timeout: 120_000,
}, async () => {
  await redis.client.config('RESETSTAT');
  await redis.client.config('SET', 'slowlog-log-slower-than', '20000');
  await redis.client.slowlog('RESET');
  const stop = new AbortController();
  const statuses = new Map<number, number>();
  const problems: Json[] = [];
  const paths = heavyPaths();
  const asking = Array.from({ length: 20 }, async (_, i) => {
    for (let at = i; !stop.signal.aborted; at++) {
      // Each asks for something of its own: what is the same is read once for all.
      const response = await shop.request(`${paths[at % paths.length] ?? ''}${at % 2 === 0 ? '&currency=EUR' : ''}`);
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      if (response.status === 503)
        problems.push({ after: response.headers.get('Retry-After'), body: await response.json() });
      else await response.text();
      await sleep(5);
    }
  });
  const reading = cheapReads(stop.signal);
  await sleep(8_000);
  stop.abort();
  await Promise.all(asking);
  const busy = await reading;
  expect(statuses.get(200)).toBeGreaterThan(5);
  expect(statuses.get(500)).toBe(undefined);
  expect(busy.health.length).toBeGreaterThan(20);
  expect(p99(busy.health)).toBeLessThan(100);
  expect(p99(busy.answer)).toBeLessThan(150);
  const stats = await redis.client.info('commandstats');
  for (const [, command, us] of stats.matchAll(/cmdstat_(\S+):.*usec_per_call=([\d.]+)/g))
    expect(Number(us), `microseconds of ${command}`).toBeLessThan(20_000);
  for (const { after, body } of problems) {
    expect(after).toBe('2');
    expect(body.detail).toContain('ask again');
  }
});

test('where more ask for heavy answers than may wait, they are told at once when to come again', async () => {
  const paths = Array.from({ length: 60 }, (_, i) => `/v1/cities?${fewDays}&limit=${1_000 - i}`);
  const answers = await Promise.all(paths.map((path) => shop.request(path)));
  const refused = answers.filter(({ status }) => status === 503);
  expect(refused.length).toBeGreaterThan(10);
  expect(answers.length - refused.length).toBeGreaterThan(30);
  expect(refused.map(({ headers }) => headers.get('Retry-After'))).toEqual(refused.map(() => '2'));
  const body: Json = await refused[0]?.json();
  expect(body).toMatchObject({ status: 503, type: '/problems/unavailable' });
});

test('what no answer may hold is refused in plain words, before anything is read', async () => {
  const response = await shop.request(`/v1/funnel?from=2023-12-01&to=2026-11-01&mode=open&breakdown=city&limit=1000`);
  const body: Json = await response.json();
  expect([response.status, body.detail]).toEqual([
    400,
    expect.stringContaining('choose a shorter period or a smaller limit'),
  ]);
});
