import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { duck, ONLINE_RETAIL, RETAIL } from '../support/compare/duckdb.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { type Json, startSystem, type TestSystem } from '../support/system/system.ts';

let redis: TestRedis;
let shop: TestSystem;

beforeAll(async () => {
  redis = await startRedis();
  shop = await startSystem(redis.url, { STORE_TIMEZONE: 'Europe/London', STORE_CURRENCY: 'GBP' }, { archives: true });
  await shop.startCounting();
  const imported = await shop.importFile('online-retail', readFileSync(ONLINE_RETAIL));
  expect(imported.status).toBe(200);
  await shop.settled();
  await shop.system.archive?.flush();
}, 300_000);

afterAll(async () => {
  await shop.close();
  await redis.close();
});

const archive = (): string =>
  `read_parquet('${join(shop.config.DATA_DIR, 'archive')}/date=*/partition=*/*.parquet', hive_partitioning = true)`;

test('what DuckDB finds in the archive is what it finds in the imported file', async () => {
  const [fromFile] = await duck(
    `${RETAIL} SELECT count(DISTINCT invoice) FILTER (NOT refund) AS orders, sum(pence) FILTER (NOT refund) AS revenue,
      sum(pence) FILTER (refund) AS refunds, count(DISTINCT customer) AS visitors FROM lines`,
  );
  const [fromArchive] = await duck(
    `SELECT count(*) FILTER (name = 'purchase') AS orders, sum(order_amount) FILTER (name = 'purchase') AS revenue,
      sum(order_amount) FILTER (name = 'refund') AS refunds, count(DISTINCT visitor) AS visitors FROM ${archive()} WHERE outcome <> 'duplicate'`,
  );
  expect(fromArchive).toEqual(fromFile);
});

test('a recount of every date by SQL gives what the answers have, to the last penny and user', async () => {
  const accuracy = await shop.get('/v1/accuracy?from=2010-12-01&to=2010-12-31');
  const metrics = accuracy.days.flatMap(({ date, metrics: of }: Json) => of.map((one: Json) => ({ date, ...one })));
  expect(metrics.filter(({ error_percent: error }: Json) => error !== 0)).toEqual([]);
  const names = new Set(metrics.map(({ metric }: Json) => metric));
  for (const name of ['revenue GBP', 'active_users']) expect(names).toContain(name);
  expect(metrics.length).toBeGreaterThan(300);
});

const MONTH = 'from=2010-12-01&to=2010-12-31';

test('customers, who came again, and what was bought together are what DuckDB finds in the file', async () => {
  const [fromFile] = await duck(
    `${RETAIL} SELECT count(DISTINCT customer) AS customers, count(DISTINCT invoice) AS orders, sum(pence) / 100 AS revenue FROM lines WHERE NOT refund`,
  );
  const customers = await shop.get(`/v1/explore/customers?${MONTH}&currency=GBP&limit=1000`);
  expect(customers).toMatchObject({ ...fromFile });
  for (const part of ['segments', 'lifetime'])
    expect(customers[part].reduce((sum: number, of: Json) => sum + of.customers, 0)).toBe(fromFile?.['customers']);
  const together = await shop.get(`/v1/products/85123A/bought-together?${MONTH}&limit=3`);
  const pairs = await duck(
    `${RETAIL} SELECT b.item AS item_id, count(DISTINCT a.invoice) AS orders FROM lines a JOIN lines b ON a.invoice = b.invoice AND b.item <> a.item
     WHERE a.item = '85123A' AND NOT a.refund AND NOT b.refund GROUP BY b.item ORDER BY 2 DESC, 1 LIMIT 3`,
  );
  expect(together.map(({ item_id, orders }: Json) => ({ item_id, orders }))).toEqual(
    pairs.map((pair) => ({ ...pair, item_id: String(pair['item_id']) })),
  );
  const retention = await shop.get(`/v1/explore/retention?${MONTH}&cohort=order&interval=day`);
  expect(retention.reduce((sum: number, { size }: Json) => sum + size, 0)).toBe(fromFile?.['customers']);
});
