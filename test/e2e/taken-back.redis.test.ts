import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { askBack, FILES, isTakenBack, takenBackSuite } from '../support/suites/taken-back.ts';
import { type Json, startSystem } from '../support/system/system.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

describe('with one shard', () =>
  takenBackSuite(
    () => redis,
    () => ({ PARTITIONS: '2' }),
  ));
describe('with three shards, and by customer', () =>
  takenBackSuite(
    () => redis,
    () => ({ PARTITIONS: '4', REDIS_SHARDS: '3', DIMENSIONS: 'city,country,device,channel,customer' }),
  ));

test('it is the admin’s to do, and is written down', async () => {
  const system = await startSystem(redis.url, {
    ADMIN_KEYS: 'admin-key',
    READ_KEYS: 'read-key',
    WRITE_KEYS: 'write-key',
  });
  const ask = async (method: string, path: string, key: string): Promise<[number, Json]> => {
    const response = await system.request(path, { method, headers: { Authorization: `Bearer ${key}` } });
    return [response.status, await response.json()];
  };
  const [format, file] = FILES[0] ?? [];
  const sent = await system.request(`/v1/imports/${format}`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/csv', Authorization: 'Bearer write-key' },
    body: Buffer.from(file?.() ?? ''),
  });
  const { import_id: id }: Json = await sent.json();
  for (const key of ['read-key', 'write-key']) expect((await ask('DELETE', `/v1/imports/${id}`, key))[0]).toBe(403);
  expect((await ask('DELETE', `/v1/imports/${id}`, 'admin-key'))[0]).toBe(202);
  const [, audit] = await ask('GET', '/v1/audit', 'admin-key');
  expect(audit.data.map(({ action, status }: Json) => [action, status])).toContainEqual([
    `DELETE /v1/imports/${id}`,
    202,
  ]);
  await system.close();
});

test('an import that nobody knows is a 404; one that is under way, or that the log has forgotten, is a 409 that says so', async () => {
  const system = await startSystem(redis.url, { PARTITIONS: '1' });
  expect((await askBack(system, 'imp-nobody'))[0]).toBe(404);
  const [format, file] = FILES[0] ?? ['', () => ''];
  const sent: Json = await (await system.importFile(format, file())).json();
  const entries = `${system.prefix}:{installation}:import-entries`;
  const entry: Json = JSON.parse((await redis.client.hget(entries, sent.import_id)) ?? '');
  const running = { ...entry, state: 'running', heardMs: Date.now() };
  await redis.client.hset(entries, sent.import_id, JSON.stringify(running));
  const [status, problem] = await askBack(system, sent.import_id);
  expect([status, problem.type, problem.import_id]).toEqual([
    409,
    expect.stringMatching(/import-under-way$/),
    sent.import_id,
  ]);

  await redis.client.hset(entries, sent.import_id, JSON.stringify(entry));
  await system.startCounting();
  await system.settled();
  await system.post({ name: 'page_view', user_id: 'u' });
  await system.settled();
  await redis.client.xtrim(`${system.prefix}:log:{events-0}:entries`, 'MAXLEN', 1);
  const [gone, forgotten] = await askBack(system, sent.import_id);
  expect([gone, forgotten.type]).toEqual([409, expect.stringMatching(/import-forgotten$/)]);
  expect((await system.get(`/v1/imports/${sent.import_id}`)).state).toBe('done');
  await system.close();
});

test('after a funnel was added it is a 409 that asks for a rebuild', async () => {
  const before = await startSystem(redis.url, { PARTITIONS: '1' });
  const [format, file] = FILES[0] ?? ['', () => ''];
  const sent: Json = await (await before.importFile(format, file())).json();
  await before.close();
  const FUNNELS = JSON.stringify({ short: ['view_item', 'purchase'] });
  const after = await startSystem(redis.url, { PARTITIONS: '1', KEY_PREFIX: before.prefix, FUNNELS });
  const [status, problem] = await askBack(after, sent.import_id);
  expect([status, problem.detail]).toEqual([409, expect.stringContaining('funnels or dimensions were added since')]);
  await after.close();
});

test('an import that failed on the way, and was not gone on with, is taken back as far as it had come', async () => {
  const system = await startSystem(redis.url, { PARTITIONS: '1' });
  await system.startCounting();
  const [format, file] = FILES[0] ?? ['', () => ''];
  const sent: Json = await (await system.importFile(format, file())).json();
  const entries = `${system.prefix}:{installation}:import-entries`;
  const entry: Json = JSON.parse((await redis.client.hget(entries, sent.import_id)) ?? '');
  await redis.client.hset(entries, sent.import_id, JSON.stringify({ ...entry, state: 'failed', report: undefined }));
  expect((await askBack(system, sent.import_id))[0]).toBe(202);
  await isTakenBack(system, sent.import_id);
  expect((await system.get('/v1/revenue?from=2010-12-01&to=2010-12-31&currency=GBP')).orders).toBe(0);
  await system.close();
});
