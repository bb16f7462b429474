import { expect, test } from 'vitest';
import { z } from 'zod';
import { questions } from '../../src/analytics/index.ts';
import { digestOf, type Key, SCOPES, type Scope } from '../../src/keys/key.ts';
import { appOf, keyRing } from '../http/app-parts.ts';

/** What anybody may see: how the server is, and what it could be asked. */
const PUBLIC = new Set(['/health/live', '/health/ready']);
/** Signed by the shop, with a secret of their own. */
const SIGNED = /^\/v1\/hooks\//;
/** A protocol's messages are posted also where they only ask. */
const ASKS = new Set(['/mcp']);
const document = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

const keys = keyRing({ admin: [digestOf('admin')] });
keys.take({
  keys: SCOPES.map(
    (scope): Key => ({
      id: scope,
      name: scope,
      kind: 'secret',
      scopes: [scope],
      origins: [],
      digest: digestOf(scope),
      madeMs: 0,
    }),
  ),
  isClosed: true,
  version: '1',
});
const app = appOf(questions, { keys });

async function everyOperation(): Promise<[method: string, path: string][]> {
  const { paths } = document.parse(await (await app.request('/openapi.json')).json());
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method): [string, string] => [method.toUpperCase(), path.replace(/\{[^}]+\}/g, 'x')]),
  );
}

const ask = async (method: string, path: string, key?: string): Promise<number> => {
  const headers = key === undefined ? {} : { Authorization: `Bearer ${key}` };
  return (await app.request(path, { method, headers })).status;
};

/** Which scopes let a request through, whatever becomes of it then. */
async function scopesOf(method: string, path: string): Promise<Scope[]> {
  const allowed: Scope[] = [];
  for (const scope of SCOPES) if (![401, 403].includes(await ask(method, path, scope))) allowed.push(scope);
  return allowed;
}

test('every operation of the document refuses who has no key', async () => {
  for (const [method, path] of await everyOperation())
    if (!PUBLIC.has(path)) expect([method, path, await ask(method, path)]).toEqual([method, path, 401]);
});

test('every operation is let through by one scope and by admin; what changes something by admin, send or import', async () => {
  for (const [method, path] of await everyOperation()) {
    if (PUBLIC.has(path) || SIGNED.test(path)) continue;
    const allowed = await scopesOf(method, path);
    expect([method, path, allowed.length <= 2, allowed.includes('admin')]).toEqual([method, path, true, true]);
    const isSend = allowed.includes('send') || allowed.includes('import');
    if (ASKS.has(path)) expect([path, allowed]).toEqual([path, ['read', 'admin']]);
    else if (method !== 'GET') expect([method, path, isSend || allowed.length === 1]).toEqual([method, path, true]);
    else expect([method, path, allowed.includes('import')]).toEqual([method, path, false]);
  }
});

test('what names people needs read-personal', async () => {
  for (const path of [
    '/v1/users/x/interactions',
    '/v1/users/x/export',
    '/v1/abandonment/carts',
    '/v1/export/carts.csv',
    '/v1/reconciliations/x',
  ])
    expect([path, await scopesOf('GET', path)]).toEqual([path, ['read-personal', 'admin']]);
  for (const path of [
    '/v1/users/x/interactions/',
    '/v1//users/x/interactions',
    '/v1/users/%78/export',
    '/v1/export/%63arts.csv',
  ])
    expect([path, await ask('GET', path, 'read')]).not.toEqual([path, 200]);
});

test('a request about a user that fails is logged without their id', async () => {
  const lines: string[] = [];
  const nothing = () => undefined;
  const error = (details: object) => lines.push(JSON.stringify({ ...details, stack: '' }));
  const users = { of: async () => Promise.reject(new Error('away')) };
  const failing = appOf(questions, { users, logger: { debug: nothing, info: nothing, warn: nothing, error } });
  expect((await failing.request('/v1/users/anna/export')).status).toBe(500);
  expect(lines).toEqual([expect.stringContaining('/v1/users/{user_id}/export')]);
  expect(lines.join()).not.toContain('anna');
});

test('what is sent beside what is asked for is refused, not taken over', async () => {
  const headers = { Authorization: 'Bearer admin', 'Content-Type': 'application/json' };
  for (const [path, body] of [
    ['/v1/keys', { name: 'one', scopes: ['read'], digest: 'a'.repeat(64) }],
    ['/v1/webhooks', { url: 'https://shop.example', disabledAt: 'x' }],
    ['/v1/alerts', { name: 'a', answer: 'revenue', field: 'orders', when: { above: 1 }, to: [], id: 'x' }],
    ['/v1/notes', { at: '2026-11-20', text: 'a', id: 'x' }],
  ] as const) {
    const response = await app.request(path, { method: 'POST', headers, body: JSON.stringify(body) });
    expect([path, response.status]).toEqual([path, 400]);
  }
});

test('no body is read that is larger than what its operation takes, whoever sends it', async () => {
  const large = Buffer.alloc(16 * 1_048_576, ' ');
  for (const [method, path] of await everyOperation()) {
    // Files lie on the disk while they are read.
    if (!['POST', 'PUT', 'PATCH'].includes(method) || /imports|reconciliations/.test(path)) continue;
    let taken = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const chunk = large.subarray(taken, taken + 65_536);
        taken += chunk.length;
        if (chunk.length > 0) controller.enqueue(chunk);
        else controller.close();
      },
    });
    const headers = { Authorization: 'Bearer admin', 'Content-Type': 'application/json' };
    const { status } = await app.request(path, { method, headers, body, duplex: 'half' });
    expect([method, path, status, taken < 2 * 1_048_576]).toEqual([method, path, 413, true]);
  }
});
