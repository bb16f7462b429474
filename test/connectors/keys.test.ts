import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { appOf, keyRing } from '../http/app-parts.ts';

const digest = (key: string): string => createHash('sha256').update(key).digest('hex');

const app = appOf([], {
  keys: keyRing({
    write: [digest('wk')],
    read: [digest('rk')],
    admin: [digest('ak')],
    publishable: [{ key: 'pk_shop', origins: ['https://shop.example'] }],
  }),
});

interface Way {
  readonly name: string;
  readonly success: number;
  /** A request of its client, with the key where the client puts it. */
  readonly request: (key: string) => {
    readonly path: string;
    readonly headers?: Record<string, string>;
    readonly body?: string;
  };
}

const WAYS: readonly Way[] = [
  {
    name: 'measurement-protocol',
    success: 204,
    request: (key) => ({
      path: `/mp/collect?measurement_id=G-1&api_secret=${key}`,
      body: JSON.stringify({ client_id: '1.2', events: [{ name: 'page_view' }] }),
    }),
  },
  {
    name: 'segment, key as user',
    success: 200,
    request: (key) => ({
      path: '/v1/track',
      headers: { Authorization: `Basic ${btoa(`${key}:`)}` },
      body: JSON.stringify({ event: 'Cart Viewed', userId: 'u1' }),
    }),
  },
  {
    name: 'segment, key in the body',
    success: 200,
    request: (key) => ({
      path: '/v1/batch',
      body: JSON.stringify({ batch: [{ type: 'page', userId: 'u1' }], writeKey: key }),
    }),
  },
  {
    name: 'gtag, key in the address',
    success: 204,
    request: (key) => ({ path: `/g/collect?v=2&cid=1.2&en=page_view&ep.cartpulse_key=${key}` }),
  },
  {
    name: 'gtag, key in the lines',
    success: 204,
    request: (key) => ({
      path: '/g/collect?v=2&cid=1.2',
      body: `en=page_view&ep.cartpulse_key=${key}\r\nen=scroll&ep.cartpulse_key=${key}`,
    }),
  },
];

describe.each(WAYS)('$name', ({ success, request }) => {
  const status = async (key: string, more: Record<string, string> = {}): Promise<number> => {
    const { path, headers, body = '' } = request(key);
    const all = new Headers(headers);
    for (const [name, value] of Object.entries(more)) all.set(name, value);
    return (await app.request(path, { method: 'POST', headers: all, body })).status;
  };

  test('takes a write key and an admin key where its clients put it, or as a bearer', async () => {
    expect(await status('wk')).toBe(success);
    expect(await status('ak')).toBe(success);
    expect(await status('other', { Authorization: 'Bearer wk' })).toBe(success);
  });

  test('refuses unknown keys, none, and those that only read', async () => {
    expect(await status('other')).toBe(401);
    expect(await status('')).toBe(401);
    expect(await status('rk')).toBe(403);
  });

  test('takes a publishable key from pages of its origins alone', async () => {
    expect(await status('pk_shop', { Origin: 'https://shop.example' })).toBe(success);
    expect(await status('pk_shop', { Origin: 'https://evil.example' })).toBe(403);
    expect(await status('pk_other', { Origin: 'https://shop.example' })).toBe(401);
  });
});

test.each(WAYS)(
  '$name: a publishable key sends at its rate, wherever its clients put it',
  async ({ request, success }) => {
    const keys = keyRing({
      publishable: [{ key: 'pk_shop', origins: ['https://shop.example'] }],
      publicRate: 2,
      now: () => 0,
    });
    const limited = appOf([], { keys });
    const { path, headers, body = '' } = request('pk_shop');
    const init = { method: 'POST', headers: { ...headers, Origin: 'https://shop.example' }, body };
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) statuses.push((await limited.request(path, init)).status);
    // For a moment twice as often as its rate.
    expect(statuses).toEqual([success, success, success, success, 429]);
  },
);

test('an address that a page asks for is taken from pages of the key’s origins, which the referrer names', async () => {
  const ask = async (referrer: string): Promise<number> => {
    const path = '/g/collect?v=2&cid=1.2&en=page_view&ep.cartpulse_key=pk_shop';
    return (await app.request(path, { headers: { Referer: referrer } })).status;
  };
  expect(await ask('https://shop.example/mug')).toBe(204);
  expect(await ask('https://evil.example/https://shop.example/')).toBe(403);
  expect(await ask('')).toBe(403);
});

test('a slash at the end of a way’s address makes no difference, for its key neither', async () => {
  const headers = { Authorization: `Basic ${btoa('wk:')}`, Origin: 'https://shop.example' };
  const body = JSON.stringify({ event: 'Cart Viewed', userId: 'u1' });
  const response = await app.request('/v1/track/', { method: 'POST', headers, body });
  expect([response.status, response.headers.get('Access-Control-Allow-Origin')]).toEqual([200, headers.Origin]);
  expect((await app.request('/v1/track/', { method: 'POST', body })).status).toBe(401);
});

test('what a page posts names its origin itself: a referrer stands for none there', async () => {
  const path = '/g/collect?v=2&cid=1.2&en=page_view&ep.cartpulse_key=pk_shop';
  const headers = { Referer: 'https://shop.example/mug' };
  expect((await app.request(path, { method: 'POST', headers })).status).toBe(403);
});

test('without keys pages of other origins send with none of the ways', async () => {
  for (const { request } of WAYS) {
    const { path, body = '' } = request('x');
    const headers = { Origin: 'https://evil.example' };
    expect((await appOf().request(path, { method: 'POST', headers, body })).status).toBe(403);
  }
});
