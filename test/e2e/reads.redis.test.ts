import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { type Json, startSystem, type TestSystem } from '../support/system/system.ts';

const DAY_MS = 86_400_000;
const now = Date.now();
const yesterday = now - DAY_MS;
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

let redis: TestRedis;
let shop: TestSystem;

beforeAll(async () => {
  redis = await startRedis();
  shop = await startSystem(redis.url, { DAILY_DAYS: '30', STORE_TIMEZONE: 'UTC' });
  const price = (minutes: number, value: number): object => ({
    name: 'price_change',
    item_id: 'plain',
    price: value,
    timestamp: yesterday + minutes * 60_000,
  });
  const events = [
    { name: 'view_item', user_id: 'u', items: [{ item_id: 'unnamed' }], timestamp: yesterday },
    { name: 'view_item', user_id: 'u', items: [{ item_id: 'unnamed' }], timestamp: yesterday - 2 * DAY_MS },
    ...[11, 11, 12, 12, 11].map((value, i) => price(i, value)),
    ...Array.from({ length: 12 }, (_, i) => ({ name: `custom_${i}`, user_id: 'v', timestamp: now })),
  ];
  expect((await shop.post(events)).status).toBe(202);
  await shop.startCounting();
  await shop.settled();
});
afterAll(async () => {
  await shop.close();
  await redis.close();
});

async function metaOf(path: string): Promise<Json> {
  const response = await shop.request(path);
  const body: Json = await response.json();
  expect(response.status, JSON.stringify(body)).toBe(200);
  return body.meta;
}

test('an item without a name that was seen on another day is there today, with nothing; one never heard of is not', async () => {
  expect(await shop.get('/v1/products/unnamed')).toMatchObject({ item_id: 'unnamed', item_name: null, views: 0 });
  expect((await shop.request('/v1/products/never')).status).toBe(404);
});

test('the newest interactions of a user are shown whatever the day; with `from`, those of the period', async () => {
  expect(await shop.get('/v1/users/u/interactions')).toHaveLength(2);
  expect(await shop.get(`/v1/users/u/interactions?from=${dayOf(yesterday)}`)).toHaveLength(1);
  expect(await shop.get(`/v1/users/u/interactions?to=${dayOf(yesterday - DAY_MS)}`)).toHaveLength(1);
});

test('a price that is said again is no change', async () => {
  const changes: Json[] = await shop.get(`/v1/inventory/plain/price-impact?from=${dayOf(yesterday)}`);
  expect(changes.map(({ price_before, price_after }) => [price_before, price_after])).toEqual([
    [12, 11],
    [11, 12],
    [null, 11],
  ]);
});

test('lists hold ten rows unless more are asked for; the leaderboard takes a limit of 1,000 as every list does', async () => {
  expect(await shop.get('/v1/events/frequencies')).toHaveLength(10);
  expect(await shop.get('/v1/events/frequencies?limit=1000')).toHaveLength(12);
  expect((await shop.get('/v1/leaderboard?limit=1000')).windows).toHaveLength(720);
});

test('an answer names each of its figures that is an estimate', async () => {
  const days = `from=${dayOf(yesterday)}&to=${dayOf(now)}`;
  const open = await metaOf(`/v1/funnel?mode=open&breakdown=city&${days}`);
  expect(open.approximate).toEqual([
    'stages.count',
    'stages.percent_of_first',
    'stages.percent_of_previous',
    'stages.drop_off',
    'breakdown.stages.count',
    'breakdown.stages.percent_of_first',
    'breakdown.stages.percent_of_previous',
    'breakdown.stages.drop_off',
  ]);
  expect((await metaOf(`/v1/engagement?interval=hour&${days}`)).approximate).toEqual(['active_users']);
  expect((await metaOf(`/v1/cities?rank_by=users&${days}`)).approximate).toEqual(['users', 'rank']);
  // Users of one day, and of one hour, are counted.
  const today = dayOf(now);
  for (const path of [
    'funnel?mode=open&breakdown=city&',
    'engagement?interval=hour&',
    'cities?rank_by=users&',
    'sessions?',
  ])
    for (const period of [`from=${today}`, `from=${today}T00:00:00Z&to=${today}T01:00:00Z`])
      expect([path, (await metaOf(`/v1/${path}${period}`)).approximate]).toEqual([path, []]);
});

test('an answer that begins before what is kept says so', async () => {
  const keptFrom = dayOf(now - 30 * DAY_MS);
  expect((await metaOf(`/v1/revenue?from=${dayOf(now - 40 * DAY_MS)}`)).kept_from).toBe(keptFrom);
  expect((await metaOf(`/v1/revenue?from=${keptFrom}`)).kept_from).toBe(undefined);
});

test('moments are written in one form: in the store’s time zone, with its offset', async () => {
  const meta = await metaOf('/v1/revenue');
  for (const moment of [meta.as_of, meta.generated_at]) expect(moment).toMatch(/\+00:00$/);
});

test('a page far down in a list with series is no dearer than the first one', async () => {
  const own = await startSystem(redis.url, { STORE_TIMEZONE: 'UTC' });
  const names = Array.from({ length: 60 }, (_, i) => `custom_${i}`);
  await own.post(names.map((name) => ({ name, user_id: 'v', timestamp: now })));
  await own.startCounting();
  await own.settled();
  const asked = `/v1/events/frequencies?interval=day&limit=10&from=${dayOf(now - 999 * DAY_MS)}&to=${dayOf(now)}`;
  const shown: string[] = [];
  let cursor = '';
  do {
    const body: Json = await (await own.request(`${asked}${cursor}`)).json();
    shown.push(...body.data.map(({ name }: Json) => name));
    cursor = body.meta.next_cursor === undefined ? '' : `&cursor=${body.meta.next_cursor}`;
  } while (cursor !== '');
  expect(shown).toEqual(names.sort());
  await own.close();
});

test('a list of all that is kept goes on where its page ended', async () => {
  const page = async (query: string): Promise<Json> =>
    (await shop.request(`/v1/users/v/interactions?limit=7${query}`)).json();
  const first = await page('');
  const second = await page(`&cursor=${first.meta.next_cursor}`);
  const ids = [...first.data, ...second.data].map(({ event_id }: Json) => event_id);
  expect([ids.length, new Set(ids).size]).toEqual([12, 12]);
  expect(second.meta.next_cursor).toBeUndefined();
});
