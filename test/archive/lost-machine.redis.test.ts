import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { contentsOf } from '../support/compare/contents.ts';
import { duck } from '../support/compare/duckdb.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { rebuildOf } from '../support/system/rebuilds.ts';
import { type Json, startSystem, type TestSystem, unique } from '../support/system/system.ts';

let redis: TestRedis;
let dir: string;
let environment: Record<string, string>;
const shops: TestSystem[] = [];

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'cartpulse-lost-'));
  environment = { KEY_PREFIX: unique(), PARTITIONS: '1', ARCHIVE_DIR: join(dir, 'archive') };
});
afterEach(async () => {
  for (const shop of shops.splice(0)) await shop.close();
  rmSync(dir, { recursive: true, force: true });
});

/** A machine with a disk of its own, which goes with it. */
async function machine(more: Record<string, string> = {}): Promise<TestSystem> {
  const shop = await startSystem(redis.url, { ...environment, ...more }, { archives: true });
  await shop.startCounting();
  return shop;
}

const LATER_MS = 3_600_000;
const ERASED = 'visitor who is erased';

/** What visitors do, each at one stage of the test: names say when. */
const visits = (of: string): Json[] => [
  { event_id: `${of} stock`, name: 'stock_update', item_id: 'mug', stock_level: 4, timestamp: Date.now() - 60_000 },
  ...['a', 'b', 'c'].flatMap((user, i) => {
    const at = { user_id: `${of} ${user}`, timestamp: Date.now() - 60_000 + i };
    const items = [{ item_id: 'mug', item_name: 'Mug', price: 9.95, quantity: 2 }];
    return [
      { ...at, event_id: `${of} ${user} 1`, name: 'view_item', city: 'Berlin', session_id: 's', items },
      { ...at, event_id: `${of} ${user} 2`, name: 'add_to_cart', items },
      {
        ...at,
        event_id: `${of} ${user} 3`,
        name: 'purchase',
        transaction_id: `${of} ${user}`,
        payment_type: 'card',
        items,
      },
    ];
  }),
];

async function count(shop: TestSystem, events: readonly Json[]): Promise<void> {
  expect((await shop.post(events)).status).toBe(202);
  await shop.settled();
}

const rows = (): Promise<Json[]> =>
  duck(
    `SELECT position, outcome, name, visitor, event_id, session_id, order_amount, CAST(named AS VARCHAR) AS named, len(items) AS lines
     FROM read_parquet('${dir}/archive/date=*/partition=events-0/*.parquet', hive_partitioning = true) ORDER BY position`,
  );

/** Archived; then counted by a machine that is gone with what waited; then by another one. */
async function loseBetween(): Promise<TestSystem> {
  const first = await machine();
  await count(first, visits('before'));
  await first.system.archive?.flush();
  await count(first, [...visits('lost'), { user_id: ERASED, event_id: 'x', name: 'page_view', timestamp: Date.now() }]);
  await count(first, visits('lost').slice(1, 2));
  await first.close();
  const second = await machine();
  shops.push(second);
  await count(second, visits('after'));
  await second.system.archive?.flush();
  return second;
}

test('what waited on a machine that is gone its successor fetches from the log: every event is there once, whoever was erased since is nowhere', async () => {
  const shop = await loseBetween();
  const left = await rows();
  expect((await shop.get('/v1/accuracy')).missing).toEqual([
    { partition: 'events-0', from: expect.any(Number), to: expect.any(Number), log: expect.any(String) },
    { partition: 'inventory-0', from: 1, to: 2, log: expect.any(String) },
  ]);
  expect(left.map(({ visitor }) => visitor).filter((name) => /lost|erased/.test(name))).toEqual([]);
  // It may come back with them: until then nothing is fetched.
  await shop.system.archive?.fetchLost(Date.now() - LATER_MS);
  await shop.system.archive?.flush();
  expect(await rows()).toEqual(left);

  expect((await shop.request(`/v1/users/${encodeURIComponent(ERASED)}`, { method: 'DELETE' })).ok).toBe(true);
  await shop.settled();
  await shop.system.archive?.fetchLost(Date.now() + LATER_MS);
  await shop.system.archive?.flush();
  const all = await rows();
  const places = all.map(({ position }) => position);
  expect(places).toEqual([...new Set(places)]);
  const fetched = all.filter(({ outcome }) => outcome === 'fetched');
  expect(all.length).toBe(left.length + fetched.length);
  expect(fetched.map(({ event_id }) => event_id)).toEqual([
    ...visits('lost').flatMap(({ user_id, event_id }) => (user_id === undefined ? [] : [event_id])),
    expect.stringMatching(/^[0-9a-f]{32}$/),
    'lost a 1',
  ]);
  const [view, , order] = fetched;
  expect(view).toMatchObject({
    name: 'view_item',
    visitor: 'lost a',
    session_id: 's',
    named: '{city=Berlin}',
    lines: 1,
  });
  expect(order).toMatchObject({ name: 'purchase', order_amount: 1_990, lines: 1 });
  expect(all.filter(({ visitor }) => visitor === ERASED)).toEqual([]);
  const [stock] = await duck(
    `SELECT count(*) AS n FROM read_parquet('${dir}/archive/date=*/partition=inventory-0/*.parquet') WHERE outcome = 'fetched' AND stock_level = 4`,
  );
  expect(stock).toEqual({ n: 1 });
  const { days, missing } = await shop.get('/v1/accuracy');
  expect(days.at(-1)).toMatchObject({ fetched: fetched.length + 1 });
  expect(missing).toEqual([]);
  expect(days.at(-1).metrics).toContainEqual({ metric: 'orders', stream: 9, batch: 9, error_percent: 0 });
  // Once is enough.
  await shop.system.archive?.fetchLost(Date.now() + LATER_MS);
  await shop.system.archive?.flush();
  expect(await rows()).toEqual(all);
});

test('a rebuild from the archive fetches it too, and gives what the log gives, key by key', {
  timeout: 300_000,
}, async () => {
  await loseBetween();
  const stripped = async (): Promise<Json> =>
    Object.fromEntries(
      [...(await contentsOf(redis.client, environment['KEY_PREFIX'] ?? ''))].map(([key, value]) => [
        key.replace(/^:\d+:/, ''),
        value,
      ]),
    );
  await shops.pop()?.close();
  const options = { ...environment, DATA_DIR: mkdtempSync(join(tmpdir(), 'cartpulse-lost-data-')) };
  expect(await rebuildOf(redis.url, options)).toEqual({ outcome: 'switched' });
  const fromLog = await stripped();
  expect(await rebuildOf(redis.url, options, { from: 'archive' })).toEqual({ outcome: 'switched' });
  const fromArchive = await stripped();
  expect(Object.keys(fromLog).length).toBeGreaterThan(50);
  expect(fromArchive).toEqual(fromLog);
  rmSync(options.DATA_DIR, { recursive: true });
});
