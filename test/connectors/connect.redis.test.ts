import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { json, problem, send } from '../support/system/http.ts';
import { type Json, startSystem, type TestSystem } from '../support/system/system.ts';
import { shopifyOrder } from './hook-payloads.ts';

let redis: TestRedis;
let system: TestSystem;
beforeAll(async () => {
  redis = await startRedis();
  system = await startSystem(redis.url, {
    WRITE_KEYS: 'wk',
    ADMIN_KEYS: 'ak',
    SHOPIFY_SECRETS: 'secret',
    PUBLIC_KEYS: 'pk_shop@https://shop.example',
  });
});
afterAll(async () => {
  await system.close();
  await redis.close();
});

const lastOf = async (way: string): Promise<Json[]> => {
  const response = await system.request(`/v1/connect/${way}`, { headers: { Authorization: 'Bearer ak' } });
  const body: Json = await response.json();
  return body.data;
};
const collect = (body: object, key = 'wk') =>
  system.request(`/mp/collect?api_secret=${key}`, send(JSON.stringify(body)));
const page = { name: 'page_view' };

test('admins see what became of a way’s last requests, newest first: taken, repaired, refused, not let in', async () => {
  const order = { name: 'purchase', params: { transaction_id: 7, value: '9.50' } };
  await collect({ client_id: '1.2', events: [page, order, { name: 'purchase', params: {} }] });
  await collect({ client_id: '1.2', events: [{ name: 'purchase', params: {} }] });
  await collect({ client_id: '1.2', events: [page] }, 'other');
  const rejected = [{ path: 'transaction_id', message: expect.any(String) }];
  const some = { at: expect.any(String), request_id: expect.any(String), client: null, path: '/mp/collect' };
  const nothing = { accepted: 0, ignored: 0, refused: 0, bots: 0, rejected: [], repaired: [] };
  expect(await lastOf('measurement-protocol')).toEqual([
    { ...some, ...nothing, status: 401, type: '/problems/unauthorized', detail: 'The API key is not known' },
    {
      ...some,
      ...nothing,
      status: 400,
      type: '/problems/bad-events',
      detail: expect.stringContaining('transaction_id'),
      refused: 1,
      rejected,
    },
    {
      ...some,
      status: 204,
      accepted: 2,
      ignored: 0,
      refused: 1,
      bots: 0,
      rejected,
      repaired: expect.arrayContaining([{ path: 'value', message: expect.any(String) }]),
    },
  ]);
});

test('a hook with a wrong secret shows there, and so does one that counts', async () => {
  const text = JSON.stringify(shopifyOrder(1));
  const signed = (secret: string) => ({
    'X-Shopify-Topic': 'orders/create',
    'X-Shopify-Hmac-Sha256': createHmac('sha256', secret).update(text).digest('base64'),
  });
  await system.request('/v1/hooks/shopify', send(text, json));
  await system.request('/v1/hooks/shopify', send(text, signed('wrong')));
  await system.request('/v1/hooks/shopify', send(text, signed('secret')));
  expect(await lastOf('shopify')).toMatchObject([
    { status: 200, accepted: 1 },
    {
      status: 401,
      accepted: 0,
      detail: expect.stringContaining('no signature of this body by a secret of SHOPIFY_SECRETS'),
    },
    { status: 401, accepted: 0, detail: expect.stringContaining('is missing') },
  ]);
});

test('what pages send as text is the way of the snippet; other requests of POST /v1/events are not noted', async () => {
  const event = JSON.stringify({ name: 'page_view', user_id: 'u1' });
  const key = { Authorization: 'Bearer wk' };
  await system.request('/v1/events', send(event, { ...key, 'Content-Type': 'text/plain', 'User-Agent': 'Browser/1' }));
  await system.request('/v1/events', send(event, { ...key, ...json }));
  expect(await lastOf('snippet')).toMatchObject([{ status: 202, accepted: 1, client: 'Browser/1' }]);
});

test('a page that sends with a wrong key, or from elsewhere, finds there what to do', async () => {
  const event = JSON.stringify({ name: 'page_view', user_id: 'u1' });
  const sent = (key: string, origin: string, type = 'text/plain;charset=UTF-8') =>
    system.request(`/v1/events?key=${key}`, send(event, { 'Content-Type': type, Origin: origin }));
  await sent('pk_other', 'https://shop.example');
  await sent('pk_shop', 'https://www.shop.example');
  await sent('pk_other', 'https://shop.example', 'application/json');
  expect((await lastOf('snippet')).slice(0, 2)).toMatchObject([
    {
      status: 403,
      accepted: 0,
      path: '/v1/events',
      detail: expect.stringContaining('not from https://www.shop.example'),
    },
    { status: 401, accepted: 0, detail: 'The API key is not known' },
  ]);
});

test.each([
  ['/mp/collect', 'api_secret=KEY in the address'],
  ['/g/collect?v=2', '`cartpulse_key` in the tag’s settings'],
  ['/v1/page', 'as user of Basic authorization, or as `writeKey` of the body'],
  ['/v1/events', 'Authorization: Bearer KEY'],
])('who sends to %s without a key is told where it goes', async (path, place) => {
  const told = await problem(system, path, { ...send('{"en": "page_view"}', json), method: 'POST' });
  expect(told).toMatchObject({ status: 401, detail: `An API key is needed: ${place}` });
});

test('a server with a publishable key is told to use a write key', async () => {
  const told = await problem(system, '/v1/events?key=pk_shop', send('{"name": "page_view"}', json));
  expect(told).toMatchObject({ status: 403, detail: expect.stringContaining('a server sends with a write key') });
});

test('the last 20 are kept, and nothing of a visitor', async () => {
  for (let i = 0; i < 22; i++) await collect({ client_id: 'secret-visitor', events: [page] });
  const last = await lastOf('measurement-protocol');
  expect(last).toHaveLength(20);
  expect(JSON.stringify(last)).not.toContain('secret-visitor');
});

test('nobody but an admin sees them, and an unknown way is refused', async () => {
  const as = (key: string) => ({ headers: { Authorization: `Bearer ${key}` } });
  expect(await problem(system, '/v1/connect/shopify', as('wk'))).toMatchObject({ status: 403 });
  expect(await problem(system, '/v1/connect/magento', as('ak'))).toMatchObject({ status: 400 });
});
