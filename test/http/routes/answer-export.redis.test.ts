import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';
import { type Json, startSystem, type TestSystem } from '../../support/system/system.ts';

const ITEMS = 1_200;

let redis: TestRedis;
let shop: TestSystem;

beforeAll(async () => {
  redis = await startRedis();
  shop = await startSystem(redis.url, { STORE_CURRENCY: 'EUR' });
  await shop.startCounting();
  const views = Array.from({ length: ITEMS }, (_, i) => ({
    name: 'view_item',
    user_id: `u${i % 50}`,
    city: i % 2 === 0 ? 'Köln; Mitte' : 'Bern',
    items: [{ item_id: `i${i}`, item_name: i === 0 ? '=HYPERLINK("evil")' : `Item ${i}` }],
  }));
  for (let i = 0; i < views.length; i += 1_000) expect((await shop.post(views.slice(i, i + 1_000))).status).toBe(202);
  const bought = { user_id: 'u1', city: 'Bern', items: [{ item_id: 'i1', price: 9.5 }] };
  await shop.post([
    { ...bought, name: 'add_to_cart' },
    { ...bought, name: 'purchase', transaction_id: 't1', payment_type: 'card' },
    { ...bought, name: 'add_to_cart', user_id: 'u2' },
    { name: 'search', user_id: 'u1', search_term: '+49 mug; red' },
  ]);
  await shop.settled();
});

afterAll(async () => {
  await shop.close();
  await redis.close();
});

const records = z.array(z.record(z.string(), z.string()));

async function csv(name: string): Promise<Record<string, string>[]> {
  const response = await shop.request(`/v1/export/${name}`);
  const text = await response.text();
  expect([name, response.status, text.slice(0, 200)]).toMatchObject([name, 200, expect.any(String)]);
  expect(response.headers.get('Content-Type')).toContain('text/csv');
  return records.parse(parse(text, { columns: true, bom: true }));
}

test('a list has all its rows, beyond what a page holds, with its dates and currency', async () => {
  const rows = await csv('products.csv?sort=item_id');
  expect(rows).toHaveLength(ITEMS);
  const listed: Json[] = await shop.get('/v1/products?sort=item_id&limit=1000');
  expect(rows.slice(0, 1_000).map((row) => [row['item_id'], row['views'], row['revenue']])).toEqual(
    listed.map((row) => [row.item_id, String(row.views), String(row.revenue)]),
  );
  const today = new Date().toISOString().slice(0, 10);
  expect(rows[0]).toMatchObject({ from: today, to: today, currency: 'EUR' });
  const popular = await csv('products-popular.csv');
  expect(popular).toHaveLength(ITEMS);
});

test('what a sheet would take for a formula is text, and what parts columns is quoted', async () => {
  const response = await shop.request('/v1/export/products.csv');
  expect(await response.text()).toContain(`"'=HYPERLINK(""evil"")"`);
  const [search] = await csv('searches.csv');
  expect(search).toMatchObject({ search_term: "'+49 mug; red", count: '1' });
  expect(await (await shop.request('/v1/export/cities.csv')).text()).toContain('"Köln; Mitte"');
});

test('an answer that is cut by time, stage or dimension has a row for each part', async () => {
  const funnel = await csv('funnel.csv');
  expect(funnel.map((row) => [row['funnel'], row['stage'], row['count']])).toContainEqual(['shop', 'cart', '2']);
  const byCity = await csv('funnel.csv?breakdown=city');
  expect(byCity.filter((row) => row['city'] === 'Bern').map((row) => row['stage'])).toHaveLength(5);
  const revenue = await csv('revenue.csv?interval=hour');
  expect(revenue.reduce((sum, row) => sum + Number(row['orders']), 0)).toBe(1);
  expect(revenue.every((row) => row['currency'] === 'EUR' && row['start'] !== '')).toBe(true);
  const ofCity = await csv('revenue.csv?interval=day&city=Bern');
  expect(ofCity).toMatchObject([{ city: 'Bern', revenue: '9.5' }]);
  const frequencies = await csv('frequencies.csv?interval=hour');
  const views = frequencies.filter((row) => row['name'] === 'view_item');
  expect(views.reduce((sum, row) => sum + Number(row['count']), 0)).toBe(ITEMS);
});

test('every answer can be had, and carts have a line each', async () => {
  const missing = await shop.request('/v1/export/nothing.csv');
  const { detail }: Json = await missing.json();
  expect(missing.status).toBe(404);
  const names: string[] = detail.match(/[a-z-]+\.csv/g);
  expect(names).toEqual(expect.arrayContaining(['payments.csv', 'engagement.csv', 'breakdowns-channel.csv']));
  for (const name of names) expect((await csv(name)).length, name).toBeGreaterThanOrEqual(0);
  const [cart] = await csv('carts.csv');
  expect(cart).toMatchObject({ user_id: 'u2', currency: 'EUR', value: '9.5', items: expect.stringContaining('"i1"') });
});

test.each([
  'products.csv?limit=5',
  'products.csv?sort=colour',
  'revenue.csv?from=yesterday',
  'funnel.csv?compare=previous',
])('%s is a 400', async (name) => expect((await shop.request(`/v1/export/${name}`)).status).toBe(400));

test.each(['users-x-interactions.csv', 'live.csv', 'products', 'products.json', 'Products.csv'])(
  'there is no file %s',
  async (name) => expect((await shop.request(`/v1/export/${name}`)).status).toBe(404),
);
