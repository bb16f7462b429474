import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { expectAnswers } from '../support/compare/answers.ts';
import { contentsOf } from '../support/compare/contents.ts';
import { duck } from '../support/compare/duckdb.ts';
import { Oracle } from '../support/oracle/oracle.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { rebuildOf } from '../support/system/rebuilds.ts';
import { sendAll } from '../support/system/sending.ts';
import { eventually, type Json, startSystem, type TestSystem, unique } from '../support/system/system.ts';
import { simulated, simulatedRange } from '../support/traffic/simulated.ts';

const PARTITIONS = 2;
const EVENTS = 2_000;
const ERASED = 'erased visitor';

let redis: TestRedis;
const dirs: string[] = [];
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());
afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

function environmentOf(): Record<string, string> {
  const dir = mkdtempSync(join(tmpdir(), 'cartpulse-archive-'));
  dirs.push(dir);
  const named = { KEY_PREFIX: unique(), DATA_DIR: dir, PARTITIONS: String(PARTITIONS), LOG_RETENTION: '60d' };
  return { ...named, DIMENSIONS: 'city,country,device,channel,source,customer,plan:params.plan' };
}

async function started(environment: Record<string, string>): Promise<TestSystem> {
  const shop = await startSystem(redis.url, environment, { archives: true });
  await shop.startCounting();
  return shop;
}

/** What a shop is without its Redis: nothing but the end of its log. */
async function lose({ KEY_PREFIX: prefix }: Record<string, string>): Promise<void> {
  const isLog = (key: string): boolean => key.includes(':log:') || key.endsWith(':log-ids');
  const lost = (await redis.client.keys(`*${prefix}*`)).filter((key) => !isLog(key));
  await redis.client.del(...lost);
  for (const key of await redis.client.keys(`${prefix}:log:*:entries`)) await redis.client.xtrim(key, 'MAXLEN', 2);
}

/** Traffic of a simulated shop, events that bring dimensions and refunds, an import, stock: then all is counted. */
async function feed(shop: TestSystem, oracle: Oracle): Promise<void> {
  const events = simulated(EVENTS, oracle, PARTITIONS);
  oracle.feed(events);
  for (let from = 0; from < events.length; from += 1_000) await sendAll(shop, events.slice(from, from + 1_000));
  const imported = await shop.importFile('rees46', readFileSync('test/data/rees46-2019-10-sample.csv'));
  expect(imported.status).toBe(200);
  await shop.settled();
}

const stripped = (contents: Map<string, unknown>) =>
  Object.fromEntries([...contents].map(([key, value]) => [key.replace(/^:\d+:/, ''), value]));

test('Redis is lost and the log cut to its end: the archive gives what the log gave, key by key, and counting goes on with the log', {
  timeout: 500_000,
}, async () => {
  const environment = environmentOf();
  const oracle = new Oracle(PARTITIONS);
  const before = await started(environment);
  await feed(before, oracle);
  // What waits to be said is no answer, and lost with Redis.
  const nothingWaits = async () => (await before.get('/v1/pipeline')).outbox.waiting === 0;
  await eventually('all messages are published', nothingWaits, 60_000);
  await before.close();
  expect(await rebuildOf(redis.url, environment)).toEqual({ outcome: 'switched' });
  const fromLog = stripped(await contentsOf(redis.client, environment['KEY_PREFIX'] ?? ''));
  expect(Object.keys(fromLog).length).toBeGreaterThan(100);
  await lose(environment);
  await expect(rebuildOf(redis.url, environment)).rejects.toThrow('--from archive');
  const compared: number[] = [];
  const onProgress = (done: number, of: number) => compared.push(done / of);
  expect(await rebuildOf(redis.url, environment, { from: 'archive', onProgress })).toEqual({ outcome: 'switched' });
  const fromArchive = stripped(await contentsOf(redis.client, environment['KEY_PREFIX'] ?? ''));
  expect(Object.keys(fromArchive).sort()).toEqual(Object.keys(fromLog).sort());
  for (const [key, value] of Object.entries(fromLog)) expect([key, fromArchive[key]]).toEqual([key, value]);
  expect(Math.max(...compared)).toBe(1);

  const after = await started(environment);
  await expectAnswers(after, oracle, simulatedRange);
  const { missing } = await after.get('/v1/pipeline');
  expect(missing).toBe(0);
  const { events } = await after.get('/v1/engagement');
  await after.post(Array.from({ length: 50 }, (_, i) => ({ name: 'page_view', user_id: `new ${i}` })));
  await after.settled();
  expect((await after.get('/v1/engagement')).events).toBe(events + 50);
  await after.system.archive?.flush();
  const archive = `read_parquet('${environment['DATA_DIR']}/archive/date=*/partition=*/*.parquet', hive_partitioning = true)`;
  const [rows] = await duck(
    `SELECT count(*) = count(DISTINCT (partition, position)) AS once, count(*) FILTER (visitor LIKE 'new %') AS new FROM ${archive}`,
  );
  expect(rows).toEqual({ once: 'true', new: 50 });
  await after.close();
});

const DAYS = `from=${new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10)}`;
const ANSWERS = [
  `/v1/funnel?${DAYS}&breakdown=city`,
  `/v1/products?${DAYS}&limit=1000&sort=item_id`,
  `/v1/revenue?${DAYS}&interval=hour`,
  `/v1/abandonment?${DAYS}&interval=hour`,
  `/v1/abandonment/carts?${DAYS}&limit=1000&status=abandoned`,
  `/v1/abandonment/carts?${DAYS}&limit=1000`,
  `/v1/sessions?${DAYS}&breakdown=channel`,
  `/v1/payments?${DAYS}&limit=1000`,
  `/v1/searches?${DAYS}&limit=1000`,
  `/v1/events/frequencies?${DAYS}&limit=1000&interval=hour`,
  `/v1/breakdowns/plan?${DAYS}&limit=1000`,
  `/v1/breakdowns/customer?${DAYS}&limit=1000`,
  `/v1/inventory?${DAYS}&limit=1000`,
];

/** Without what goes with the clock; and whoever comes again after an erasure is another person to what counts people. */
const exact = (data: Json): Json =>
  JSON.parse(JSON.stringify(data), (key, value) => (/users|hours_of_stock_left/.test(key) ? undefined : value));

const MINUTE_MS = 60_000;

/** A visitor who is erased between two visits, beside others; refunds, of an order that the shop reports later too among them; a late event, a repeat, and a cart that is left. */
function story(now: number): { before: Json[]; after: Json[] } {
  const at = (minutes: number): number => now - 3_600_000 * 5 + minutes * MINUTE_MS;
  const items = [{ item_id: 'mug', item_name: 'Mug', price: 9.95, quantity: 3 }];
  const visit = (user: string, minutes: number, more: object = {}) => ({
    event_id: `${user}-${minutes}`,
    user_id: user,
    timestamp: at(minutes),
    items,
    params: { plan: user.length % 2 === 0 ? 'gold' : 'free' },
    ...more,
  });
  const of = (user: string): Json[] => [
    visit(user, 1, { name: 'page_view', page_location: 'https://shop.example/?utm_source=news&utm_medium=email' }),
    visit(user, 2, { name: 'view_item', city: 'Berlin' }),
    visit(user, 3, { name: 'add_to_cart' }),
    visit(user, 4, { name: 'search', search_term: '  Blue   MUG ', results_count: 0 }),
    visit(user, 5, { name: 'purchase', transaction_id: `t-${user}`, payment_type: 'card' }),
    visit(user, 6, { name: 'refund', transaction_id: `t-${user}` }),
    visit(user, 7, { name: 'add_to_cart' }),
  ];
  const users = ['anna', 'bob', 'carla', ERASED];
  const stock = { name: 'stock_update', item_id: 'mug', stock_level: 4, timestamp: at(2) };
  const price = { name: 'price_change', item_id: 'mug', price: 8, timestamp: at(3) };
  const page = { anonymous_id: 'guest', timestamp: at(6), transaction_id: 'both' };
  const office = { ...visit('office', 8, { name: 'refund', transaction_id: 'both' }), items: undefined };
  const guest = [
    { ...page, name: 'page_view', timestamp: at(5) },
    { ...page, name: 'purchase', value: 20 },
    { ...page, name: 'refund', value: 4, timestamp: at(7) },
    office,
    visit(ERASED, 9, { name: 'purchase', transaction_id: 'two reports', items: undefined, value: 3 }),
    visit('hook', 10, { name: 'purchase', transaction_id: 'two reports' }),
  ];
  const before = [
    ...users.flatMap(of),
    ...guest,
    stock,
    price,
    visit('anna', 4, { name: 'page_view', event_id: 'anna-4' }),
  ];
  const after = [
    ...of('dora'),
    visit('greta', 6, { name: 'purchase', transaction_id: 'both' }),
    { ...office, timestamp: at(290) },
    visit(ERASED, 200, { name: 'page_view', city: 'Bern' }),
    visit('bob', 90, { name: 'page_view' }),
    visit('eve', 299, { name: 'page_view' }),
  ];
  return { before, after };
}

test('who was erased stays erased, and every answer is what it was', { timeout: 500_000 }, async () => {
  const environment = environmentOf();
  const shop = await started(environment);
  const { before, after } = story(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS);
  expect((await shop.post(before)).status).toBe(202);
  await shop.settled();
  expect((await shop.request(`/v1/users/${encodeURIComponent(ERASED)}`, { method: 'DELETE' })).ok).toBe(true);
  await shop.settled();
  expect((await shop.post(after)).status).toBe(202);
  await shop.settled();
  await shop.system.archive?.flush();
  const told: Json[] = [];
  for (const path of ANSWERS) told.push(exact(await shop.get(path)));
  // Every order but one is refunded once, and no more.
  expect(await shop.get(`/v1/revenue?${DAYS}`)).toMatchObject({ orders: 7, revenue: 208.95, refunds: 179.1 });
  const interactions = `/v1/users/${encodeURIComponent(ERASED)}/interactions?limit=100`;
  const kept = await shop.get(interactions);
  expect(kept.map(({ name }: Json) => name)).toEqual(['page_view']);
  await shop.close();
  await lose(environment);
  expect(await rebuildOf(redis.url, environment, { from: 'archive' })).toEqual({ outcome: 'switched' });

  const again = await started(environment);
  for (const [i, path] of ANSWERS.entries()) expect([path, exact(await again.get(path))]).toEqual([path, told[i]]);
  expect(await again.get(interactions)).toEqual(kept);
  const everything = [...(await contentsOf(redis.client, environment['KEY_PREFIX'] ?? '')).entries()];
  expect(JSON.stringify(everything).split(`t-${ERASED}`)).toHaveLength(1);
  await again.close();
});

test('beside live answers it counts on to where they stand; stopped on the way it goes on; what the archive lacks is said', {
  timeout: 500_000,
}, async () => {
  const environment = environmentOf();
  const oracle = new Oracle(PARTITIONS);
  const shop = await started(environment);
  await feed(shop, oracle);
  await shop.system.archive?.flush();
  const stop = new AbortController();
  const onProgress = (done: number, of: number): void => {
    if (done > 0 && done < of) stop.abort();
  };
  const begun: boolean[] = [];
  const options = { from: 'archive' as const, onBegun: (_: number, resumed: boolean) => void begun.push(resumed) };
  const stopped = await rebuildOf(redis.url, environment, { ...options, onProgress, signal: stop.signal });
  expect(stopped).toEqual({ outcome: 'stopped' });
  const compared: Json[] = [];
  const onCompared = (rows: readonly Json[]): void => void compared.push(...rows);
  expect(await rebuildOf(redis.url, environment, { ...options, onCompared })).toEqual({ outcome: 'switched' });
  expect(begun).toEqual([false, true]);
  expect(compared.length).toBeGreaterThan(5);
  for (const { live, rebuilt } of compared) expect(rebuilt).toBe(live);
  await shop.close();
  const moved = await started(environment);
  await expectAnswers(moved, oracle, simulatedRange);
  await moved.close();

  rmSync(join(environment['DATA_DIR'] ?? '', 'archive', '.control'), { recursive: true });
  await expect(rebuildOf(redis.url, environment, { from: 'archive' })).rejects.toThrow(
    'holds nothing that can be counted',
  );
  await expect(rebuildOf(redis.url, { ...environment, PARTITIONS: '3' }, { from: 'archive' })).rejects.toThrow(
    'a rebuild of its own',
  );
});
