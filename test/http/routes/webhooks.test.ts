import { expect, test } from 'vitest';
import type { Endpoint } from '../../../src/webhooks/endpoint.ts';
import { appOf } from '../app-parts.ts';

const made: Endpoint[] = [];
const app = appOf([], {
  endpoints: {
    list: async () => made,
    add: async (endpoint) => {
      made.push(endpoint);
      return 'kept';
    },
    remove: async () => false,
    disable: async () => undefined,
  },
});
const json = { 'Content-Type': 'application/json' };
const post = (body: string, headers: Record<string, string> = {}) =>
  app.request('/v1/webhooks', { method: 'POST', body, headers });

test('an endpoint is made of JSON that says so', async () => {
  const response = await post(JSON.stringify({ url: 'https://shop.example/hook' }), {
    'Content-Type': 'application/json; charset=utf-8',
  });
  expect(response.status).toBe(201);
  expect(made.at(-1)?.url).toBe('https://shop.example/hook');
});

test.each(['', 'application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'])(
  'nothing is changed by a body that calls itself %j, as forms of other pages do',
  async (type) => {
    const before = made.length;
    const response = await post(JSON.stringify({ url: 'https://shop.example/hook' }), { 'Content-Type': type });
    expect([response.status, made.length]).toEqual([415, before]);
  },
);

test('what is not JSON, and fields that are not right, are refused', async () => {
  expect(await (await post('{', json)).json()).toMatchObject({ status: 400, detail: 'The body is not JSON' });
  expect(await (await post('{"url":"https://shop.example/","colour":"red"}', json)).json()).toMatchObject({
    status: 400,
    errors: [{ path: 'colour', message: 'is not known here, only url, events, secret, min_value, cities, stages' }],
  });
});

test('a body that is too large is refused before it is read whole', async () => {
  const large = JSON.stringify({ url: 'https://shop.example/hook', cities: Array(40_000).fill('Oslo 123') });
  expect((await post(large, json)).status).toBe(413);
  const many = JSON.stringify({ url: 'https://shop.example/hook', cities: Array(1_001).fill('Oslo') });
  expect((await post(many, json)).status).toBe(400);
});
