import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { partitionOf } from '../../src/events/partitioner.ts';
import { duck } from '../support/compare/duckdb.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { type Json, startSystem, type TestSystem } from '../support/system/system.ts';

const [DAY_MS, MINUTE_MS] = [86_400_000, 60_000];
const PARTITIONS = 2;
/** Of each case so many shops beside each other, so that names lie in one partition and in several. */
const SHOPS = 8;
const BEGAN = Math.floor(Date.now() / DAY_MS - 2) * DAY_MS;

let redis: TestRedis;
let shop: TestSystem;

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());
afterEach(() => shop.close());

interface Done {
  readonly atMin: number;
  readonly name?: string;
  readonly user?: string;
  readonly guest?: string;
  readonly more?: Readonly<Record<string, unknown>>;
}

const buys = (order: string, more: Readonly<Record<string, unknown>> = {}) => ({
  name: 'purchase',
  more: { transaction_id: order, value: 5, ...more },
});

const adds = { name: 'add_to_cart', more: { items: [{ item_id: 'mug', price: 3 }] } };

/** Each shop's next event, and then the others', settled before the one after that. */
async function does({ atMin, name = 'page_view', user, guest, more = {} }: Done): Promise<void> {
  const of = (i: number, id: unknown) => `${i} ${id}`;
  const events = Array.from({ length: SHOPS }, (_, i) => ({
    name,
    timestamp: BEGAN + atMin * MINUTE_MS,
    ...(user !== undefined && { user_id: of(i, user) }),
    ...(guest !== undefined && { anonymous_id: of(i, guest) }),
    ...more,
    ...('transaction_id' in more && { transaction_id: of(i, more['transaction_id']) }),
  }));
  expect((await shop.post(events)).status).toBe(202);
  await shop.settled();
}

async function erased(user: string): Promise<void> {
  for (let i = 0; i < SHOPS; i++)
    expect((await shop.request(`/v1/users/${i}%20${user}`, { method: 'DELETE' })).status).toBe(202);
  await shop.settled();
}

async function started(): Promise<void> {
  shop = await startSystem(redis.url, { PARTITIONS: String(PARTITIONS) }, { archives: true });
  await shop.startCounting();
}

/** In how many ways these names are spread over partitions. */
const spreads = (...names: string[]): number =>
  new Set(Array.from({ length: SHOPS }, (_, i) => names.map((name) => partitionOf(`${i} ${name}`, PARTITIONS)).join()))
    .size;

async function compared(): Promise<Json[]> {
  const date = new Date(BEGAN).toISOString().slice(0, 10);
  const { days } = await shop.get(`/v1/accuracy?from=${date}`);
  return days.find((one: Json) => one.date === date).metrics;
}

/** Metrics of that day, by name, once nothing of them differs. */
async function recounted(): Promise<Record<string, number>> {
  const metrics = await compared();
  expect(metrics.filter(({ stream, batch }) => stream !== batch)).toEqual([]);
  return Object.fromEntries(metrics.map(({ metric, batch }) => [metric, batch]));
}

/** How often what a guest had, and had from another guest, went on to somebody. */
async function goneOnTwice(): Promise<unknown> {
  const path = join(shop.config.DATA_DIR, 'archive/.control/date=*/partition=*/*.parquet');
  const [{ n } = { n: 0 }] = await duck(
    `WITH m AS (SELECT json_extract_string(record, '$.guest') AS guest, json_extract_string(record, '$.user_id') AS person FROM read_parquet('${path}') WHERE record LIKE '{"control":"merge"%')
     SELECT count(*) AS n FROM m a JOIN m b ON a.person = b.guest`,
  );
  return n;
}

test('a guest who turns out to be a guest who turns out to be a user is recounted as that user, in whatever partitions', async () => {
  await started();
  await does({ atMin: 3, guest: 'g2', ...buys('o') });
  await does({ atMin: 65, guest: 'g1', ...buys('o') });
  await does({ atMin: 68, user: 'ann', guest: 'g2' });
  expect(await recounted()).toMatchObject({ active_users: SHOPS, 'funnel shop: visit': 2 * SHOPS });
  expect(await goneOnTwice()).toBe(SHOPS);
  expect(spreads('g1', 'g2', 'ann')).toBeGreaterThanOrEqual(4);
});

test('a guest of a user whom an order shows to be another user is recounted as that one', async () => {
  await started();
  await does({ atMin: 74, guest: 'g1', ...adds });
  await does({ atMin: 99, user: 'ann', ...buys('o1', { payment_type: 'card', tax: 1 }) });
  await does({ atMin: 189, user: 'bob', ...buys('o2') });
  await does({ atMin: 214, user: 'bob', guest: 'g1', ...buys('o1', { payment_type: 'card' }) });
  expect(await recounted()).toMatchObject({ active_users: SHOPS, orders: 2 * SHOPS });
  expect(await goneOnTwice()).toBe(SHOPS);
  expect(spreads('g1', 'ann', 'bob')).toBeGreaterThanOrEqual(4);
});

test('a guest and a user are recounted as one also where an erasure gave them names in two partitions, and where they come again', async () => {
  await started();
  await does({ atMin: 85, guest: 'g', ...adds });
  await does({ atMin: 86, user: 'ann', guest: 'g' });
  await erased('ann');
  await does({ atMin: 87, guest: 'g', more: { session_id: 's' } });
  await does({ atMin: 88, user: 'ann', guest: 'g', more: { session_id: 's' } });
  await erased('ann');
  expect(await recounted()).toMatchObject({ active_users: 2 * SHOPS, 'funnel shop: visit': 2 * SHOPS });
  const { rows } = await shopRows(
    `SELECT count(DISTINCT visitor) AS names, bool_and(regexp_full_match(visitor, '[0-9a-f]{32}')) AS all FROM events`,
  );
  expect(rows).toEqual([{ names: 4 * SHOPS, all: true }]);
  expect(spreads('g', 'ann')).toBe(4);
});

test('a cart that was left and then bought as another user’s counts as left once, also behind an erasure', async () => {
  await started();
  await does({ atMin: 34, guest: 'g', ...adds });
  await does({ atMin: 234, user: 'bob', ...buys('o') });
  await does({ atMin: 296, user: 'bob', guest: 'g', ...adds });
  await does({ atMin: 420, user: 'ann', ...buys('o', { payment_type: 'card' }) });
  const before = await recounted();
  expect(before['carts recovered']).toBeGreaterThan(0);
  await erased('ann');
  expect(await recounted()).toEqual(before);
});

test('of a cart that turned out never to have been left, whose user was erased, the answer says that it cannot tell', async () => {
  await started();
  await does({ atMin: 0, guest: 'g', ...adds });
  await does({ atMin: 30, user: 'ann', ...buys('o') });
  await does({ atMin: 100, guest: 'g' });
  await does({ atMin: 101, user: 'ann', guest: 'g' });
  expect(await recounted()).toMatchObject({ 'carts purchased': SHOPS });
  await erased('ann');
  const off = (await compared()).filter(({ stream, batch }) => stream !== batch);
  expect(off).toContainEqual(expect.objectContaining({ metric: 'carts abandoned', stream: 0 }));
  for (const { metric, note } of off)
    expect([metric, note]).toEqual([expect.stringMatching(/^carts /), expect.stringContaining('erased')]);
});

test('of two sessions that began in the same millisecond and turn out to be one, the answer says that it cannot tell what each had', async () => {
  await started();
  await does({ atMin: 10, name: 'view_item', guest: 'g', more: adds.more });
  await does({ atMin: 10, user: 'ann' });
  await does({ atMin: 12, user: 'ann', ...adds });
  await does({ atMin: 13, user: 'ann', guest: 'g' });
  const off = (await compared()).filter(({ stream, batch }) => stream !== batch);
  expect(off.map(({ metric }) => metric)).toContain('new_users');
  for (const { metric, note } of off)
    expect([metric, note]).toEqual([metric, expect.stringContaining('same millisecond')]);
});

async function shopRows(sql: string): Promise<Json> {
  const response = await shop.request('/v1/explore/sql', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ sql }),
  });
  const { data }: Json = await response.json();
  return data;
}
