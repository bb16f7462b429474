import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Question, route } from '../../src/analytics/question.ts';
import { problemTypes } from '../../src/http/problem-types.ts';
import { appOf, keyRing, readParts } from './app-parts.ts';

const numbers = (n: number): { n: number; name: string }[] =>
  Array.from({ length: n }, (_, i) => ({ n: i, name: `row ${i}` }));
const rows: Question = {
  name: 'rows',
  definitions: [],
  routes: [
    route({
      path: '/v1/rows',
      summary: 'As many rows as are asked for',
      query: z.object({ limit: z.coerce.number().int().default(10) }),
      data: z.array(z.object({ n: z.number(), name: z.string() })),
      answer: async ({ limit }) => ({ data: numbers(limit) }),
    }),
  ],
};
const app = appOf([rows]);
const sha256 = (key: string): string => createHash('sha256').update(key).digest('hex');
const guarded = appOf([rows], { keys: keyRing({ write: [sha256('w')], read: [sha256('r')], admin: [sha256('a')] }) });
const withKey = (key: string) => ({ headers: { Authorization: `Bearer ${key}` } });

describe('methods and paths', () => {
  test.each([
    ['GET', '/v1/events', 'OPTIONS, POST'],
    ['PUT', '/v1/events', 'OPTIONS, POST'],
    ['POST', '/v1/rows', 'GET, HEAD, OPTIONS'],
    ['DELETE', '/v1/webhooks', 'GET, HEAD, OPTIONS, POST'],
    ['PATCH', '/health/live', 'GET, HEAD, OPTIONS'],
    ['PATCH', '/v1/imports/rees46', 'OPTIONS, POST'],
    ['PATCH', '/v1/imports/import-1', 'DELETE, GET, HEAD, OPTIONS'],
  ])('%s %s is a 405 that says which methods there are', async (method, path, allow) => {
    const response = await app.request(path, { method });
    expect([response.status, response.headers.get('Allow')]).toEqual([405, allow]);
    expect(await response.json()).toMatchObject({ type: '/problems/method-not-allowed', status: 405 });
  });

  test('a wrong method is told as one, where no key would help', async () => {
    const response = await guarded.request('/v1/events', { method: 'PUT', ...withKey('w') });
    expect([response.status, response.headers.get('Allow')]).toEqual([405, 'OPTIONS, POST']);
    expect((await guarded.request('/v1/rows', withKey('w'))).status).toBe(403);
    expect((await guarded.request('/v1/events', { method: 'PUT' })).status).toBe(401);
  });

  test('OPTIONS says what a path takes, one of words alone not what its parameter takes', async () => {
    const words = await app.request('/v1/webhooks/deliveries', { method: 'OPTIONS' });
    expect(words.headers.get('Allow')).toBe('GET, HEAD, OPTIONS');
    const response = await app.request('/v1/rows', { method: 'OPTIONS' });
    expect([response.status, response.headers.get('Allow')]).toEqual([204, 'GET, HEAD, OPTIONS']);
    expect((await app.request('/v1/nothing', { method: 'OPTIONS' })).status).toBe(404);
  });

  test.each(['/v1/rows/', '/docs/', '/health/live/', '/problems/'])(
    '%s is the same as without the slash at its end',
    async (path) => {
      expect((await app.request(path)).status).toBe(200);
    },
  );

  test('a slash at the end opens nothing to a key that may not', async () => {
    expect((await guarded.request('/v1/dead-letters/', withKey('r'))).status).toBe(403);
    expect((await guarded.request('/metrics/')).status).toBe(401);
  });

  test.each(['Bearer r', 'bearer r', 'BEARER  r'])('the key in "Authorization: %s" is taken', async (Authorization) => {
    expect((await guarded.request('/v1/rows', { headers: { Authorization } })).status).toBe(200);
  });
});

describe('problems', () => {
  test('the type of each leads to a page that says what it means and what to do', async () => {
    const all = await (await app.request('/problems')).text();
    for (const { code, title } of problemTypes) {
      expect(all).toContain(`/problems/${code}`);
      const response = await app.request(`/problems/${code}`);
      expect([response.status, response.headers.get('Content-Type')]).toEqual([200, 'text/html; charset=UTF-8']);
      expect(await response.text()).toContain(title);
    }
    expect((await app.request('/problems/none')).status).toBe(404);
  });

  test('name the request that they refuse', async () => {
    const response = await app.request('/v1/nothing', { headers: { 'X-Request-Id': 'seen-2' } });
    expect(await response.json()).toMatchObject({ type: '/problems/not-found', request_id: 'seen-2' });
  });

  test('are kept by nobody', async () => {
    expect((await app.request('/v1/nothing')).headers.get('Cache-Control')).toBe('no-store');
  });
});

describe('the id of a request', () => {
  test.each(['/v1/rows', '/v1/pipeline', '/v1/nothing', '/health/live', '/docs', '/'])(
    'stands in the answer of %s, taken over or made',
    async (path) => {
      const given = await app.request(path, { headers: { 'X-Request-Id': 'abc-1:2/3' } });
      expect(given.headers.get('X-Request-Id')).toBe('abc-1:2/3');
      const [made, another] = [await app.request(path), await app.request(path)];
      expect(made.headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(made.headers.get('X-Request-Id')).not.toBe(another.headers.get('X-Request-Id'));
    },
  );

  test.each(['a b', 'x'.repeat(129), '<script>', ''])('that is not well-formed is not taken over: %j', async (id) => {
    const response = await app.request('/v1/rows', { headers: { 'X-Request-Id': id } });
    expect(response.headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('stands in the log beside what failed', async () => {
    const lines: object[] = [];
    const note = (details: object): void => void lines.push(details);
    const broken = appOf([], {
      monitor: {
        check: () => Promise.reject(new Error('no')),
        asOf: async () => 0,
        eventsPerSecond: () => 0,
        freshness: () => ({ p50: null, p99: null }),
      },
      logger: { debug: note, info: note, warn: note, error: note },
    });
    const response = await broken.request('/v1/pipeline', { headers: { 'X-Request-Id': 'seen-1' } });
    expect(response.status).toBe(500);
    expect(lines).toMatchObject([{ request_id: 'seen-1', method: 'GET', path: '/v1/pipeline' }]);
  });
});

test('a key with a rate or a quota says in every answer how much of it is left', async () => {
  const publishable = [{ key: 'pk_shop', origins: ['https://shop.example'] }];
  const limited = appOf([], { keys: keyRing({ publishable, publicRate: 2 }) });
  const left: (string | null)[][] = [];
  for (let i = 0; i < 5; i++) {
    const { status, headers } = await limited.request('/v1/events?key=pk_shop', {
      method: 'POST',
      headers: { 'Content-Type': 'text/plain', Origin: 'https://shop.example' },
      body: '{}',
    });
    left.push([String(status), headers.get('RateLimit-Limit'), headers.get('RateLimit-Remaining')]);
  }
  expect(left).toEqual([
    ['202', '4', '3'],
    ['202', '4', '2'],
    ['202', '4', '1'],
    ['202', '4', '0'],
    ['429', '4', '0'],
  ]);
});

test('sending says how many events may still wait', async () => {
  const waiting = (n: number) =>
    appOf([], { acceptor: { waiting: n, accept: async () => ({ accepted: 1, rejected: [] }) } }).request('/v1/events', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    });
  for (const [n, status, left] of [
    [10, 202, '49990'],
    [50_001, 429, '0'],
  ] as const) {
    const response = await waiting(n);
    expect([response.status, response.headers.get('RateLimit-Remaining')]).toEqual([status, left]);
    expect([response.headers.get('RateLimit-Limit'), response.headers.get('RateLimit-Reset')]).toEqual(['50000', '1']);
    expect(response.headers.get('Retry-After')).toBe(status === 429 ? '1' : null);
  }
});

describe('answers to GET', () => {
  test('are not sent again to whoever has them', async () => {
    const first = await app.request('/v1/rows');
    const etag = first.headers.get('ETag') ?? '';
    expect(first.headers.get('Cache-Control')).toBe('private, no-cache');
    for (const known of [etag, `"other", ${etag}`, etag.replace('W/', ''), '*']) {
      const again = await app.request('/v1/rows', { headers: { 'If-None-Match': known } });
      expect([again.status, again.headers.get('ETag'), await again.text()]).toEqual([304, etag, '']);
    }
    for (const other of ['"other"', '']) {
      const again = await app.request('/v1/rows', { headers: { 'If-None-Match': other } });
      expect([again.status, again.headers.get('ETag')]).toEqual([200, etag]);
    }
    expect((await app.request('/v1/rows?limit=2')).headers.get('ETag')).not.toBe(etag);
  });

  test.each(['/v1/pipeline', '/v1/imports', '/v1/alerts', '/openapi.json'])(
    '%s is not sent again either, whenever it was made',
    async (path) => {
      let nowMs = Date.parse('2026-11-20T12:00:12Z');
      const clocked = appOf([rows], { read: { ...readParts, now: () => nowMs } });
      const first = await clocked.request(path);
      const etag = first.headers.get('ETag') ?? '';
      expect(etag).toMatch(/^W\/"[\w-]+"$/);
      expect(first.headers.get('Cache-Control')).toBe('private, no-cache');
      nowMs += 5_000;
      const again = await clocked.request(path, { headers: { 'If-None-Match': etag } });
      expect([again.status, again.headers.get('ETag'), await again.text()]).toEqual([304, etag, '']);
      const head = await clocked.request(path, { method: 'HEAD' });
      expect([head.status, head.headers.get('ETag'), await head.text()]).toEqual([200, etag, '']);
    },
  );

  test.each(['/v1/keys', '/v1/audit', '/v1/webhooks', '/v1/users/u/export'])(
    '%s, which is secret or all of a person, is kept by nobody',
    async (path) => {
      const { status, headers } = await app.request(path);
      expect([status, headers.get('ETag'), headers.get('Cache-Control')]).toEqual([200, null, 'no-store']);
    },
  );

  test('that are large are compressed for those who take that', async () => {
    const ask = (limit: number, headers: Record<string, string>) => app.request(`/v1/rows?limit=${limit}`, { headers });
    const packed = await ask(500, { 'Accept-Encoding': 'br, gzip' });
    expect(packed.headers.get('Content-Encoding')).toBe('gzip');
    expect(packed.headers.get('Vary')).toContain('Accept-Encoding');
    const { data } = JSON.parse(gunzipSync(Buffer.from(await packed.arrayBuffer())).toString());
    expect(data).toEqual(numbers(500));
    expect((await ask(500, {})).headers.get('Content-Encoding')).toBeNull();
    expect((await ask(500, { 'Accept-Encoding': 'identity' })).headers.get('Content-Encoding')).toBeNull();
    expect((await ask(3, { 'Accept-Encoding': 'gzip' })).headers.get('Content-Encoding')).toBeNull();
    const small = await app.request('/v1/imports', { headers: { 'Accept-Encoding': 'gzip' } });
    expect(small.headers.get('Content-Encoding')).toBeNull();
    const document = await app.request('/openapi.json', { headers: { 'Accept-Encoding': 'gzip' } });
    expect(document.headers.get('Content-Encoding')).toBe('gzip');
  });
});
