import { describe, expect, test } from 'vitest';
import type { AppParts } from '../../../src/http/app.ts';
import { appOf, keyRing } from '../app-parts.ts';

const EVENT = JSON.stringify({ name: 'view_item', user_id: 'u' });
type Headers = Readonly<Record<string, string>>;
const plain = { 'Content-Type': 'text/plain' };

describe('without keys', () => {
  const app = appOf([], { corsOrigins: ['https://office.example'] });
  const statusOf = async (path: string, headers: Headers, init: RequestInit = {}) =>
    (await app.request(path, { ...init, headers })).status;

  test.each(['127.0.0.1:3000', 'localhost:3000', '[::1]:3000', 'LOCALHOST', '127.0.0.1'])(
    'the host %s is answered',
    async (Host) => {
      expect(await statusOf('/openapi.json', { Host })).toBe(200);
    },
  );

  test.each(['rebound.example', '127.0.0.1.rebound.example:3000', 'localhost.rebound.example', '10.0.0.1', ''])(
    'the host %j is refused on every path',
    async (Host) => {
      for (const path of ['/openapi.json', '/health/live', '/metrics', '/v1/imports', '/'])
        expect([path, await statusOf(path, { Host })]).toEqual([path, 403]);
    },
  );

  test.each(['https://evil.example', 'null', 'http://127.0.0.1.evil.example', 'file://'])(
    'the origin %s may neither read nor change',
    async (Origin) => {
      expect(await statusOf('/v1/imports', { Origin })).toBe(403);
      expect(await statusOf('/v1/events', { Origin, ...plain }, { method: 'POST', body: EVENT })).toBe(403);
      expect(await statusOf('/v1/webhooks/1', { Origin }, { method: 'DELETE' })).toBe(403);
    },
  );

  test.each(['http://localhost:5173', 'http://127.0.0.1:3000', 'http://[::1]:80', 'https://office.example'])(
    'the origin %s may',
    async (Origin) => {
      expect(await statusOf('/v1/imports', { Origin })).toBe(200);
      expect(await statusOf('/v1/events', { Origin, ...plain }, { method: 'POST', body: EVENT })).toBe(202);
    },
  );

  test('what another site fetches without an origin is refused; a link to a page is followed', async () => {
    const cross = { 'Sec-Fetch-Site': 'cross-site' };
    expect(await statusOf('/v1/imports', { ...cross, 'Sec-Fetch-Dest': 'image' })).toBe(403);
    expect(await statusOf('/v1/imports', { ...cross, 'Sec-Fetch-Dest': 'document' })).toBe(403);
    expect(await statusOf('/docs', { ...cross, 'Sec-Fetch-Dest': 'iframe' })).toBe(403);
    expect(await statusOf('/docs', { ...cross, 'Sec-Fetch-Dest': 'document' })).toBe(200);
    expect(await statusOf('/v1/imports', { 'Sec-Fetch-Site': 'same-origin' })).toBe(200);
  });

  test('what pages of other origins send is noted as the snippet’s, with why it is refused', async () => {
    const notes: unknown[] = [];
    const note: AppParts['noted']['note'] = async (way, { status, detail }) => void notes.push([way, status, detail]);
    const noting = appOf([], { noted: { note, last: async () => [] } });
    for (const type of ['text/plain', 'application/json'])
      for (const path of ['/v1/events', '/v1/events/', '/v1/imports'])
        await noting.request(path, {
          method: 'POST',
          headers: { Origin: 'https://evil.example', 'Content-Type': type },
          body: EVENT,
        });
    const noted = ['snippet', 403, expect.stringContaining('CORS_ORIGINS')];
    expect(notes).toEqual([noted, noted]);
  });
});

describe('with keys', () => {
  test('hosts and origins may be any', async () => {
    const app = appOf([], { keys: keyRing({ read: ['a'.repeat(64)] }) });
    const headers = { Host: 'analytics.example', Origin: 'https://evil.example' };
    expect((await app.request('/v1/imports', { headers })).status).toBe(401);
    expect((await app.request('/openapi.json', { headers })).status).toBe(200);
  });
});

describe.each([
  ['without other keys', {}],
  ['beside others', { write: ['a'.repeat(64)] }],
])('a publishable key, %s,', (_, others) => {
  const clock = { ms: 0 };
  const keys = () =>
    keyRing({
      ...others,
      publishable: [
        { key: 'pk_shop', origins: ['https://shop.example', 'https://m.shop.example'] },
        { key: 'pk_app', origins: ['null'] },
      ],
      publicRate: 10,
      now: () => clock.ms,
    });
  const send = (app: ReturnType<typeof appOf>, key: string, Origin?: string, headers: Headers = plain) =>
    app.request(`/v1/events${key}`, {
      method: 'POST',
      body: EVENT,
      headers: { ...headers, ...(Origin !== undefined && { Origin }) },
    });
  const app = appOf([], { keys: keys() });

  test('sends from its origins, as beacons do', async () => {
    expect((await send(app, '?key=pk_shop', 'https://shop.example')).status).toBe(202);
    expect((await send(app, '?key=pk_shop', 'https://m.shop.example')).status).toBe(202);
    expect((await send(app, '?key=pk_app', 'null')).status).toBe(202);
    const bearer = { Authorization: 'Bearer pk_shop', 'Content-Type': 'application/json' };
    expect((await send(app, '', 'https://shop.example', bearer)).status).toBe(202);
  });

  test('is refused from other origins, from none, and where it is not known', async () => {
    expect((await send(app, '?key=pk_shop', 'https://evil.example')).status).toBe(403);
    expect((await send(app, '?key=pk_shop', 'null')).status).toBe(403);
    expect((await send(app, '?key=pk_shop')).status).toBe(403);
    expect((await send(app, '?key=pk_other', 'https://shop.example')).status).toBe(401);
  });

  test('sends once what has an Idempotency-Key, which another key may use as well', async () => {
    const names = new Set<string>();
    const keptAnswers: AppParts['keptAnswers'] = {
      claim: async (name) => {
        names.add(name);
        return { outcome: 'begun' };
      },
      end: async () => undefined,
    };
    const own = appOf([], { keys: keys(), keptAnswers });
    const headers = { ...plain, 'Idempotency-Key': 'order-1' };
    expect((await send(own, '?key=pk_shop', 'https://shop.example', headers)).status).toBe(202);
    expect((await send(own, '?key=pk_app', 'null', headers)).status).toBe(202);
    expect(names.size).toBe(2);
  });

  test('does nothing else', async () => {
    for (const path of ['/v1/imports', '/v1/webhooks', '/v1/dead-letters', '/metrics']) {
      const headers = { Authorization: 'Bearer pk_shop', Origin: 'https://shop.example' };
      expect([path, (await app.request(path, { headers })).status]).toEqual([path, 403]);
    }
    const read = await app.request('/v1/imports?key=pk_shop', { headers: { Origin: 'https://shop.example' } });
    expect([400, 401, 403]).toContain(read.status);
  });

  test('is asked about beforehand by browsers, and the answer names its origin alone', async () => {
    const ask = (Origin: string, path: string) =>
      app.request(path, { method: 'OPTIONS', headers: { Origin, 'Access-Control-Request-Method': 'POST' } });
    const allowed = (response: Response) => response.headers.get('Access-Control-Allow-Origin');
    expect(allowed(await ask('https://shop.example', '/v1/events'))).toBe('https://shop.example');
    expect(allowed(await ask('https://evil.example', '/v1/events'))).toBeNull();
    expect(allowed(await ask('https://shop.example', '/v1/webhooks'))).toBeNull();
  });

  test('shows a page that sends its cookies along, as gtag has it, what became of it: on that way alone', async () => {
    const ask = async (path: string, Origin: string) => {
      const { headers } = await app.request(path, { method: 'POST', body: EVENT, headers: { ...plain, Origin } });
      return ['Origin', 'Credentials'].map((what) => headers.get(`Access-Control-Allow-${what}`));
    };
    const collect = '/g/collect?v=2&cid=1&en=page_view&ep.cartpulse_key=pk_shop';
    expect(await ask(collect, 'https://shop.example')).toEqual(['https://shop.example', 'true']);
    expect(await ask('/v1/events?key=pk_shop', 'https://shop.example')).toEqual(['https://shop.example', null]);
    expect((await ask(collect, 'https://evil.example'))[0]).toBeNull();
  });

  test('sends so many times a second, each key for itself', async () => {
    const own = appOf([], { keys: keys() });
    for (let i = 0; i < 20; i++) expect((await send(own, '?key=pk_shop', 'https://shop.example')).status).toBe(202);
    const refused = await send(own, '?key=pk_shop', 'https://shop.example');
    expect([refused.status, refused.headers.get('Retry-After')]).toEqual([429, '1']);
    expect((await send(own, '?key=pk_app', 'null')).status).toBe(202);
    clock.ms += 1_000;
    expect((await send(own, '?key=pk_shop', 'https://shop.example')).status).toBe(202);
  });

  test.each([
    ['/v1/events?key=pk_shop', `[${Array(200).fill('{}').join(',')}]`],
    ['/g/collect?v=2&cid=1&ep.cartpulse_key=pk_shop', Array(200).fill('en=a').join('\n')],
  ])('pays for what it sends in one request as for many, by %s', async (path, body) => {
    clock.ms += 10_000;
    const own = appOf([], { keys: keys() });
    const headers = { ...plain, Origin: 'https://shop.example' };
    const ask = async (of: string): Promise<number> =>
      (await own.request(path, { method: 'POST', headers, body: of })).status;
    const few = path.startsWith('/g') ? 'en=a' : EVENT;
    // Twice its rate of 10 are there, of which two hundred events take all.
    expect([await ask(body), await ask(few)]).toEqual([expect.any(Number), 429]);
    clock.ms += 100;
    expect(await ask(body)).toBeLessThan(300);
    clock.ms += 1_800;
    expect(await ask(few)).toBe(429);
    clock.ms += 300;
    expect(await ask(few)).toBeLessThan(300);
  });
});

test('without keys a page of this machine sees what became of what it sent, and no answer else; others see none', async () => {
  const app = appOf([]);
  const shown = async (path: string, Origin: string, method = 'POST') => {
    const init = method === 'POST' ? { body: EVENT } : {};
    const response = await app.request(path, { method, ...init, headers: { ...plain, Origin } });
    return response.headers.get('Access-Control-Allow-Origin');
  };
  const page = 'http://localhost:8080';
  expect(await shown('/v1/events', page)).toBe(page);
  expect(await shown('/v1/batch', page, 'OPTIONS')).toBe(page);
  expect(await shown('/v1/imports', page, 'GET')).toBeNull();
  expect(await shown('/v1/webhooks', page)).toBeNull();
  expect(await shown('/v1/events', 'https://evil.example')).toBeNull();
});

test('a secret key does not count where it stands in an address', async () => {
  const digest = '2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b';
  const app = appOf([], { keys: keyRing({ write: [digest] }) });
  const init = { method: 'POST', body: EVENT, headers: plain };
  expect((await app.request('/v1/events?key=secret', init)).status).toBe(401);
});

describe('every answer', () => {
  const app = appOf([]);
  test.each(['/v1/imports', '/v1/imports/none', '/v1/nothing', '/openapi.json', '/docs', '/metrics'])(
    '%s is taken for no other kind, and shown in no page of another origin',
    async (path) => {
      const { headers } = await app.request(path);
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(headers.get('Cross-Origin-Resource-Policy')).toBe('same-origin');
      expect(headers.has('Strict-Transport-Security')).toBe(false);
    },
  );

  test('of the API is shared with nobody', async () => {
    expect((await app.request('/v1/imports')).headers.get('Cache-Control')).toBe('private, no-cache');
    expect((await app.request('/v1/keys')).headers.get('Cache-Control')).toBe('no-store');
    expect((await app.request('/v1/imports/none')).headers.get('Cache-Control')).toBe('no-store');
  });

  test.each(['/docs', '/problems', '/problems/bad-request'])('%s stands in no frame', async (path) => {
    const { status, headers } = await app.request(path);
    expect([status, headers.get('Content-Security-Policy')]).toEqual([
      200,
      expect.stringContaining("frame-ancestors 'none'"),
    ]);
  });
});
