import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { VIEW_PARAMETERS } from '../../src/http/admin/views.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { type Json, startSystem, type TestSystem } from '../support/system/system.ts';

let redis: TestRedis;
let system: TestSystem;
beforeAll(async () => {
  redis = await startRedis();
});
beforeEach(async () => {
  system = await startSystem(redis.url, { ADMIN_KEYS: 'root', READ_KEYS: 'reader', WRITE_KEYS: 'sender' });
  return () => system.close();
});
afterAll(() => redis.stop());

async function ask(method: string, path: string, key: string, body?: object): Promise<[number, Json]> {
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
  const response = await system.request(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const text = await response.text();
  return [response.status, text === '' ? undefined : JSON.parse(text)];
}
const save = (name: string, query = '', key = 'root') => ask('POST', '/v1/views', key, { name, query });
const names = async (key = 'reader'): Promise<string[]> =>
  (await ask('GET', '/v1/views', key))[1].data.map(({ name }: Json) => name);

describe('a view of the page', () => {
  test('is kept for the shop: whoever may read sees it, by name, and one of that name is replaced', async () => {
    const [status, { data }] = await save(' Monday ', 'tab=sales&compare=week');
    expect([status, data.name, data.query]).toEqual([201, 'Monday', 'tab=sales&compare=week']);
    await save('Another', 'tab=stock');
    const [, again] = await save('Monday', 'tab=carts');
    expect(again.data.id).toBe(data.id);
    const [, listed] = await ask('GET', '/v1/views', 'reader');
    expect(listed.data.map(({ name, query }: Json) => [name, query])).toEqual([
      ['Another', 'tab=stock'],
      ['Monday', 'tab=carts'],
    ]);
    expect(listed.data[1].saved_at).toMatch(/^\d{4}-\d{2}-\d{2}T.+\+00:00$/);
    const [, first] = await ask('GET', '/v1/views?limit=1', 'reader');
    const [, next] = await ask('GET', `/v1/views?limit=1&cursor=${first.meta.next_cursor}`, 'reader');
    expect([first.data[0].name, next.data[0].name]).toEqual(['Another', 'Monday']);
  });

  test('is saved and removed by admins alone, which is written down', async () => {
    const [, { data }] = await save('mine');
    for (const key of ['reader', 'sender']) {
      expect((await save('theirs', '', key))[0]).toBe(403);
      expect((await ask('DELETE', `/v1/views/${data.id}`, key))[0]).toBe(403);
    }
    expect((await ask('GET', '/v1/views', 'sender'))[0]).toBe(403);
    expect((await ask('DELETE', `/v1/views/${data.id}`, 'root'))[0]).toBe(204);
    expect((await ask('DELETE', `/v1/views/${data.id}`, 'root'))[0]).toBe(404);
    expect(await names()).toEqual([]);
    const [, audit] = await ask('GET', '/v1/audit', 'root');
    const done = audit.data.map(({ action, status }: Json) => [action, status]);
    expect(done).toEqual(
      expect.arrayContaining([
        ['POST /v1/views', 201],
        [`DELETE /v1/views/${data.id}`, 204],
      ]),
    );
  });

  test.each([
    ['', 'tab=sales', 'name'],
    ['x'.repeat(61), 'tab=sales', 'name'],
    ['a', `tab=${'x'.repeat(8_000)}`, 'query'],
    ['a', 'https://evil.example/?tab=sales', 'query'],
    ['a', 'tab=sales&redirect=https://evil.example', 'query'],
    ['a', 'key=secret', 'query'],
    ['a', 'visitor=anna', 'query'],
    ['a', 'b&'.repeat(4_000), 'query'],
    ['a', 'b&'.repeat(130_000), 'query'],
  ])('named %j that says %j is refused', async (name, query, path) => {
    const [status, problem] = await save(name, query);
    expect([status, problem.errors[0].path]).toEqual([400, path]);
    // However much is sent.
    expect(JSON.stringify(problem).length).toBeLessThan(5_000);
    expect(await names()).toEqual([]);
  });

  test('says all that the page’s address may say', async () => {
    const query = new URLSearchParams([...VIEW_PARAMETERS].map((name): [string, string] => [name, 'x'])).toString();
    expect((await save('all of it', query))[0]).toBe(201);
  });

  test('is one of two hundred at most', { timeout: 60_000 }, async () => {
    const saved = await Promise.all(Array.from({ length: 203 }, (_, i) => save(`view ${i}`)));
    // Also where they come at once.
    expect(saved.filter(([status]) => status === 201)).toHaveLength(200);
    expect(await names()).toHaveLength(200);
    const [status, problem] = await save('one more');
    expect([status, problem.type]).toEqual([409, '/problems/too-many-views']);
    const one = saved.findIndex(([status]) => status === 201);
    expect((await save(`view ${one}`, 'tab=carts'))[0]).toBe(201);
  });
});

test('a key is told what it may do', async () => {
  const scopesOf = async (key: string): Promise<Json> => (await ask('GET', '/v1/key', key))[1].data?.scopes;
  expect(await scopesOf('reader')).toEqual(expect.arrayContaining(['read']));
  expect(await scopesOf('reader')).not.toContain('admin');
  expect(await scopesOf('root')).toEqual(expect.arrayContaining(['admin', 'read', 'read-personal']));
  expect((await ask('GET', '/v1/key', 'nobody'))[0]).toBe(401);
  const open = await startSystem(redis.url);
  const { data }: Json = await (await open.request('/v1/key')).json();
  expect(data.scopes).toContain('admin');
  await open.close();
});
