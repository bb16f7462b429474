import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../support/redis-server.ts';
import { type Json, startSystem, type TestSystem } from '../support/system.ts';

const view = { name: 'view_item', user_id: 'u1', items: [{ item_id: 'i1', item_name: 'Mug' }] };
type Body = NonNullable<RequestInit['body']>;
const json = { 'Content-Type': 'application/json' };

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

const appended = async (): Promise<number> => {
  const { partitions } = await system.system.monitor().check();
  return partitions.reduce((sum, { end }) => sum + Number(end), 0);
};

async function problem(path: string, init?: RequestInit): Promise<Json> {
  const response = await system.request(path, init);
  const body: Json = await response.json();
  expect(response.headers.get('Content-Type')).toBe('application/problem+json');
  expect(body).toMatchObject({
    type: expect.stringMatching(/^urn:/),
    title: expect.any(String),
    status: response.status,
    detail: expect.any(String),
  });
  expect(JSON.stringify(body)).not.toMatch(/127\.0\.0\.1|node_modules|at .*\.ts:/);
  return { ...body, retryAfter: response.headers.get('Retry-After') };
}

const send = (body: Body, headers: Record<string, string> = json): RequestInit => ({
  method: 'POST',
  body,
  headers,
});

describe('events are accepted', () => {
  test.each([
    ['one', JSON.stringify(view), json, 1],
    ['an array', JSON.stringify([view, view]), json, 2],
    ['NDJSON', `${JSON.stringify(view)}\n${JSON.stringify(view)}\n`, { 'Content-Type': 'application/x-ndjson' }, 2],
    ['gzip', new Uint8Array(gzipSync(JSON.stringify([view]))), { ...json, 'Content-Encoding': 'gzip' }, 1],
    ['a charset beside the type', JSON.stringify(view), { 'Content-Type': 'application/json; charset=utf-8' }, 1],
  ])('as %s', async (_, body, headers, n) => {
    const response = await system.request('/v1/events', send(body, headers));
    expect([response.status, await response.json()]).toEqual([202, { accepted: n, rejected: [] }]);
  });

  test('the good ones of a mixed batch; each bad one is named with its place', async () => {
    const response = await system.request(
      '/v1/events',
      send(JSON.stringify([view, { ...view, event_id: 'bad', name: 'No' }, 7])),
    );
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({
      accepted: 1,
      rejected: [
        { index: 1, event_id: 'bad', path: 'name', message: expect.any(String), retryable: false },
        { index: 2, event_id: null, path: '', message: 'must be a JSON object', retryable: false },
      ],
    });
  });
});

describe('a bad write is refused, and nothing is written', () => {
  const big = JSON.stringify({ ...view, city: 'x'.repeat(1_100_000) });
  test.each<[number, string, Body, Record<string, string>]>([
    [400, 'no JSON', '{"name":', json],
    [400, 'an empty body', '', json],
    [400, 'an empty array', '[]', json],
    [400, 'bad events only', JSON.stringify([{ name: 'No' }]), json],
    [400, 'no UTF-8', new Uint8Array([0x22, 0xff, 0x22]), json],
    [400, 'no gzip', 'plain', { ...json, 'Content-Encoding': 'gzip' }],
    [413, 'more than 1,000 events', JSON.stringify(Array.from({ length: 1_001 }, () => view)), json],
    [413, 'more than 1 MiB', big, json],
    [413, 'more than 1 MiB once unpacked', new Uint8Array(gzipSync(big)), { ...json, 'Content-Encoding': 'gzip' }],
    [415, 'another type', JSON.stringify(view), { 'Content-Type': 'text/html' }],
    [415, 'no type', new Uint8Array(Buffer.from(JSON.stringify(view))), {}],
    [415, 'another packing', JSON.stringify(view), { ...json, 'Content-Encoding': 'br' }],
  ])('%i for %s', async (status, _, body, headers) => {
    const before = await appended();
    expect((await problem('/v1/events', send(body, headers))).status).toBe(status);
    expect(await appended()).toBe(before);
  });

  test('400 names the path of each bad event', async () => {
    const body = await problem(
      '/v1/events',
      send(JSON.stringify([{ name: 'No' }, { name: 'purchase', user_id: 'u' }])),
    );
    expect(body).toMatchObject({
      status: 400,
      accepted: 0,
      errors: [{ path: '0.name' }, { path: '1.transaction_id' }],
      rejected: [{ index: 0 }, { index: 1 }],
    });
  });

  test.each<[number, string, string, Body, Record<string, string>]>([
    [404, 'an unknown format', '/v1/imports/excel', 'a,b', { 'Content-Type': 'text/csv' }],
    [415, 'another type', '/v1/imports/rees46', 'a,b', json],
    [400, 'other columns', '/v1/imports/rees46', 'a,b\n1,2', { 'Content-Type': 'text/csv' }],
    [400, 'an empty file', '/v1/imports/rees46', '', { 'Content-Type': 'text/csv' }],
    [400, 'an unknown parameter', '/v1/imports/rees46?fast=true', 'a,b', { 'Content-Type': 'text/csv' }],
    [400, 'no gzip', '/v1/imports/rees46', 'a,b', { 'Content-Type': 'text/csv', 'Content-Encoding': 'gzip' }],
  ])('%i for an import of %s', async (status, _, path, body, headers) => {
    const before = await appended();
    expect((await problem(path, send(body, headers))).status).toBe(status);
    expect(await appended()).toBe(before);
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

  test('a user’s interactions are the newest INTERACTIONS_PER_USER, of the period that is asked for', async () => {
    const few = await startSystem(redis.url, { INTERACTIONS_PER_USER: '3' });
    await few.startCounting();
    const day = 86_400_000;
    const at = Date.now() - 1_000;
    await few.post(
      [0, 1, 2, 3, 4].map((i) => ({
        name: 'page_view',
        user_id: 'u',
        event_id: `e${i}`,
        timestamp: at - (4 - i) * day,
      })),
    );
    await few.settled();
    const from = new Date(at - 10 * day).toISOString().slice(0, 10);
    const ids = async (query: string) =>
      (await few.get(`/v1/users/u/interactions${query}`)).map((row: Json) => row.event_id);
    expect(await ids(`?from=${from}`)).toEqual(['e4', 'e3', 'e2']);
    expect(await ids('')).toEqual(['e4']);
    await few.close();
  });
});

describe('a bad question is refused with the parameter’s name', () => {
  const hoursAgo = (n: number): string =>
    new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000 - n * 3_600_000).toISOString();
  test.each([
    ['from', '/v1/funnel?from=yesterday'],
    ['from', '/v1/funnel?from=2026-02-30'],
    ['to', '/v1/funnel?from=2026-11-20&to=2026-11-19'],
    ['to', `/v1/funnel?from=2026-11-20&to=${hoursAgo(0)}`],
    ['from', `/v1/funnel?from=${hoursAgo(5).replace(':00:00', ':07:00')}&to=${hoursAgo(1)}`],
    ['from', `/v1/funnel?from=${hoursAgo(24 * 30)}&to=${hoursAgo(24 * 29)}`],
    ['interval', '/v1/funnel?interval=5s'],
    ['interval', '/v1/engagement?from=2020-01-01&to=2020-01-02&interval=hour'],
    ['interval', '/v1/revenue?from=2018-01-01&to=2020-12-31&interval=day'],
    ['funnel', '/v1/funnel?funnel=none'],
    ['mode', '/v1/funnel?mode=ajar'],
    ['limit', '/v1/products/popular?limit=0'],
    ['limit', '/v1/products/popular?limit=1001'],
    ['by', '/v1/products/popular?by=magic'],
    ['currency', '/v1/revenue?currency=XQQ'],
    ['rank_by', '/v1/cities?rank_by=size'],
    ['colour', '/v1/cities?colour=red'],
    ['breakdown', '/v1/abandonment?breakdown=user'],
  ])('%s in %s', async (path, question) => {
    const body = await problem(question);
    expect(body.status).toBe(400);
    expect(body.errors.map((error: Json) => error.path)).toContain(path);
  });

  test('an unknown path is a 404', async () => {
    expect((await problem('/v1/nothing')).status).toBe(404);
  });
});

describe('answers', () => {
  test('carry what they cover, how fresh they are and what is approximate', async () => {
    await system.post({ ...view, event_id: 'meta-1' });
    await system.settled();
    const response = await system.request('/v1/engagement');
    const { meta }: Json = await response.json();
    const today = new Date().toISOString().slice(0, 10);
    expect(meta).toMatchObject({ from: today, to: today, timezone: 'UTC', approximate: ['active_users'] });
    expect(Math.abs(Date.parse(meta.as_of) - Date.now())).toBeLessThan(5_000);
  });

  test('have every bucket of a series, and the period before beside them', async () => {
    const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    const hours: Json = await system.get(`/v1/funnel?from=${day}&to=${day}&interval=hour`);
    expect(hours.series.length).toBe(24);
    const quarters: Json = await system.get(`/v1/revenue?from=${day}&to=${day}`);
    expect(quarters.series.length).toBe(96);
    const response = await system.request('/v1/engagement?compare=previous');
    expect(await response.json()).toMatchObject({ data: { events: expect.any(Number) }, previous: { events: 0 } });
  });

  test('show a user’s interactions, newest first', async () => {
    const at = Date.now() - 60_000;
    await system.post(
      [0, 1, 2].map((i) => ({ ...view, user_id: 'walker', event_id: `w${i}`, timestamp: at + i * 1_000 })),
    );
    await system.settled();
    const rows: Json = await system.get('/v1/users/walker/interactions?limit=2');
    expect(rows.map((row: Json) => [row.event_id, row.name, row.item_id])).toEqual([
      ['w2', 'view_item', 'i1'],
      ['w1', 'view_item', 'i1'],
    ]);
  });

  test('name products by the newest name that events gave them', async () => {
    const at = Date.now() - 10_000;
    const named = (name: string, timestamp: number) => ({
      name: 'view_item',
      user_id: `n-${name}`,
      timestamp,
      items: [{ item_id: 'renamed', item_name: name }],
    });
    await system.post([named('new', at), named('old', at - 5_000)]);
    await system.settled();
    const rows: Json = await system.get('/v1/products/popular?limit=1000');
    expect(rows.find((row: Json) => row.item_id === 'renamed').item_name).toBe('new');
  });
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
    for (const [, asset] of page.matchAll(/(?:src|href)="([^"]+)"/g))
      expect((await system.request(asset ?? '')).status).toBe(200);
  });

  test('every key in Redis belongs to a declared family, and every answer has a life', async () => {
    const { allFamilies } = await import('../../src/app/servers.ts');
    for (const key of await redis.client.keys(`${system.prefix}:1:*`)) {
      const rest = key.split('}:')[1] ?? '';
      const family = allFamilies
        .filter(({ name }) => rest === name || rest.startsWith(`${name}:`))
        .sort((a, b) => b.name.length - a.name.length)[0];
      expect([key, family?.name]).not.toEqual([key, undefined]);
      const answers = !['state', 'schedule', 'latest'].includes(family?.kind ?? '');
      expect([key, (await redis.client.ttl(key)) > 0]).toEqual([key, answers]);
    }
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
