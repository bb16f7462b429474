import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Shop } from '../../src/simulator/shop.ts';
import { duck } from '../support/compare/duckdb.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { eventually, type Json, startSystem, type TestSystem } from '../support/system/system.ts';

const LIMITS = {
  EXPLORE_MEMORY: '200MB',
  EXPLORE_TIMEOUT: '8s',
  PARTITIONS: '2',
  DIMENSIONS: 'city,country,device,channel,customer',
};
const FOREVER = 'SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range + b.range = 7';

let redis: TestRedis;
let shop: TestSystem;

beforeAll(async () => {
  redis = await startRedis();
  shop = await startSystem(redis.url, LIMITS, { archives: true });
  await shop.startCounting();
  const simulated = new Shop({ seed: 11, products: 40, sessions: 60 });
  const start = Date.now() - 26 * 3_600_000;
  const events: unknown[] = [];
  for (let at = start; events.length < 4_000; at += 20_000) events.push(...simulated.next(at));
  for (let i = 0; i < 4_000; i += 1_000) expect((await shop.post(events.slice(i, i + 1_000))).status).toBe(202);
  // What is sent again counts nowhere.
  expect((await shop.post(events.slice(3_900, 4_000))).status).toBe(202);
  await shop.settled();
});

afterAll(async () => {
  await shop.close();
  await redis.close();
});

const ask = (sql: string, init: RequestInit = {}): Promise<Response> =>
  shop.request('/v1/explore/sql', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ sql }),
    ...init,
  });

async function rows(sql: string): Promise<Json> {
  const response = await ask(sql);
  const body: Json = await response.json();
  expect(response.status, JSON.stringify(body)).toBe(200);
  expect(body.meta.source).toBe('archive');
  return body.data.rows;
}

test('a recount of a simulated shop, repeats, sessions and funnels among it, is what the answers have', async () => {
  const accuracy = await shop.get(
    `/v1/accuracy?from=${new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10)}`,
  );
  const metrics: Json[] = accuracy.days.flatMap(({ date, metrics: of }: Json) =>
    of.map((one: Json) => ({ date, ...one })),
  );
  expect(metrics.filter(({ error_percent: error }) => error !== 0)).toEqual([]);
  for (const metric of [
    'active_users',
    'sessions',
    'bounces',
    'session_ms',
    'searches',
    'funnel shop: purchase',
    'item views',
    'orders',
  ])
    expect(metrics.map((one) => one.metric)).toContain(metric);
});

test('a recount by dimension has the sessions that learn their value late under that value', async () => {
  const at = Date.now() - 60_000;
  const of = (i: number, more: object) => ({ user_id: 'late', session_id: 'late', timestamp: at + i, ...more });
  await shop.post([
    of(1, { name: 'page_view' }),
    of(2, { name: 'view_item', city: 'Late City', items: [{ item_id: 'x' }] }),
    of(3, { name: 'purchase', transaction_id: 'late', value: 5 }),
    of(4, { name: 'page_view', city: 'Elsewhere' }),
  ]);
  await shop.settled();
  // What was asked just before is not what is compared.
  await rows('SELECT 1');
  await shop.post([of(5, { name: 'page_view', city: 'Elsewhere' })]);
  await shop.settled();
  const { days } = await shop.get(`/v1/accuracy?${DAYS}&dimension=city`);
  const late = days
    .flatMap(({ metrics }: Json) => metrics)
    .filter(({ metric }: Json) => /: (Late City|Elsewhere)$/.test(metric));
  expect(Object.fromEntries(late.map((one: Json) => [one.metric, [one.stream, one.batch]]))).toEqual({
    'events by city: Late City': [4, 4],
    'orders by city: Late City': [1, 1],
    'sessions by city: Late City': [1, 1],
    'purchasing_sessions by city: Late City': [1, 1],
  });
});

test('a recount knows guests who sign in as one person, and orders that two visitors report as one', async () => {
  const at = Date.now() - 60_000;
  const guests = Array.from({ length: 12 }, (_, i) => ({ anonymous_id: `guest ${i}` }));
  const of = (who: object, i: number, name: string, more: object = {}) => ({
    ...who,
    timestamp: at + i,
    name,
    ...more,
  });
  await shop.post(
    guests.flatMap((guest) => [of(guest, 1, 'page_view'), of(guest, 2, 'view_item'), of(guest, 3, 'add_to_cart')]),
  );
  const signedIn = guests.map((guest, i) => ({ ...guest, user_id: `user ${i}` }));
  await shop.post(
    signedIn.map((user, i) =>
      of(user, 4, 'purchase', { transaction_id: `guest order ${i}`, value: 5, items: [{ item_id: 'x' }] }),
    ),
  );
  await shop.settled();
  const others = guests.map((_, i) => ({ user_id: `server ${i}`, session_id: 'server' }));
  await shop.post(others.map((other, i) => of(other, 5, 'purchase', { transaction_id: `guest order ${i}`, value: 5 })));
  await shop.settled();
  expect((await shop.get('/v1/pipeline')).orders_taken_back).toBe(12);
  const { days } = await shop.get(`/v1/accuracy?${DAYS}`);
  const metrics: Json[] = days.flatMap(({ metrics: all }: Json) => all);
  // Who was new is told by the rows as they counted then: that two names are one turned out later.
  const told = metrics.filter(({ metric }) => metric !== 'new_users');
  expect(told.filter(({ error_percent: error }) => error !== 0)).toEqual([]);
  expect(told.some(({ metric }) => metric === 'active_users')).toBe(true);
});

test('a recount knows refunds that somebody else than the buyer sends, and what they count of the order', async () => {
  const at = Date.now() - 60_000;
  const by = (i: number, user_id: string, name: string, more: object = {}) =>
    ({ user_id, timestamp: at + i, name, transaction_id: `office ${i % 3}`, ...more }) as const;
  const lines = { items: [{ item_id: 'x', price: 4, quantity: 2 }], currency: 'NOK' };
  await shop.post([0, 1, 2].map((i) => by(i, `buyer ${i}`, 'purchase', lines)));
  await shop.settled();
  await shop.post([
    by(3, 'back office', 'refund'),
    by(4, 'back office', 'refund', { value: 30, currency: 'NOK' }),
    by(5, 'back office', 'refund', { items: [{ item_id: 'x' }] }),
  ]);
  await shop.settled();
  // What waits is written once a second at most, whoever asks.
  await sleep(1_000);
  const { days } = await shop.get(`/v1/accuracy?${DAYS}`);
  const ofRefunds = days
    .flatMap(({ metrics }: Json) => metrics)
    .filter(({ metric }: Json) => metric.endsWith('refunds NOK'));
  expect(ofRefunds.map((one: Json) => [one.metric, one.stream, one.batch])).toEqual(
    expect.arrayContaining([
      ['refunds NOK', 2_000, 2_000],
      ['item refunds NOK', 1_200, 1_200],
    ]),
  );
});

test('a recount knows refunds that were of another report of the order before the one that stays came', async () => {
  const by = (i: number, who: object, name: string, more: object = {}) =>
    ({ ...who, timestamp: Date.now() - 60_000 + i, name, transaction_id: 'page and hook', ...more }) as const;
  const [guest, office] = [{ anonymous_id: 'page' }, { user_id: 'back office' }];
  await shop.post([
    by(0, guest, 'purchase', { value: 9, currency: 'SEK' }),
    by(1, guest, 'refund', { value: 2, currency: 'SEK' }),
  ]);
  await shop.settled();
  await shop.post([by(2, office, 'refund')]);
  await shop.settled();
  await shop.post([
    by(3, { user_id: 'hook', session_id: 'hook' }, 'purchase', {
      items: [{ item_id: 'x', price: 5, quantity: 2 }],
      currency: 'DKK',
    }),
  ]);
  await shop.settled();
  await shop.post([by(4, office, 'refund')]);
  await shop.settled();
  await sleep(1_000);
  const { days } = await shop.get(`/v1/accuracy?${DAYS}`);
  const ofRefunds = days
    .flatMap(({ metrics }: Json) => metrics)
    .filter(({ metric }: Json) => /refunds (SEK|DKK)$/.test(metric));
  expect(ofRefunds.map((one: Json) => [one.metric, one.stream, one.batch]).sort()).toEqual([
    ['item refunds DKK', 1_000, 1_000],
    ['refunds DKK', 1_000, 1_000],
    ['refunds SEK', 200, 200],
  ]);
});

test('a recount knows orders of which another report stays when who reported them is erased', async () => {
  const by = (i: number, who: object, more: object) =>
    ({
      ...who,
      timestamp: Date.now() - 60_000 + i,
      name: 'purchase',
      transaction_id: 'erased',
      currency: 'CHF',
      ...more,
    }) as const;
  await shop.post([by(0, { anonymous_id: 'erased page' }, { value: 9 })]);
  await shop.settled();
  await shop.post([
    by(1, { user_id: 'hook 2', session_id: 'hook' }, { items: [{ item_id: 'x', price: 5, quantity: 2 }] }),
  ]);
  await shop.settled();
  expect((await shop.request('/v1/users/erased%20page', { method: 'DELETE' })).ok).toBe(true);
  await shop.settled();
  await sleep(1_000);
  const { days } = await shop.get(`/v1/accuracy?${DAYS}`);
  const sales = days.flatMap(({ metrics }: Json) => metrics).filter(({ metric }: Json) => metric === 'revenue CHF');
  expect(sales.map((one: Json) => [one.stream, one.batch])).toEqual([[1_000, 1_000]]);
});

test.each(['city', 'channel', 'device', 'customer'])(
  'it is so for every %s, where sessions count that learn it late as well',
  async (dimension) => {
    const { days } = await shop.get(`/v1/accuracy?${DAYS}&dimension=${dimension}`);
    const by: Json[] = days
      .flatMap(({ metrics }: Json) => metrics)
      .filter(({ metric }: Json) => metric.includes(' by '));
    const values = by.filter(({ metric }) => metric.startsWith(`sessions by ${dimension}: `));
    expect(values.length).toBeGreaterThan(1);
    expect(by.filter(({ metric, error_percent: error }) => metric.includes(dimension) && error !== 0)).toEqual([]);
  },
);

test('SQL finds every event in the table `events`, the repeats marked', async () => {
  const counted = await rows(
    "SELECT count(*) FILTER (outcome = 'duplicate') AS repeats, count(DISTINCT event_id) AS events FROM events",
  );
  const { duplicates } = await shop.get('/v1/pipeline');
  expect(duplicates).toBeGreaterThan(0);
  expect(counted).toMatchObject([{ repeats: duplicates }]);
});

const DAYS = `from=${new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10)}`;

test('a funnel by session is the closed funnel of the counters, whole and by city', async () => {
  const steps = 'view_item,add_to_cart,begin_checkout,purchase';
  const explored = await shop.get(`/v1/explore/funnel?${DAYS}&steps=${steps}&by=session&breakdown=city`);
  const counted = await shop.get(`/v1/funnel?${DAYS}&breakdown=city&limit=1000`);
  const counts = (stages: Json[]): number[] => stages.map(({ count }) => count);
  expect(counts(explored.steps)).toEqual(counts(counted.stages).slice(1));
  expect(explored.steps[0].count).toBeGreaterThan(50);
  const byCity = new Map(counted.breakdown.map((of: Json) => [of.city, counts(of.stages).slice(1)]));
  for (const { values, steps: of } of explored.breakdown) expect(counts(of)).toEqual(byCity.get(values.city));
});

test('a funnel has conditions, and a window from its first step to its last', async () => {
  const { item_id: item } = (
    await rows('SELECT items[1].item_id AS item_id FROM events WHERE items IS NOT NULL LIMIT 1')
  )[0];
  const steps = JSON.stringify([
    { name: 'view_item', where: { item_id: item } },
    { name: 'add_to_cart', where: { item_id: item } },
  ]);
  const asked = `/v1/explore/funnel?${DAYS}&steps=${encodeURIComponent(steps)}`;
  const [viewers] = await rows(
    `SELECT count(DISTINCT visitor) AS n FROM events WHERE outcome <> 'duplicate' AND name = 'view_item' AND list_contains(list_transform(items, l -> l.item_id), '${item}')`,
  );
  const [open, short] = [await shop.get(asked), await shop.get(`${asked}&window=1m`)];
  expect(open.steps[0].count).toBe(viewers.n);
  expect(short.steps[1].count).toBeLessThanOrEqual(open.steps[1].count);
  for (const wrong of ['steps=[', 'steps=View', 'steps=view_item&window=1', 'steps=a,b&breakdown=city,lane,currency'])
    expect((await shop.request(`/v1/explore/funnel?${wrong}`)).status, wrong).toBe(400);
});

test.each(['ndjson', 'csv', 'parquet'])(
  'an export as %s has a row for every archived event, and leaves no file behind',
  async (format) => {
    const [{ n }] = await rows('SELECT count(*) AS n FROM events');
    // Asked past the comparison with the document, which reads JSON as one value.
    const response = await shop.system.app().request(`/v1/export/events?${DAYS}&format=${format}`);
    expect(response.status).toBe(200);
    const dir = mkdtempSync(join(tmpdir(), 'cartpulse-export-'));
    const path = join(dir, `events.${format}`);
    writeFileSync(path, Buffer.from(await response.arrayBuffer()));
    const read = format === 'ndjson' ? `read_json('${path}', format = 'newline_delimited')` : `'${path}'`;
    expect(await duck(`SELECT count(*) AS n FROM ${read}`)).toEqual([{ n }]);
    rmSync(dir, { recursive: true });
    const working = join(shop.config.DATA_DIR, 'archive', '.working');
    await eventually(
      'the file is gone',
      () => readdirSync(working).filter((name) => name.startsWith('export')).length === 0,
    );
  },
);

test('an export as CSV has no formula for a sheet, and no cell that one would part', async () => {
  const own = await startSystem(redis.url, LIMITS, { archives: true });
  await own.startCounting();
  const sent = ['=1+1;2', '+49', '-5', '@cmd', 'mug; cup', '\tx', 'plain'];
  const searches = sent.map((search_term, i) => ({ name: 'search', user_id: `u${i}`, search_term }));
  await own.post([...searches, { name: 'page_view', user_id: '=HYPERLINK("http://evil.example")' }]);
  await own.settled();
  const response = await own.system.app().request('/v1/export/events?format=csv');
  const text = await response.text();
  const [head = [], ...lines] = parse(text);
  const cells = (name: string) => lines.map((line) => line[head.indexOf(name)] ?? '').filter((text) => text !== '');
  expect(cells('search_term').sort()).toEqual(["'+49", "'-5", "'=1+1;2", "'@cmd", 'mug; cup', 'plain', 'x'].sort());
  expect(cells('visitor')).toContain('\'=HYPERLINK("http://evil.example")');
  // As sheets read it that part columns at semicolons or tabs as well.
  expect(parse(text, { delimiter: [',', ';', '\t'] }).map(({ length }) => length)).toEqual(
    [head, ...lines].map(() => head.length),
  );
  await own.close();
});

test('what is handed to a visitor has all that the archive has of them, and nothing once they are erased', async () => {
  const [{ visitor, n }] = await rows(
    "SELECT visitor, count(*) AS n FROM events WHERE visitor IS NOT NULL AND visitor NOT LIKE '%''%' GROUP BY visitor ORDER BY n DESC LIMIT 1",
  );
  const path = `/v1/users/${encodeURIComponent(visitor)}`;
  const { archived_events: events, ...rest } = await shop.get(`${path}/export`);
  expect([events.length, rest.archived_events_cut]).toEqual([n, false]);
  expect(new Set(events.map((event: Json) => event.visitor))).toEqual(new Set([visitor]));
  const moments = events.map(({ timestamp }: Json) => Date.parse(timestamp));
  expect(moments).toEqual([...moments].sort((a, b) => b - a));
  const other: Json = await shop.get(`/v1/users/${encodeURIComponent("' OR true --")}/export`);
  expect(other.archived_events).toEqual([]);
  expect((await shop.request(path, { method: 'DELETE' })).status).toBe(202);
  await shop.settled();
  await eventually(
    'the archive to forget them',
    async () => ((await shop.get(`${path}/export`)) as Json).archived_events.length === 0,
    60_000,
  );
});

describe('SQL reads the archive and nothing else', () => {
  test.each([
    ['a file', "SELECT * FROM read_text('/etc/passwd')"],
    ['a file by its name alone', "SELECT * FROM '/etc/passwd.csv'"],
    ['a file beside the archive', `SELECT * FROM 'ARCHIVE/../archive-waiting/x.json'`],
    ['what files there are', "SELECT * FROM glob('/etc/*')"],
    ['a file in a subquery', "SELECT (SELECT content FROM read_text('/etc/passwd')) AS x"],
    ['a file through a query in a text', "SELECT * FROM query('SELECT * FROM read_text(''/etc/passwd'')')"],
    ['a file as bytes', "SELECT * FROM read_blob('/etc/*')"],
    ['a file in a CTE', "WITH x AS (SELECT * FROM read_csv('/etc/passwd')) SELECT * FROM x"],
    ['what a file is like', "SELECT * FROM sniff_csv('/etc/passwd')"],
    ['a file where a value stands', "SELECT read_text('/etc/passwd')"],
    ['a variable of the environment', "SELECT getenv('PATH')"],
    ['what the settings are', 'SELECT * FROM duckdb_settings()'],
    ['where the archive lies', "SELECT upper(current_setting('allowed_directories')) FROM events"],
    ['a line of a log', "SELECT write_log('x')"],
    ['a statement that is prepared', 'PREPARE p AS SELECT 1'],
    ['one that was prepared', 'EXECUTE p'],
    ['a procedure', 'CALL pragma_version()'],
    ['a plan that runs', "EXPLAIN ANALYZE SELECT * FROM '/etc/passwd.csv'"],
    ['a statement behind a comment', "SELECT 1 /* ; */; COPY events TO 'ARCHIVE/evil.csv'"],
    ['rows to be deleted in a CTE', 'WITH gone AS (DELETE FROM events RETURNING *) SELECT * FROM gone'],
    ['the network', "SELECT * FROM 'https://127.0.0.1:1/x.parquet'"],
    ['a bucket', "SELECT * FROM 's3://bucket/x.parquet'"],
    ['a log to be written', "SELECT * FROM enable_logging(storage_path = 'ARCHIVE/log')"],
    ['a setting', "SET memory_limit = '64GB'"],
    ['a setting as a pragma', "PRAGMA memory_limit = '64GB'"],
    ['an extension', 'INSTALL httpfs'],
    ['an extension that is loaded', 'LOAD httpfs'],
    ['a file to be written', "COPY (SELECT 1) TO 'ARCHIVE/evil.csv'"],
    ['a database to be written', "ATTACH 'ARCHIVE/evil.db'"],
    ['all of it to be written', "EXPORT DATABASE 'ARCHIVE/evil'"],
    ['a table to be made', 'CREATE TABLE evil AS SELECT 1'],
    ['rows to be deleted', 'DELETE FROM events'],
    ['two statements', 'SELECT 1; SELECT 2'],
    ['nothing that is SQL', 'SELEC 1'],
    ['an unknown column', 'SELECT colour FROM events'],
    ['a file of the archive by its name', "SELECT * FROM 'ARCHIVE/.control/x.parquet'"],
    ['what settings there are', 'SELECT * FROM pg_catalog.pg_settings'],
    ['one setting', "SELECT current_setting('temp_directory')"],
    ['where the archive lies', 'SELECT * FROM sqlite_master'],
    ['… in a subquery', 'SELECT (SELECT count(*) FROM duckdb_views) AS n'],
    ['… behind a name of its own', 'WITH views AS (SELECT * FROM information_schema.views) SELECT * FROM views'],
    ['… in all tables', 'SELECT * FROM (SHOW ALL TABLES)'],
    ['a log of its own', "SELECT write_log('x')"],
  ])('%s is refused', async (_, sql) => {
    const dir = join(shop.config.DATA_DIR, 'archive');
    const response = await ask(sql.replaceAll('ARCHIVE', dir));
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain('root:x:');
    expect(
      readdirSync(dir).filter((name) => !name.startsWith('date=') && !['.working', '.control'].includes(name)),
    ).toEqual([]);
  });
});

test('SQL may name its own tables, and call `events` otherwise', async () => {
  expect(
    await rows(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3),
      named AS MATERIALIZED (SELECT name FROM EVENTS AS e)
      SELECT (SELECT max(i) FROM n) AS i, count(*) > 3000 AS many FROM named, (VALUES (1)) AS one(x)`),
  ).toEqual([{ i: 3, many: true }]);
  expect(await rows('SELECT u FROM (SELECT unnest([1, 2]) AS u) ORDER BY u')).toEqual([{ u: 1 }, { u: 2 }]);
  expect((await rows('DESCRIBE events')).length).toBeGreaterThan(40);
});

describe('a question that takes too much ends by itself', () => {
  test.each([
    ['one long text', "SELECT repeat('x', 17000000) AS text"],
    ['many texts', "SELECT repeat('x', 100000) AS text FROM range(200)"],
    ['a long list', 'SELECT list(range) AS all_of_them FROM range(2000000)'],
  ])('one whose answer is too large: %s', async (_, sql) => {
    const response = await ask(sql);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining('more than 16 MiB') });
  });

  test('one that never ends, at EXPLORE_TIMEOUT', async () => {
    const response = await ask(FOREVER);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining('longer than 8 s') });
    expect(await rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('one that takes more memory than EXPLORE_MEMORY', async () => {
    const response = await ask('SELECT len(list(range)) AS n FROM range(200000000)');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining('Out of Memory') });
    expect(await rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('one whose client leaves makes room at once', async () => {
    const client = new AbortController();
    const left = ask(FOREVER, { signal: client.signal });
    left.catch(() => undefined);
    await sleep(500);
    await eventually('it to take the room', async () => (await ask('SELECT 1 AS one')).status === 429, 7_000);
    client.abort();
    await left.catch(() => undefined);
    await eventually('room', async () => (await ask('SELECT 1 AS one')).status === 200, 4_000);
  });
});
