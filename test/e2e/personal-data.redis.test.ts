import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ErasedFiles } from '../../src/adapters/redis/installation/erased-files.ts';
import { Keyspace } from '../../src/metrics/keyspace.ts';
import { hasCode } from '../../src/runtime/private-dir.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { eventually, type Json, startSystem } from '../support/system/system.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis(['--appendonly', 'yes']);
});
afterAll(() => redis.close());

const USER = 'anna*"[b]@shop.example';
const path = `/v1/users/${encodeURIComponent(USER)}`;

test('what is kept of a user can be handed to them; after an erasure it is empty, and others’ is as it was', async () => {
  const system = await startSystem(redis.url);
  await system.startCounting();
  const item = { item_id: 'mug', price: 9.5, quantity: 2 };
  const of = (user_id: string, suffix: string) => [
    { name: 'search', user_id, session_id: 's1', search_term: 'mugs', city: 'Oslo', event_id: `${suffix}1` },
    { name: 'add_to_cart', user_id, session_id: 's1', city: 'Oslo', items: [item], event_id: `${suffix}2` },
    {
      name: 'purchase',
      user_id,
      session_id: 's1',
      transaction_id: `t${suffix}`,
      items: [item],
      event_id: `${suffix}3`,
    },
    { name: 'add_to_cart', user_id, session_id: 's1', items: [{ item_id: 'cup', price: 3 }], event_id: `${suffix}4` },
  ];
  await system.post([...of(USER, 'a'), ...of('ben', 'b')]);
  await system.settled();
  const kept: Json = await system.get(`${path}/export`);
  expect(kept).toMatchObject({
    user_id: USER,
    guests: [],
    archived_events: [],
    sessions: [{ session_id: 's1', city: 'Oslo', events: 4 }],
    counted_in: [{ cities: ['Oslo'] }],
    orders: [
      {
        transaction_id: 'ta',
        currency: 'USD',
        revenue: 19,
        refunded: 0,
        units: 2,
        items: [{ item_id: 'mug', units: 2 }],
      },
    ],
    carts: [{ value: 3, currency: 'USD', items: [{ item_id: 'cup', quantity: 1, price: 3 }] }],
    deliveries: [],
  });
  const moments = kept.interactions.map(({ timestamp }: Json) => timestamp).sort();
  expect([kept.sessions[0].first_at, kept.sessions[0].last_at]).toEqual([moments[0], moments.at(-1)]);
  expect(Date.parse(kept.last_session_began_at)).toBeGreaterThanOrEqual(Date.parse(moments[0]) - 60_000);
  expect(kept.counted_in[0].hour.slice(0, 13)).toBe(moments[0].slice(0, 13));
  expect(kept.interactions.map(({ event_id }: Json) => event_id).sort()).toEqual(['a1', 'a2', 'a3', 'a4']);
  expect(JSON.stringify(kept)).not.toContain('tb');
  const others: Json = await system.get('/v1/users/ben/export');

  expect((await system.request(path, { method: 'DELETE' })).status).toBe(202);
  await system.settled();
  const nothing = {
    guests: [],
    archived_events: [],
    archived_events_cut: false,
    sessions: [],
    counted_in: [],
    orders: [],
    carts: [],
    interactions: [],
    dead_letters: [],
    deliveries: [],
  };
  expect(await system.get(`${path}/export`)).toEqual({ user_id: USER, ...nothing });
  const after: Json = await system.get('/v1/users/ben/export');
  expect(after.interactions).toEqual(others.interactions);
  expect(after.orders).toEqual(others.orders);
  await system.close();
});

test('… it says as whom they came, and when they bought first', async () => {
  const system = await startSystem(redis.url, { DIMENSIONS: 'city,customer' });
  await system.startCounting();
  await system.post([{ name: 'page_view', anonymous_id: 'guest' }]);
  await system.settled();
  const bought = { name: 'purchase', user_id: USER, transaction_id: 't1', value: 5, timestamp: Date.now() - 1_000 };
  await system.post([{ name: 'identify', user_id: USER, anonymous_id: 'guest' }, bought]);
  await system.settled();
  await system.settled();
  const kept: Json = await system.get(`${path}/export`);
  expect(kept.guests).toEqual(['guest']);
  expect(Date.parse(kept.first_bought_at)).toBe(bought.timestamp);
  await system.request(path, { method: 'DELETE' });
  await system.settled();
  const after: Json = await system.get(`${path}/export`);
  expect([after.guests, after.first_bought_at]).toEqual([[], undefined]);
  await system.close();
});

test('an erasure takes dead letters that name the user, in the list and in the embedded stream, and no others', async () => {
  const system = await startSystem(redis.url);
  await system.startCounting();
  const stream = `${system.prefix}:log:{dlq}:entries`;
  const bad = (user_id: string) =>
    JSON.stringify({ name: 'view_item', user_id, event_id: 'e', timestamp: 'yesterday' });
  for (const user of [USER, 'ben'])
    for (let i = 0; i < 120; i++) await redis.client.xadd(stream, '*', 'reason', 'bad', 'message', bad(user));
  await system.request(path, { method: 'DELETE' });
  await system.settled();
  const left = (await redis.client.xrange(stream, '-', '+')).map(([, fields]) => fields.at(-1));
  expect(left).toEqual(Array.from({ length: 120 }, () => bad('ben')));
  await system.close();
});

test('an erasure reaches a file that is still on its way: nothing of it brings the user back, whoever reads it', async () => {
  const system = await startSystem(redis.url);
  await system.startCounting();
  const header = 'event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session\n';
  const rowOf = (user: string, i: number) =>
    `2019-10-01 00:00:0${i} UTC,cart,mug,1,a.b,acme,5.00,"${user.replaceAll('"', '""')}",s-${i}\n`;
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const file = writable.getWriter();
  const write = (text: string) => file.write(Buffer.from(text));
  const headers = { 'Content-Type': 'text/csv' };
  const sent = system.request('/v1/imports/rees46', { method: 'POST', headers, body: readable, duplex: 'half' });
  await write(header + rowOf(USER, 1) + rowOf('ben', 2));
  expect((await system.request(path, { method: 'DELETE' })).status).toBe(202);
  await write(rowOf(USER, 3));
  await file.close();
  const report: Json = await (await sent).json();
  expect(report).toMatchObject({ rows: 3, events: 1, rejected: 2 });
  expect(report.errors[0]).toEqual({ line: 2, column: '', message: expect.stringContaining('was erased') });
  await system.settled();
  expect(await system.get(`${path}/export`)).toMatchObject({ sessions: [], orders: [], carts: [], interactions: [] });
  expect((await system.get('/v1/users/ben/export')).carts).toHaveLength(1);
  // No key of the installation tells who it was.
  const kept = await redis.client.xrange(`${system.prefix}:{installation}:erasures`, '-', '+');
  expect(kept).toHaveLength(1);
  expect(JSON.stringify(kept)).not.toContain('anna');
  await system.close();
});

/** While Redis writes its files anew some of them go again: of what is no file any more there is nothing. */
function textOf(path: string): string {
  try {
    return statSync(path).isFile() ? readFileSync(path, 'latin1') : '';
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return '';
    throw error;
  }
}

test('the own Redis’s file is written anew after an erasure, and once more when the log is trimmed', async () => {
  const clock = { ms: Date.now() };
  const keyspace = new Keyspace('files', 1, 1);
  const files = new ErasedFiles({ redis: redis.client, keyspace, logRetentionMs: 3_600_000, now: () => clock.ms });
  const text = () =>
    readdirSync(redis.dir, { recursive: true, encoding: 'utf8' })
      .map((name) => textOf(join(redis.dir, name)))
      .join();
  await redis.client.set('files:log', 'the-erased-one');
  await files.mark();
  await files.rewriteIfDue();
  expect(text()).toContain('the-erased-one');
  await redis.client.del('files:log');
  clock.ms += 2 * 60_000;
  await files.rewriteIfDue();
  await eventually('the first rewrite', () => !text().includes('the-erased-one'));
  await redis.client.set('files:late', 'the-erased-one');
  await redis.client.del('files:late');
  await files.rewriteIfDue();
  expect(text()).toContain('the-erased-one');
  clock.ms += 3_600_000;
  await files.rewriteIfDue();
  await eventually('the second rewrite', () => !text().includes('the-erased-one'));
});
