import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { json, problem, send } from '../support/system/http.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

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

describe('GA4’s Measurement Protocol', () => {
  const path = '/mp/collect?measurement_id=G-1&api_secret=any';
  const purchase = (transaction: string) => ({
    name: 'purchase',
    params: {
      currency: 'USD',
      value: 39.8,
      transaction_id: transaction,
      session_id: 17,
      engagement_time_msec: 1,
      items: [{ item_id: 'mp-1', item_name: 'Tee', price: 19.9, quantity: 2 }],
    },
  });

  test('an order is answered 204 without a body, and counted with its lines', async () => {
    const body = { client_id: '1.2', timestamp_micros: Date.now() * 1_000, events: [purchase('mp-o1')] };
    const response = await system.request(path, send(JSON.stringify(body)));
    expect([response.status, await response.text()]).toEqual([204, '']);
    await system.settled();
    expect(await system.get('/v1/products/mp-1')).toMatchObject({
      item_name: 'Tee',
      orders: 1,
      units: 2,
      revenue: 39.8,
    });
    expect(await system.get('/v1/users/1.2/interactions')).toMatchObject([{ name: 'purchase' }]);
  });

  test('a request whose events are all bad is refused with what is wrong, one with a good event is not', async () => {
    const bad = { name: 'purchase', params: {} };
    const refused = await problem(system, path, send(JSON.stringify({ client_id: '1.2', events: [bad] }), json));
    expect(refused).toMatchObject({ status: 400, rejected: [{ path: 'transaction_id' }] });
    const mixed = { client_id: '1.2', events: [bad, purchase('mp-o2')] };
    expect((await system.request(path, send(JSON.stringify(mixed)))).status).toBe(204);
    expect(await problem(system, path, send('no JSON'))).toMatchObject({ status: 400 });
  });
});
