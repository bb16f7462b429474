import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';
import { problem, view } from '../../support/system/http.ts';
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
    const body = await problem(system, question);
    expect(body.status).toBe(400);
    expect(body.errors.map((error: Json) => error.path)).toContain(path);
  });

  test('an unknown path is a 404', async () => {
    expect((await problem(system, '/v1/nothing')).status).toBe(404);
  });
});

describe('answers', () => {
  test('carry what they cover, how fresh they are and what is approximate', async () => {
    await system.post({ ...view, event_id: 'meta-1' });
    await system.settled();
    const response = await system.request('/v1/engagement');
    const { meta }: Json = await response.json();
    const today = new Date().toISOString().slice(0, 10);
    const nowMs = Date.now();
    expect(meta).toMatchObject({ from: today, to: today, timezone: 'UTC', approximate: [] });
    const week = new Date(nowMs - 6 * 86_400_000).toISOString().slice(0, 10);
    const several: Json = await (await system.request(`/v1/engagement?from=${week}&to=${today}`)).json();
    expect(several.meta.approximate).toEqual(['active_users']);
    expect(Math.abs(Date.parse(meta.as_of) - nowMs)).toBeLessThan(5_000);
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

  test('a user’s interactions are the newest INTERACTIONS_PER_USER; of a period, where one is asked for', async () => {
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
    expect(await ids('')).toEqual(['e4', 'e3', 'e2']);
    expect(await ids(`?from=${new Date(at).toISOString().slice(0, 10)}`)).toEqual(['e4']);
    await few.close();
  });

  test('every key in Redis belongs to a declared family, and every answer has a life', async () => {
    const { allFamilies } = await import('../../../src/app/servers.ts');
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
