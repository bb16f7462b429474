import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ProductRow, queryProduct, queryProducts } from '../../../src/analytics/product-performance/query.ts';
import { type Counted, counted } from '../../support/core/questions.ts';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';
import { hostileEvents } from '../../support/traffic/hostile.ts';

const DAY = 86_400_000;
const now = Math.floor(Date.now() / DAY) * DAY;
const range = {
  from: new Date(now - 5 * DAY).toISOString().slice(0, 10),
  to: new Date(now).toISOString().slice(0, 10),
};
let redis: TestRedis;
let shop: Counted;
beforeAll(async () => {
  redis = await startRedis();
  shop = await counted(
    redis.url,
    hostileEvents(800, 5, now - 4 * DAY).filter(({ timestamp }) => timestamp < now),
  );
});
afterAll(async () => {
  shop.close();
  await redis.close();
});

const COLUMNS: readonly (keyof ProductRow)[] = [
  'item_id',
  'item_name',
  'category',
  'category2',
  'brand',
  'variant',
  'views',
  'carts',
  'removes',
  'orders',
  'units',
  'revenue',
  'refunds',
  'view_to_cart_rate',
  'cart_to_order_rate',
  'stock_level',
  'price',
];

test.each(COLUMNS)('pages by %s hold every item once, in order, those without a value last', async (sort) => {
  const all = (await queryProducts({ sort, limit: 1_000 }, shop.as(now, range))).data;
  const paged: ProductRow[] = [];
  let cursor: string | undefined;
  do {
    const page = await queryProducts({ sort, limit: 5, cursor }, shop.as(now, range));
    paged.push(...page.data);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  expect(paged).toEqual(all);
  expect(new Set(all.map(({ item_id }) => item_id)).size).toBe(12);
  const values = all.map((row) => row[sort]);
  const known = values.filter((value) => value !== null);
  expect(values.slice(known.length).every((value) => value === null)).toBe(true);
  const ascending = [...known].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const isText = known.some((value) => typeof value === 'string');
  expect(known).toEqual(isText ? ascending : ascending.reverse());
});

test('an item that no event has named is unknown', async () => {
  await expect(queryProduct('nothing', undefined, shop.as(now, range))).rejects.toThrow('Nothing is kept');
});

test('a cursor that no answer gave is refused', async () => {
  const asked = queryProducts({ sort: 'views', limit: 5, cursor: 'nonsense' }, shop.as(now, range));
  await expect(asked).rejects.toThrow('is none that an answer gave');
});
