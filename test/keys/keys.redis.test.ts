import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { runKeysCommand } from '../../src/app/keys/manage-keys.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { eventually, type Json, startSystem, type TestSystem, unique } from '../support/system/system.ts';

const ADMIN = 'an-admin-key-of-the-settings-1';
let redis: TestRedis;
let prefix: string;
const systems: TestSystem[] = [];
beforeAll(async () => {
  redis = await startRedis();
});
afterEach(async () => {
  for (const system of systems.splice(0)) await system.close();
});
afterAll(() => redis.stop());

/** A process of an installation; the next one with `prefix` belongs to the same. */
async function start(environment: Readonly<Record<string, string>> = {}): Promise<TestSystem> {
  prefix = environment['KEY_PREFIX'] ?? unique();
  const system = await startSystem(redis.url, { ADMIN_KEYS: ADMIN, ...environment, KEY_PREFIX: prefix });
  systems.push(system);
  return system;
}

const as = (key: string, more: Readonly<Record<string, string>> = {}) => ({ Authorization: `Bearer ${key}`, ...more });
const JSON_TYPE = { 'Content-Type': 'application/json' };

async function change(system: TestSystem, path: string, body: unknown, key = ADMIN): Promise<[number, Json]> {
  const init = { method: 'POST', headers: as(key, JSON_TYPE), body: JSON.stringify(body) };
  const response = await system.request(path, init);
  return [response.status, await response.json()];
}

async function make(system: TestSystem, input: Readonly<Record<string, unknown>>): Promise<Json> {
  const [status, { data }] = await change(system, '/v1/keys', { name: 'one', ...input });
  expect(status).toBe(201);
  return data;
}

async function statusOf(system: TestSystem, path: string, headers: Readonly<Record<string, string>>, init = {}) {
  const response = await system.request(path, { ...init, headers });
  await response.text();
  return response.status;
}

const EVENT = { method: 'POST', body: JSON.stringify({ name: 'view_item', user_id: 'u' }) };

describe('a key', () => {
  test.each([
    ['send', { '/v1/events': 202 }],
    ['import', { '/v1/imports/rees46': 400 }],
    ['read', { '/v1/engagement': 200, '/v1/pipeline': 200 }],
    ['read-personal', { '/v1/users/u/interactions': 200, '/v1/abandonment/carts': 200 }],
    ['metrics', { '/metrics': 200 }],
    ['admin', { '/v1/keys': 200, '/v1/audit': 200, '/v1/dead-letters': 200, '/v1/engagement': 200, '/metrics': 200 }],
  ])('with the scope %s does that and nothing else', async (scope, allowed: Readonly<Record<string, number>>) => {
    const system = await start();
    const { key } = await make(system, { scopes: [scope] });
    const paths = [
      '/v1/engagement',
      '/v1/pipeline',
      '/v1/users/u/interactions',
      '/v1/abandonment/carts',
      '/metrics',
      '/v1/keys',
      '/v1/audit',
      '/v1/dead-letters',
      '/v1/webhooks',
    ];
    for (const path of paths) {
      const expected = scope === 'admin' ? 200 : (allowed[path] ?? 403);
      expect([path, await statusOf(system, path, as(key))]).toEqual([path, expected]);
    }
    const sent = await statusOf(system, '/v1/events', as(key, JSON_TYPE), EVENT);
    expect(sent).toBe(['send', 'admin'].includes(scope) ? 202 : 403);
    const file = { method: 'POST', body: 'no header of rees46\n' };
    const brought = await statusOf(system, '/v1/imports/rees46', as(key, { 'Content-Type': 'text/csv' }), file);
    expect(brought).toBe(['import', 'admin'].includes(scope) ? 400 : 403);
    const erased = await statusOf(system, '/v1/users/nobody', as(key), { method: 'DELETE' });
    expect(erased).toBe(scope === 'admin' ? 202 : 403);
  });

  test('works in every process within seconds of being made, rotated and revoked', async () => {
    const system = await start();
    const other = await start({ KEY_PREFIX: prefix });
    const { id, key } = await make(system, { scopes: ['read'] });
    const asked = (secret: string) => statusOf(other, '/v1/engagement', as(secret));
    await eventually('the key to be known', async () => (await asked(key)) === 200, 5_000);

    const [, { data: kept }] = await change(system, `/v1/keys/${id}/rotate`, { keep_old_hours: 1.00000123 });
    await eventually('the new key to be known', async () => (await asked(kept.key)) === 200, 5_000);
    expect(await asked(key)).toBe(200);

    const [, { data: last }] = await change(system, `/v1/keys/${id}/rotate`, { keep_old_hours: 0 });
    await eventually('the old keys to end', async () => (await asked(kept.key)) === 401, 5_000);
    expect([await asked(key), await asked(last.key)]).toEqual([401, 200]);

    expect(await statusOf(system, `/v1/keys/${id}`, as(ADMIN), { method: 'DELETE' })).toBe(204);
    expect(await statusOf(system, '/v1/engagement', as(last.key))).toBe(401);
    await eventually('the key to be revoked', async () => (await asked(last.key)) === 401, 5_000);
    expect(await statusOf(system, `/v1/keys/${id}`, as(ADMIN), { method: 'DELETE' })).toBe(404);
  });

  test('is kept as its hash alone, and shown once', async () => {
    const system = await start();
    const init = {
      method: 'POST',
      headers: as(ADMIN, { ...JSON_TYPE, 'Idempotency-Key': 'once' }),
      body: JSON.stringify({ name: 'one', scopes: ['read'] }),
    };
    const made: Json = await (await system.request('/v1/keys', init)).json();
    const { key, id } = made.data;
    const list = await system.request('/v1/keys', { headers: as(ADMIN) });
    const text = await list.text();
    expect(text).toContain(id);
    expect(text).toContain('ADMIN_KEYS 1');
    expect(text).not.toContain(key);
    const client = new Redis(redis.url);
    for (const name of await client.keys(`${prefix}:*`)) {
      const kind = await client.type(name);
      const held =
        kind === 'hash' ? await client.hgetall(name) : kind === 'stream' ? await client.xrange(name, '-', '+') : '';
      expect(JSON.stringify(held)).not.toContain(key);
    }
    client.disconnect();
  });

  test('has an end, a rate and a quota for the day, which all processes share', async () => {
    const system = await start();
    const soon = new Date(Date.now() + 4_000).toISOString();
    const { key: ending } = await make(system, { scopes: ['read'], expires_at: soon });
    expect(await statusOf(system, '/v1/engagement', as(ending))).toBe(200);
    await eventually('its end', async () => (await statusOf(system, '/v1/engagement', as(ending))) === 401);

    const { key: slow } = await make(system, { scopes: ['read'], requests_per_second: 1 });
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await statusOf(system, '/v1/pipeline', as(slow)));
    expect(answers).toContain(429);

    const other = await start({ KEY_PREFIX: prefix });
    const { key: bounded } = await make(system, { scopes: ['read'], requests_per_day: 3 });
    for (let i = 0; i < 3; i++) expect(await statusOf(system, '/v1/pipeline', as(bounded))).toBe(200);
    const refused = await system.request('/v1/pipeline', { headers: as(bounded) });
    const problem: Json = await refused.json();
    expect([refused.status, problem.type]).toEqual([429, '/problems/over-quota']);
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
    await eventually(
      'the other process to know',
      async () => (await statusOf(other, '/v1/pipeline', as(bounded))) === 429,
      5_000,
    );
  });

  test('that is publishable sends from pages of its origins, without a restart', async () => {
    const system = await start();
    const { key } = await make(system, { kind: 'publishable', origins: ['https://shop.example'] });
    expect(key).toMatch(/^pk_/);
    const send = (Origin: string) => statusOf(system, `/v1/events?key=${key}`, { ...JSON_TYPE, Origin }, EVENT);
    expect(await send('https://shop.example')).toBe(202);
    expect(await send('https://evil.example')).toBe(403);
    expect(await statusOf(system, '/v1/engagement', as(key, { Origin: 'https://shop.example' }))).toBe(403);
  });

  test.each([
    [{ scopes: ['read'], key: 'secret' }, 'key'],
    [{ scopes: ['read'], key: 'abababababababababababababab' }, 'key'],
    [{ scopes: ['read'], key: 'pk_abcdefghijklmnopqrstuvwxyz' }, 'key'],
    [{ scopes: ['everything'] }, 'scopes.0'],
    [{}, 'scopes'],
    [{ kind: 'publishable' }, 'origins'],
    [{ kind: 'publishable', origins: ['https://shop.example/path'] }, 'origins.0'],
    [{ kind: 'publishable', origins: ['https://shop.example'], scopes: ['read'] }, 'scopes'],
    [{ scopes: ['read'], origins: ['https://shop.example'] }, 'origins'],
    [{ scopes: ['read'], expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
    [{ scopes: ['read'], expires_at: '2020-01-01' }, 'expires_at'],
  ])('such as %j is refused, and it is said what is wrong', async (input, path) => {
    const [status, problem] = await change(await start(), '/v1/keys', { name: 'one', ...input });
    expect([status, problem.errors[0].path]).toEqual([400, path]);
  });
});

describe('without keys of the settings', () => {
  test('the first key is an admin’s, and closes the API for good', async () => {
    const system = await start({ ADMIN_KEYS: '' });
    expect(await statusOf(system, '/v1/engagement', {})).toBe(200);
    const first = (scopes: string[]) =>
      system.request('/v1/keys', {
        method: 'POST',
        headers: JSON_TYPE,
        body: JSON.stringify({ name: 'first', scopes }),
      });
    expect((await first(['read'])).status).toBe(400);
    const made = await first(['admin']);
    const { data }: Json = await made.json();
    expect(made.status).toBe(201);
    expect(await statusOf(system, '/v1/engagement', {})).toBe(401);
    expect(await statusOf(system, `/v1/keys/${data.id}`, as(data.key), { method: 'DELETE' })).toBe(204);
    expect(await statusOf(system, '/v1/engagement', {})).toBe(401);
    const again = await start({ ADMIN_KEYS: '', KEY_PREFIX: prefix });
    expect(await statusOf(again, '/v1/engagement', {})).toBe(401);
  });

  test('nobody is let in where other machines reach the API', async () => {
    const system = await start({ ADMIN_KEYS: '', HOST: '0.0.0.0' });
    expect(await statusOf(system, '/v1/engagement', {})).toBe(401);
  });
});

describe('the audit log', () => {
  test('has what admins did, by whom, what came of it, and no user’s id', async () => {
    const system = await start();
    const { id, key } = await make(system, { name: 'office', scopes: ['admin'] });
    await statusOf(system, '/v1/users/somebody', as(key), { method: 'DELETE' });
    await statusOf(system, '/v1/keys/none', as(key), { method: 'DELETE' });
    await statusOf(system, '/v1/engagement', as(key));
    const command = {
      command: 'make' as const,
      input: { name: 'by hand', kind: 'secret' as const, scopes: ['read' as const] },
    };
    const [, secret = ''] = await runKeysCommand(command, system.system);
    expect(await statusOf(system, '/v1/engagement', as(secret.split(' ')[0] ?? ''))).toBe(401);
    const response = await system.request('/v1/audit', { headers: as(ADMIN) });
    const { data }: Json = await response.json();
    const shown = data.map(({ at: _, request_id: __, ...entry }: Json) => entry);
    expect(shown).toEqual([
      { by: 'command-line', name: expect.any(String), action: 'keys make by hand', status: 200 },
      { by: id, name: 'office', action: 'DELETE /v1/keys/none', status: 404 },
      { by: id, name: 'office', action: 'DELETE /v1/users/{user_id}', status: 202 },
      { by: 'settings-admin-1', name: 'ADMIN_KEYS 1', action: 'POST /v1/keys', status: 201 },
    ]);
  });

  test('keeps a year', async () => {
    const system = await start();
    const client = new Redis(redis.url);
    const dayMs = 86_400_000;
    const key = `${prefix}:{installation}:audit`;
    for (const days of [400, 370, 360]) {
      const atMs = Date.now() - days * dayMs;
      const at = new Date(atMs).toISOString();
      const entry = { at, by: 'x', name: `${days} days ago`, action: 'a', status: 200 };
      await client.xadd(key, `${atMs}-0`, 'entry', JSON.stringify(entry));
    }
    await make(system, { scopes: ['read'] });
    const response = await system.request('/v1/audit', { headers: as(ADMIN) });
    const { data }: Json = await response.json();
    expect(data.map(({ name }: Json) => name)).toEqual(['ADMIN_KEYS 1', '360 days ago']);
    client.disconnect();
  });
});
