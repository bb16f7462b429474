import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';
import { type Json, startSystem, type TestSystem } from '../../support/system/system.ts';

const CARTS = 40;
const MIN = 60_000;
const CITIES = ['Pune', 'Oslo', 'Lima', 'Bonn'];

let redis: TestRedis;
let system: TestSystem;
/** Carts that opened, and were left, at the very same moments. */
beforeAll(async () => {
  redis = await startRedis();
  system = await startSystem(redis.url, { PARTITIONS: '1' });
  await system.startCounting();
  const now = Date.now();
  const left = Array.from({ length: CARTS }, (_, i) => ({
    name: 'add_to_cart',
    user_id: `u${i}`,
    city: CITIES[i % CITIES.length],
    timestamp: now - 90 * MIN,
    items: [{ item_id: 'mug', price: 2 }],
  }));
  await system.post([...left, { name: 'page_view', user_id: 'later', timestamp: now }]);
  await system.settled();
});
afterAll(async () => {
  await system.close();
  await redis.close();
});

async function pages(query: string, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const more = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const from = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    const url = `/v1/abandonment/carts?from=${from}&limit=${limit}&${query}${more}`;
    const { data, meta }: Json = await (await system.request(url)).json();
    ids.push(...data.map(({ cart_id }: Json) => cart_id));
    cursor = meta.next_cursor;
  } while (cursor !== undefined);
  return ids;
}

test.each([
  ['of all cities', 'status=abandoned', CARTS],
  ['of one city', 'status=abandoned&city=Lima', CARTS / CITIES.length],
])('carts of the same moment, %s: pages hold each once, by id', async (_, query, count) => {
  const ids = await pages(query, 3);
  expect(ids).toHaveLength(count);
  expect(ids).toEqual([...new Set(ids)].sort());
  expect(await pages(query, 100)).toEqual(ids);
});

test('currency and min_value leave the carts in it that are worth as much, also where pages are short', async () => {
  const timestamp = Date.now() - 60_000;
  const put = (user_id: string, price: number, currency?: string) =>
    system.post({
      name: 'add_to_cart',
      user_id,
      city: 'Rich',
      timestamp,
      currency,
      items: [{ item_id: 'lamp', price }],
    });
  for (const [i, price] of [99.99, 100, 100.01, 250].entries()) await put(`rich-${i}`, price);
  await put('rich-eur', 300, 'EUR');
  await system.settled();
  const worth = async (query: string) => (await pages(`status=open&city=Rich&${query}`, 1)).length;
  expect(await Promise.all(['', 'min_value=100', 'min_value=100&currency=EUR', 'currency=EUR'].map(worth))).toEqual([
    5, 3, 1, 1,
  ]);
  const wrong: Json = await (await system.request('/v1/abandonment/carts?min_value=much')).json();
  expect([wrong.errors[0].path, wrong.errors[0].message]).toEqual(['min_value', 'must be a number']);
});

test('a page of carts that hold thousands of items ends early, and the next one goes on', async () => {
  const items = Array.from({ length: 2_000 }, (_, i) => ({ item_id: `i${i}`, price: 1 }));
  const opened = Date.now() - 60_000;
  for (let i = 0; i < 60; i++)
    await system.post({ name: 'add_to_cart', user_id: `large-${i}`, city: 'Large', timestamp: opened + i, items });
  await system.settled();
  const from = new Date(opened).toISOString().slice(0, 10);
  const first: Json = await (await system.request(`/v1/abandonment/carts?city=Large&limit=1000&from=${from}`)).json();
  expect(first.data.length).toBeLessThan(60);
  expect(first.meta.next_cursor).toBeDefined();
  const ids = await pages('city=Large', 1_000);
  expect(ids).toHaveLength(60);
  expect(new Set(ids).size).toBe(60);
});
