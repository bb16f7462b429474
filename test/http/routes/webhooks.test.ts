import { expect, test } from 'vitest';
import type { Endpoint } from '../../../src/webhooks/endpoint.ts';
import { appOf } from '../app-parts.ts';

const made: Endpoint[] = [];
const app = appOf([], {
  endpoints: {
    list: async () => made,
    add: async (endpoint) => {
      made.push(endpoint);
    },
    remove: async () => false,
    disable: async () => undefined,
  },
});
const post = (body: string, headers: Record<string, string> = {}) =>
  app.request('/v1/webhooks', { method: 'POST', body, headers });

test.each(['application/json', 'application/x-www-form-urlencoded', 'text/plain'])(
  'an endpoint is made of JSON that calls itself %s',
  async (type) => {
    const response = await post(JSON.stringify({ url: 'https://shop.example/hook' }), { 'Content-Type': type });
    expect(response.status).toBe(201);
    expect(made.at(-1)?.url).toBe('https://shop.example/hook');
  },
);

test('what is not JSON, and fields that are not right, are refused', async () => {
  expect(await (await post('{')).json()).toMatchObject({ status: 400, detail: 'The body is not JSON' });
  expect(await (await post('{"url":"https://shop.example/","colour":"red"}')).json()).toMatchObject({
    status: 400,
    errors: [{ path: 'colour', message: 'is not a parameter of this endpoint' }],
  });
});
