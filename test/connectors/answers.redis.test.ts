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

describe('Segment’s HTTP API', () => {
  const product = { product_id: 'sg-1', name: 'Mug', price: 9.5, quantity: 2 };
  const view = { type: 'track', event: 'Product Viewed', anonymousId: 'sg-a', messageId: 'sg-m1', properties: product };
  const order = {
    type: 'track',
    event: 'Order Completed',
    userId: 'sg-u',
    messageId: 'sg-m2',
    properties: { order_id: 'sg-o1', revenue: 19, total: 25, currency: 'USD', products: [product] },
  };
  const batch = (...messages: object[]) => send(JSON.stringify({ batch: messages, sentAt: new Date().toISOString() }));
  const success = [200, { success: true }];
  const answer = async (path: string, init: RequestInit) => {
    const response = await system.request(path, init);
    return [response.status, await response.json()];
  };

  test('a batch is answered with success, sent again as well, and counted once; who somebody is counts nowhere', async () => {
    const identify = { type: 'identify', userId: 'sg-u', anonymousId: 'sg-a', messageId: 'sg-m3' };
    expect(await answer('/v1/batch', batch(view, identify, order))).toEqual(success);
    expect(await answer('/v1/batch', batch(view, identify, order))).toEqual(success);
    await system.settled();
    expect(await system.get('/v1/products/sg-1')).toMatchObject({
      item_name: 'Mug',
      views: 1,
      orders: 1,
      units: 2,
      revenue: 19,
    });
    const names = (await system.get('/v1/events/frequencies')).map(({ name }: { name: string }) => name);
    expect(names).not.toContain('identify');
  });

  test.each(['track', 't'])('a message by itself goes to /v1/%s', async (type) => {
    expect(await answer(`/v1/${type}`, send(JSON.stringify({ ...view, messageId: type })))).toEqual(success);
  });

  test.each(['identify', 'group', 'alias'])('%s alone is a success', async (type) => {
    expect(await answer(`/v1/${type}`, send(JSON.stringify({ userId: 'sg-u' })))).toEqual(success);
  });

  test.each([
    ['identify', { userId: 'sg-link-1', anonymousId: 'sg-guest-1' }],
    ['alias', { userId: 'sg-link-2', previousId: 'sg-guest-2' }],
  ])('%s makes one visitor of a guest and who they are, and by itself counts nowhere', async (type, who) => {
    const guest = type === 'alias' ? 'sg-guest-2' : 'sg-guest-1';
    const page = { type: 'page', anonymousId: guest, messageId: `${type}-page` };
    expect(await answer('/v1/batch', batch(page))).toEqual(success);
    await system.settled();
    expect(await answer(`/v1/${type}`, send(JSON.stringify({ ...who, messageId: `${type}-link` })))).toEqual(success);
    await system.settled();
    const seenBy = async (visitor: string) => {
      const seen: { name: string }[] = await system.get(`/v1/users/${visitor}/interactions`);
      return seen.map(({ name }) => name);
    };
    expect([await seenBy(guest), await seenBy(who.userId)]).toEqual([[], ['page_view']]);
  });

  test('what is refused beside good messages is told; a batch of nothing else is refused', async () => {
    const bad = { type: 'track', event: 'Order Completed', userId: 'sg-u', messageId: 'sg-bad' };
    const rejected = [expect.objectContaining({ event_id: 'sg-bad', path: 'transaction_id' })];
    expect(await answer('/v1/batch', batch(view, bad))).toEqual([200, { success: true, accepted: 1, rejected }]);
    expect(await problem(system, '/v1/batch', batch(bad))).toMatchObject({ status: 400, rejected });
  });
});

describe('gtag', () => {
  const shared = '/g/collect?v=2&tid=G-1&cid=gt.1&sid=17&cu=USD';
  const order = 'en=purchase&epn.value=25&ep.transaction_id=gt-o1&pr1=idgt-1~nmCap~pr12.5~qt2';

  test.each(['GET', 'POST'])('%s of an address is answered 204 without a body', async (method) => {
    const response = await system.request(`${shared}&en=page_view`, { method });
    expect([response.status, await response.text()]).toEqual([204, '']);
  });

  test('the lines of a body are counted, but for what gtag sends by itself', async () => {
    const body = `en=view_item&pr1=idgt-1~nmCap\r\nen=user_engagement\r\n${order}`;
    const response = await system.request(shared, send(body, { 'Content-Type': 'text/plain;charset=UTF-8' }));
    expect([response.status, await response.text()]).toEqual([204, '']);
    await system.settled();
    expect(await system.get('/v1/products/gt-1')).toMatchObject({
      item_name: 'Cap',
      views: 1,
      orders: 1,
      units: 2,
      revenue: 25,
    });
    const seen: { name: string }[] = await system.get('/v1/users/gt.1/interactions');
    expect(seen.map(({ name }) => name)).not.toContain('user_engagement');
  });

  test('what is no event of a shop is refused', async () => {
    expect(await problem(system, shared, { method: 'POST' })).toMatchObject({ status: 400 });
    expect(await problem(system, `${shared}&en=purchase`)).toMatchObject({ rejected: [{ path: 'transaction_id' }] });
  });
});
