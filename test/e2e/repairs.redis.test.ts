import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { type Json, startSystem, type TestSystem } from '../support/system/system.ts';

let redis: TestRedis;
let system: TestSystem;
beforeAll(async () => {
  redis = await startRedis();
  system = await startSystem(redis.url);
  await system.startCounting();
});
afterAll(async () => {
  await system.close();
  await redis.close();
});

async function post(sent: unknown, type = 'application/json'): Promise<[number, Json]> {
  const body = typeof sent === 'string' ? sent : JSON.stringify(sent);
  const response = await system.request('/v1/events', { method: 'POST', body, headers: { 'Content-Type': type } });
  return [response.status, await response.json()];
}

const pipeline = async (): Promise<Json> => {
  await system.settled();
  return system.get('/v1/pipeline');
};

test('a sale that is sent oddly counts as it was meant; its repairs are told, and counted once each by rule', async () => {
  const before = await pipeline();
  const sent = {
    event: 'purchase',
    user_id: 77,
    event_id: '',
    ecommerce: {
      transaction_id: 4711,
      currency: 'eur',
      items: [{ item_name: 'Odd Mug', item_brand: '', price: '9,50', quantity: '2' }],
    },
  };
  const [status, answer] = await post([sent, { ecommerce: null }]);
  expect([status, answer.accepted, answer.ignored]).toEqual([202, 1, 1]);
  expect(answer.repaired.map(({ index, path }: Json) => `${index} ${path}`).sort()).toEqual([
    '0 currency',
    '0 event_id',
    '0 items.0.item_brand',
    '0 items.0.item_id',
    '0 items.0.price',
    '0 items.0.quantity',
    '0 transaction_id',
    '0 user_id',
  ]);
  const { repairs, ignored } = await pipeline();
  const more = Object.entries(repairs).filter(([rule, n]) => n !== before.repairs[rule]);
  expect(Object.fromEntries(more)).toEqual({
    empty_text: 1,
    number_as_text: 1,
    text_as_number: 1,
    currency_case: 1,
    name_as_id: 1,
  });
  expect(ignored - before.ignored).toBe(1);
  expect(await system.get('/v1/products/Odd%20Mug?currency=EUR')).toMatchObject({ orders: 1, units: 2, revenue: 19 });
});

test('a number counts as it was written, also beyond what a double holds', async () => {
  const order = (id: string, value: string) =>
    `{"name":"purchase","user_id":"u","city":"Exactly","transaction_id":"${id}","value":${value}}`;
  await post(`[${order('n1', '1.0049999999999999999999')},${order('n2', '1.005')}]`);
  await system.settled();
  expect(await system.get('/v1/revenue?city=Exactly')).toMatchObject({ orders: 2, revenue: 2.01 });
});

test('a beacon may come as text; a request of nothing but clearing pushes is no fault', async () => {
  expect(await post({ name: 'page_view', anonymous_id: 'a1' }, 'text/plain;charset=UTF-8')).toEqual([
    202,
    { accepted: 1, rejected: [] },
  ]);
  expect(await post({ ecommerce: null })).toEqual([202, { accepted: 0, rejected: [], ignored: 1 }]);
});

test('a line below 0 lowers what an order is worth, a discount its line', async () => {
  const items = [
    { item_id: 'shirt', price: 20, discount: 5, quantity: 2 },
    { item_id: 'voucher', price: -10 },
  ];
  await post({ name: 'purchase', user_id: 'saver', city: 'Cheap', transaction_id: 'c1', items });
  await system.settled();
  expect(await system.get('/v1/revenue?city=Cheap')).toMatchObject({ orders: 1, units: 2, revenue: 20 });
});
