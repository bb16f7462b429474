import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { type Json, startSystem, type TestSystem } from '../support/system/system.ts';

let redis: TestRedis;
let system: TestSystem;
beforeAll(async () => {
  redis = await startRedis();
  system = await startSystem(redis.url, {
    STORE_TIMEZONE: 'Europe/Berlin',
    ADMIN_KEYS: 'root',
    READ_KEYS: 'reader',
    WRITE_KEYS: 'writer',
  });
});
afterAll(async () => {
  await system.close();
  await redis.close();
});

async function ask(method: string, path: string, { key = 'root', body }: { key?: string; body?: object } = {}) {
  const headers = { Authorization: `Bearer ${key}`, ...(body && { 'Content-Type': 'application/json' }) };
  const response = await system.request(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const text = await response.text();
  const answer: Json = text === '' ? undefined : JSON.parse(text);
  return { status: response.status, answer };
}
const make = async (at: string, text: string, more: object = {}): Promise<Json> =>
  (await ask('POST', '/v1/notes', { body: { at, text, ...more } })).answer.data;
const textsOf = async (query = ''): Promise<string[]> =>
  (await ask('GET', `/v1/notes${query}`)).answer.data.map(({ text }: Json) => text);
async function empty(): Promise<void> {
  for (const { id } of (await ask('GET', '/v1/notes')).answer.data) await ask('DELETE', `/v1/notes/${id}`);
}

describe('a note', () => {
  test('stands at its moment in the store’s time, whichever way that was said', async () => {
    await empty();
    expect(await make('2026-07-01', 'a date')).toMatchObject({ at: '2026-07-01T00:00:00+02:00', color: 'gray' });
    expect(await make('2026-11-20T14:05', 'local', { color: 'red' })).toEqual({
      id: expect.any(String),
      at: '2026-11-20T14:05:00+01:00',
      text: 'local',
      color: 'red',
    });
    expect((await make('2026-11-20T14:05:30Z', 'with an offset')).at).toBe('2026-11-20T15:05:30+01:00');
    // The first of the hour that comes twice, and the moment to which a skipped one moves.
    expect((await make('2026-10-25T02:30', 'twice')).at).toBe('2026-10-25T02:30:00+02:00');
    expect((await make('2026-03-29T02:30', 'skipped')).at).toBe('2026-03-29T03:30:00+02:00');
  });

  test('is listed newest first, by period, and page by page', async () => {
    await empty();
    const days = ['2026-11-18', '2026-11-19', '2026-11-19T23:59:59', '2026-11-20', '2027-02-01'];
    for (const day of days) await make(day, day);
    const newest = days.toReversed();
    expect(await textsOf()).toEqual(newest);
    expect(await textsOf('?from=2026-11-19&to=2026-11-19')).toEqual(['2026-11-19T23:59:59', '2026-11-19']);
    expect(await textsOf('?from=2026-11-20T00:00:00%2B01:00')).toEqual(['2027-02-01', '2026-11-20']);
    expect(await textsOf('?to=2026-11-20T00:00')).toEqual(['2026-11-19T23:59:59', '2026-11-19', '2026-11-18']);
    const first = (await ask('GET', '/v1/notes?to=2026-11-20&limit=2')).answer;
    const cursor = first.meta.next_cursor;
    const second = (await ask('GET', `/v1/notes?to=2026-11-20&limit=2&cursor=${cursor}`)).answer;
    expect([...first.data, ...second.data].map(({ text }: Json) => text)).toEqual(newest.slice(1));
    expect(second.meta.next_cursor).toBeUndefined();
    expect((await ask('GET', `/v1/notes?limit=2&cursor=${cursor}`)).status).toBe(400);
  });

  test('that is sent again is the same one; with another colour it takes its place', async () => {
    await empty();
    const { id } = await make('2026-11-20T14:00', ' Sale ');
    expect((await make('2026-11-20T13:00:00Z', 'Sale', { color: 'blue' })).id).toBe(id);
    expect((await ask('GET', '/v1/notes')).answer.data).toEqual([
      { id, at: '2026-11-20T14:00:00+01:00', text: 'Sale', color: 'blue' },
    ]);
    expect((await ask('DELETE', `/v1/notes/${id}`)).status).toBe(204);
    expect((await ask('DELETE', `/v1/notes/${id}`)).status).toBe(404);
    expect(await textsOf()).toEqual([]);
  });

  test.each([
    [{ at: 'yesterday', text: 'a' }, 'at'],
    [{ at: '2026-02-30', text: 'a' }, 'at'],
    [{ at: '2026-02-30T10:00:00Z', text: 'a' }, 'at'],
    [{ at: '2026-11-20T25:00', text: 'a' }, 'at'],
    [{ at: '2026-11-20', text: '   ' }, 'text'],
    [{ at: '2026-11-20', text: 'x'.repeat(281) }, 'text'],
    [{ at: '2026-11-20', text: 'a', color: '#ff0000' }, 'color'],
    [{ at: '2026-11-20', text: 'a', id: 'mine' }, 'id'],
  ])('such as %j is refused, and it is said what is wrong', async (body, path) => {
    const { status, answer } = await ask('POST', '/v1/notes', { body });
    expect([status, answer.errors[0].path]).toEqual([400, path]);
  });

  test.each(['from', 'to'])('is not asked for by a %s that is no date', async (name) => {
    const { status, answer } = await ask('GET', `/v1/notes?${name}=nonsense`);
    expect([status, answer.errors[0].path]).toEqual([400, name]);
  });

  test('is read by who may read, and changed by admins, who are written down', async () => {
    await empty();
    const body = { at: '2026-11-20', text: 'mine' };
    for (const key of ['reader', 'writer']) expect((await ask('POST', '/v1/notes', { key, body })).status).toBe(403);
    const { id } = await make(body.at, body.text);
    expect((await ask('GET', '/v1/notes', { key: 'reader' })).answer.data).toHaveLength(1);
    expect((await ask('GET', '/v1/notes', { key: 'writer' })).status).toBe(403);
    expect((await ask('DELETE', `/v1/notes/${id}`, { key: 'reader' })).status).toBe(403);
    await ask('DELETE', `/v1/notes/${id}`);
    const actions = (await ask('GET', '/v1/audit?limit=2')).answer.data.map(({ action }: Json) => action);
    expect(actions).toEqual([`DELETE /v1/notes/${id}`, 'POST /v1/notes']);
  });

  test('is there after a start, and every process has it', async () => {
    await empty();
    await make('2026-11-20', 'kept');
    const other = await startSystem(redis.url, { ...system.environment, KEY_PREFIX: system.prefix });
    const answer = await other.request('/v1/notes', { headers: { Authorization: 'Bearer reader' } });
    expect(((await answer.json()) as Json).data.map(({ text }: Json) => text)).toEqual(['kept']);
    await other.close();
  });

  test('beyond the thousandth is refused, one in the place of another is not', async () => {
    await empty();
    const start = Date.parse('2026-01-01T00:00:00Z');
    const at = (i: number): string => new Date(start + i * 60_000).toISOString();
    for (let i = 0; i < 1_000; i += 50)
      await Promise.all(Array.from({ length: 50 }, (_, j) => make(at(i + j), `${i + j}`)));
    const refused = await ask('POST', '/v1/notes', { body: { at: at(1_000), text: '1000' } });
    expect([refused.status, refused.answer.type]).toEqual([409, '/problems/too-many-notes']);
    expect((await make(at(0), '0', { color: 'red' })).color).toBe('red');
    expect(await textsOf()).toHaveLength(1_000);
  });
});
