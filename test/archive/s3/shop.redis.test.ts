import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Shop } from '../../../src/simulator/shop.ts';
import { contentsOf } from '../../support/compare/contents.ts';
import { duck } from '../../support/compare/duckdb.ts';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';
import { startS3, type TestS3 } from '../../support/servers/s3-server.ts';
import { rebuildOf } from '../../support/system/rebuilds.ts';
import { type Json, startSystem, type TestSystem, unique } from '../../support/system/system.ts';

const PREFIX = 'eu/shop one';
const ERASED = 'visitor-who-is-erased';
const DAY_MS = 86_400_000;

let redis: TestRedis;
let s3: TestS3;
let dir: string;
let local: TestSystem;
let remote: TestSystem;
let environment: Record<string, string>;

beforeAll(async () => {
  [redis, s3] = await Promise.all([startRedis(), startS3()]);
  dir = mkdtempSync(join(tmpdir(), 'cartpulse-s3-data-'));
  const shared = { PARTITIONS: '2', LOG_RETENTION: '60d' };
  environment = { ...shared, ...s3.environment(PREFIX), DATA_DIR: dir, KEY_PREFIX: unique() };
  const events = eventsOf(3_000);
  local = await startSystem(redis.url, shared, { archives: true });
  remote = await startSystem(redis.url, environment, { archives: true });
  for (const shop of [local, remote]) await feed(shop, events);
}, 300_000);

afterAll(async () => {
  await local.close();
  await remote.close();
  await redis.close();
  await s3.close();
  rmSync(dir, { recursive: true, force: true });
});

/** A simulated shop's day and a half, repeats among it, and a visitor who is erased later. */
function eventsOf(count: number): Json[] {
  const simulated = new Shop({ seed: 23, products: 40, sessions: 60 });
  const events: Json[] = [];
  for (let at = Date.now() - 1.5 * DAY_MS; events.length < count; at += 40_000) events.push(...simulated.next(at));
  const of = (i: number, more: object): Json => ({
    event_id: `${ERASED} ${i}`,
    user_id: ERASED,
    session_id: `session of ${ERASED}`,
    timestamp: Date.now() - DAY_MS + i * 60_000,
    ...more,
  });
  events.push(of(1, { name: 'view_item', items: [{ item_id: 'mug' }] }), of(2, { name: 'add_to_cart', items: [] }));
  events.push(of(3, { name: 'purchase', transaction_id: 'order 7', value: 12.5 }));
  return [...events, ...events.slice(-80)];
}

async function feed(shop: TestSystem, events: readonly Json[]): Promise<void> {
  await shop.startCounting();
  await shop.system.archive?.start();
  for (let i = 0; i < events.length; i += 500) {
    expect((await shop.post(events.slice(i, i + 500))).status).toBe(202);
    await shop.settled();
    // Several files each, as hours would make.
    if (i % 1_000 === 0) await shop.system.archive?.flush();
  }
}

const DAYS = `from=${new Date(Date.now() - 3 * DAY_MS).toISOString().slice(0, 10)}`;

async function offBy(shop: TestSystem): Promise<Json[]> {
  const { days } = await shop.get(`/v1/accuracy?${DAYS}`);
  const metrics: Json[] = days.flatMap(({ metrics: of }: Json) => of);
  expect(metrics.length).toBeGreaterThan(40);
  return metrics.filter(({ error_percent: error }) => error !== 0);
}

/** Without what goes with the clock. */
const answersOf = async (shop: TestSystem): Promise<Json[]> => {
  const asked: Json[] = [];
  for (const path of [
    `/v1/explore/funnel?${DAYS}&steps=view_item,add_to_cart,purchase&by=session&breakdown=city`,
    `/v1/explore/retention?${DAYS}&interval=day`,
    `/v1/explore/customers?${DAYS}&currency=USD`,
    `/v1/products/mug/bought-together?${DAYS}`,
  ])
    asked.push(await shop.get(path));
  const exported = await shop.system.app().request(`/v1/export/events?${DAYS}&format=csv`);
  asked.push((await exported.text()).split('\n').length);
  return asked;
};

const files = (): string => join(s3.folderOf(PREFIX), 'date=*', 'partition=*', '*.parquet');

test('every answer of /v1/accuracy is 0 of an archive in S3, and what is explored is what a folder of the same log gives', async () => {
  expect(await offBy(remote)).toEqual([]);
  expect(await answersOf(remote)).toEqual(await answersOf(local));
  const [rows] = await duck(
    `SELECT count(*) AS rows, count(DISTINCT (partition, position)) AS places FROM read_parquet('${files()}', hive_partitioning = true)`,
  );
  expect(rows?.['rows']).toBe(rows?.['places']);
  expect(rows?.['rows']).toBeGreaterThan(3_000);
  // Nothing of it lies where a folder would.
  await expect(duck(`SELECT 1 FROM read_parquet('${join(dir, 'archive')}/**/*.parquet')`)).rejects.toThrow();
});

test('rebuilt from S3 alone, Redis lost and the cache gone, every key is what it was', {
  timeout: 300_000,
}, async () => {
  const stripped = (contents: Map<string, unknown>) =>
    Object.fromEntries([...contents].map(([key, value]) => [key.replace(/^:\d+:/, ''), value]));
  const prefix = environment['KEY_PREFIX'] ?? '';
  await remote.close();
  expect(await rebuildOf(redis.url, environment)).toEqual({ outcome: 'switched' });
  const before = stripped(await contentsOf(redis.client, prefix));
  const lost = (await redis.client.keys(`*${prefix}*`)).filter((key) => !/:log:|:log-ids$/.test(key));
  await redis.client.del(...lost);
  for (const key of await redis.client.keys(`${prefix}:log:*:entries`)) await redis.client.xtrim(key, 'MAXLEN', 2);
  const elsewhere = mkdtempSync(join(tmpdir(), 'cartpulse-s3-rebuilt-'));
  cpSync(join(dir, 'archive-waiting'), join(elsewhere, 'archive-waiting'), { recursive: true });
  environment['DATA_DIR'] = elsewhere;
  expect(await rebuildOf(redis.url, environment, { from: 'archive' })).toEqual({ outcome: 'switched' });
  const after = stripped(await contentsOf(redis.client, prefix));
  expect(Object.keys(after).length).toBeGreaterThan(100);
  expect(Object.keys(after).sort()).toEqual(Object.keys(before).sort());
  for (const [key, value] of Object.entries(before)) expect([key, after[key]]).toEqual([key, value]);
  remote = await startSystem(redis.url, environment, { archives: true });
  await remote.startCounting();
  expect(await offBy(remote)).toEqual([]);
  rmSync(dir, { recursive: true, force: true });
  dir = elsewhere;
});

test('after an erasure no object names the user, and nothing of the cache does', async () => {
  const named = async (root: string): Promise<Json[]> => {
    const at = (folder: string): string => join(root, folder, 'date=*', 'partition=*', '*.parquet');
    const events = await duck(
      `SELECT filename FROM read_parquet('${at('')}', filename = true) e WHERE contains(CAST(to_json(e) AS VARCHAR), '${ERASED}')`,
    );
    const control = await duck(
      `SELECT 1 AS n FROM read_parquet('${at('.control')}') WHERE contains(record, '${ERASED}')`,
    );
    return [...events, ...control];
  };
  expect(await named(s3.folderOf(PREFIX))).not.toEqual([]);
  expect((await remote.request(`/v1/users/${ERASED}`, { method: 'DELETE' })).ok).toBe(true);
  await remote.settled();
  await remote.system.archive?.flush();
  expect(await named(s3.folderOf(PREFIX))).toEqual([]);
  for (const name of s3.names(PREFIX)) expect(readFileSync(name).includes(ERASED), name).toBe(false);
  expect(await offBy(remote)).toEqual([]);
  expect(await named(join(dir, 'archive-cache'))).toEqual([]);
});
