import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';
import { type Body, json, problem, send, view } from '../../support/system/http.ts';
import { startSystem, type TestSystem } from '../../support/system/system.ts';

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

  test('with ids=true the answer has the id of each, as it was given or stamped, null where it was refused', async () => {
    const body = JSON.stringify([{ ...view, event_id: 'own-1' }, view, { name: 'No' }]);
    const response = await system.request('/v1/events?ids=true', send(body));
    expect(await response.json()).toMatchObject({
      accepted: 2,
      event_ids: ['own-1', expect.stringMatching(/^[0-9a-f-]{36}$/), null],
    });
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
    [415, 'another type', JSON.stringify(view), { 'Content-Type': 'text/csv' }],
    [415, 'no type', new Uint8Array(Buffer.from(JSON.stringify(view))), {}],
    [415, 'another packing', JSON.stringify(view), { ...json, 'Content-Encoding': 'br' }],
  ])('%i for %s', async (status, _, body, headers) => {
    const before = await appended();
    expect((await problem(system, '/v1/events', send(body, headers))).status).toBe(status);
    expect(await appended()).toBe(before);
  });

  test('400 names the path of each bad event, and all that is wrong with it', async () => {
    const body = await problem(
      system,
      '/v1/events',
      send(JSON.stringify([{ name: 'No' }, { name: 'purchase', user_id: 'u' }])),
    );
    expect(body).toMatchObject({
      status: 400,
      accepted: 0,
      errors: [{ path: '0.name' }, { path: '0.user_id' }, { path: '1.transaction_id' }],
      rejected: [{ index: 0, path: 'name', errors: [{ path: 'name' }, { path: 'user_id' }] }, { index: 1 }],
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
    expect((await problem(system, path, send(body, headers))).status).toBe(status);
    expect(await appended()).toBe(before);
  });
});
