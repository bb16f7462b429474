import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';
import { json, send, view } from '../../support/system/http.ts';
import { type Json, startSystem, type TestSystem } from '../../support/system/system.ts';

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

describe('the server tells about itself', () => {
  test('health, metrics, the OpenAPI document and its page, without any other server', async () => {
    expect(await (await system.request('/health/live')).json()).toEqual({ status: 'ok' });
    expect(await (await system.request('/health/ready')).json()).toEqual({
      status: 'ok',
      dependencies: { redis: 'ok', log: 'ok' },
    });
    expect(await (await system.request('/metrics')).text()).toContain('cartpulse_lag_events');
    const document: Json = await (await system.request('/openapi.json')).json();
    const routes = [
      '/v1/events',
      '/v1/imports/{format}',
      '/v1/funnel',
      '/v1/cities',
      '/v1/products/popular',
      '/v1/engagement',
      '/v1/users/{user_id}/interactions',
      '/v1/events/frequencies',
      '/v1/abandonment',
      '/v1/revenue',
      '/v1/dead-letters',
      '/v1/pipeline',
    ];
    expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(routes));
    const page = await (await system.request('/docs')).text();
    expect(page).not.toMatch(/https?:\/\//);
    for (const [, asset] of page.matchAll(/(?:src|href)="(\/[^"]+)"/g))
      expect((await system.request(asset ?? '')).status).toBe(200);
  });
});

describe('limits', () => {
  test('429 with Retry-After while too many events wait for the log', async () => {
    const busy = await startSystem(redis.url);
    Object.defineProperty(busy.system.acceptor(), 'waiting', { get: () => 1_000_000 });
    const response = await busy.request('/v1/events', send(JSON.stringify(view)));
    expect([response.status, response.headers.get('Retry-After')]).toEqual([429, '1']);
    await busy.close();
  });

  test('413 for an import that is larger than allowed, also once it is unpacked; nothing is written', async () => {
    const small = await startSystem(redis.url, { MAX_IMPORT_BYTES: '1024' });
    const body = new Uint8Array(gzipSync('x'.repeat(100_000)));
    const response = await small.request(
      '/v1/imports/rees46',
      send(body, { 'Content-Type': 'text/csv', 'Content-Encoding': 'gzip' }),
    );
    expect(response.status).toBe(413);
    expect((await small.get('/v1/pipeline')).lag_events).toBe(0);
    await small.close();
  });
});

describe('with API keys', () => {
  let guarded: TestSystem;
  beforeAll(async () => {
    guarded = await startSystem(redis.url, { WRITE_KEYS: 'w', READ_KEYS: 'r', ADMIN_KEYS: 'a' });
  });
  afterAll(() => guarded.close());

  test.each([
    ['w', 202, 403, 403],
    ['r', 403, 200, 403],
    ['a', 202, 200, 200],
    ['x', 401, 401, 401],
    [undefined, 401, 401, 401],
  ])('key %s: writes %i, reads %i, administers %i', async (key, write, read, admin) => {
    const headers: Record<string, string> = { ...json, ...(key !== undefined && { Authorization: `Bearer ${key}` }) };
    const statuses = [
      (await guarded.request('/v1/events', send(JSON.stringify(view), headers))).status,
      (await guarded.request('/v1/funnel', { headers })).status,
      (await guarded.request('/v1/dead-letters', { headers })).status,
    ];
    expect(statuses).toEqual([write, read, admin]);
    expect((await guarded.request('/health/ready')).status).toBe(200);
  });

  test('neither Redis nor the log ever holds a key', async () => {
    const all = await redis.client.keys('*');
    expect(all.join()).not.toContain('Bearer');
  });
});

describe('when Redis is away', () => {
  test('writes and reads are 503 with Retry-After, and tell nothing about the inside', async () => {
    const own = await startRedis();
    const lonely = await startSystem(own.url);
    await own.stop('SIGKILL');
    const expectUnavailable = async (path: string, init?: RequestInit): Promise<void> => {
      const response = await lonely.request(path, init);
      const body: Json = await response.json();
      expect([path, response.status, response.headers.get('Retry-After')]).toEqual([path, 503, '2']);
      expect(JSON.stringify(body)).not.toMatch(/ECONN|127\.0/);
    };
    // Each waits until its own time is up: all at once, they wait together.
    await Promise.all([
      expectUnavailable('/v1/events', send(JSON.stringify(view))),
      expectUnavailable('/v1/funnel'),
      lonely.request('/health/ready').then(({ status }) => expect(status).toBe(503)),
    ]);
    await lonely.close();
    await own.close();
  });
});
