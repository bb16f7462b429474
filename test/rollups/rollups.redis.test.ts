import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RedisReader } from '../../src/adapters/redis/read/reader.ts';
import { RedisRollupStore } from '../../src/adapters/redis/rollup/rollup-store.ts';
import { BUILT_IN_FUNNELS } from '../../src/analytics/funnel/funnel.ts';
import { productViews } from '../../src/analytics/shared/items.ts';
import { stageUsers } from '../../src/analytics/shared/unique-users.ts';
import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import { DEFAULT_DIMENSIONS } from '../../src/metrics/dimension.ts';
import { Keyspace } from '../../src/metrics/keyspace.ts';
import { rollUp } from '../../src/rollups/roll-up.ts';
import { Calendar } from '../../src/time/calendar.ts';
import { contentsOf } from '../support/compare/contents.ts';
import { feedInto, record } from '../support/core/feed.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { eventually, startSystem, unique } from '../support/system/system.ts';

const partition = { topic: 'events', index: 0 } as const;
const day = Date.parse('2026-11-18T00:00:00Z');
const HOUR = 3_600_000;
const retention = { hourlyDays: 8, dailyDays: 400, caps: new Map([['interactions', 5]]) };

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

/** 600 users over three hours, some in several of them. */
const events = (count = 600, hours = 3) =>
  Array.from({ length: count }, (_, i) =>
    record(
      i,
      {
        name: i % 3 === 0 ? 'add_to_cart' : 'view_item',
        user_id: `u${i % 400}`,
        event_id: `e${i}`,
        city: i % 2 ? 'Pune' : 'Berlin',
        timestamp: day + (i % hours) * HOUR,
      },
      day + 5 * HOUR,
    ),
  );

async function setUp(nowMs: number) {
  const prefix = unique();
  const { worker, close } = feedInto(redis.url, prefix);
  await worker.claim(partition);
  await worker.process(partition, recordBatchOf(events()));
  const keyspace = new Keyspace(prefix, 1, 1);
  const store = new RedisRollupStore(redis.client, keyspace, retention);
  const reader = new RedisReader(redis.client, keyspace);
  const parts = {
    store,
    calendar: new Calendar('UTC'),
    funnels: BUILT_IN_FUNNELS,
    dimensions: DEFAULT_DIMENSIONS,
    now: () => nowMs,
  };
  const users = async (): Promise<number> =>
    (await reader.uniques(stageUsers, { window: 'day', labels: ['2026-11-18'], dimensions: ['visit'] }))[0] ?? 0;
  return { prefix, worker, close, store, parts, users, keyspace };
}

describe('a rollup', () => {
  test('leaves answers as they were, closed hours merged or not, the open hour included', async () => {
    const { parts, users, close, prefix } = await setUp(day + 2 * HOUR + 60_000);
    const before = await users();
    expect(Math.abs(before - 400)).toBeLessThan(16);
    expect(await rollUp(parts)).toEqual({ hours: 2 });
    expect(await users()).toBe(before);
    expect(Object.keys(await redis.client.hgetall(`${prefix}:1:{0}:touched-hours`))).toEqual(['2026-11-18T02']);
    expect(await redis.client.hget(`${prefix}:1:{0}:funnel:rolled:shop:2026-11-18T00`, 'visit')).toMatch(/^\d+$/);
    close();
  });

  test('run twice gives the same registers and counts', async () => {
    const { parts, close, prefix, store } = await setUp(day + 30 * HOUR);
    await rollUp(parts);
    const once = await contentsOf(redis.client, prefix);
    expect(await rollUp(parts)).toEqual({ hours: 0 });
    for (let hour = 0; hour < 3; hour++)
      await store.mergeUsers(
        0,
        { hour: `2026-11-18T0${hour}`, day: '2026-11-18' },
        ['visit', 'view', 'cart'],
        ['Pune', 'Berlin'].map((value) => ({ dimension: 'city', value })),
      );
    expect(await contentsOf(redis.client, prefix)).toEqual(once);
    close();
  });

  test('killed halfway goes on and gives the same registers and counts', async () => {
    const whole = await setUp(day + 30 * HOUR);
    await rollUp(whole.parts);
    const broken = await setUp(day + 30 * HOUR);
    let merges = 0;
    const dying = Object.assign(Object.create(broken.store), {
      mergeUsers: async (...args: Parameters<typeof broken.store.mergeUsers>) => {
        merges += 1;
        if (merges === 2) throw new Error('killed');
        await broken.store.mergeUsers(...args);
      },
    });
    const before = await broken.users();
    await expect(rollUp({ ...broken.parts, store: dying })).rejects.toThrow('killed');
    expect(await broken.users()).toBe(before);
    await rollUp(broken.parts);
    expect(await contentsOf(redis.client, broken.prefix)).toEqual(await contentsOf(redis.client, whole.prefix));
    whole.close();
    broken.close();
  });

  test('that was off for a week makes up for all of it', async () => {
    const hourly = await setUp(day + 30 * HOUR);
    for (const hour of [1, 2, 3, 30]) await rollUp({ ...hourly.parts, now: () => day + hour * HOUR });
    const late = await setUp(day + 7 * 24 * HOUR);
    expect(await rollUp(late.parts)).toEqual({ hours: 3 });
    expect(await contentsOf(redis.client, late.prefix)).toEqual(await contentsOf(redis.client, hourly.prefix));
    hourly.close();
    late.close();
  });

  test('merges an hour again that a late event touched', async () => {
    const { parts, users, close, worker } = await setUp(day + 30 * HOUR);
    await rollUp(parts);
    const before = await users();
    const late = Array.from({ length: 200 }, (_, i) =>
      record(
        1_000 + i,
        { name: 'view_item', user_id: `late${i}`, event_id: `l${i}`, timestamp: day + HOUR },
        day + 31 * HOUR,
      ),
    );
    await worker.process(partition, recordBatchOf(late));
    const live = await users();
    expect(live - before).toBeGreaterThan(180);
    expect(await rollUp(parts)).toEqual({ hours: 1 });
    expect(await users()).toBe(live);
    close();
  });

  test('shortens closed rankings to their cap from the small end, and says where', async () => {
    const { parts, close, prefix, keyspace, worker } = await setUp(day + 30 * HOUR);
    const views = Array.from({ length: 60 }, (_, i) =>
      record(
        2_000 + i,
        {
          name: 'view_item',
          user_id: 'v',
          event_id: `v${i}`,
          timestamp: day + HOUR,
          items: [{ item_id: `item-${i < 40 ? i % 4 : i}` }],
        },
        day + 31 * HOUR,
      ),
    );
    await worker.process(partition, recordBatchOf(views));
    const store = new RedisRollupStore(redis.client, keyspace, retention, [{ ...productViews, cap: 4 }]);
    const reader = new RedisReader(redis.client, keyspace);
    const bucket = { window: 'day', labels: ['2026-11-18'] } as const;
    const read = { family: productViews, dimensions: '', ...bucket };
    expect((await reader.ranking(productViews, bucket, 100)).length).toBe(24);
    expect(await reader.truncated([read])).toEqual([]);
    await rollUp({ ...parts, store });
    expect((await reader.ranking(productViews, bucket, 100)).map(({ member, score }) => [member, score])).toEqual(
      [0, 1, 2, 3].map((i) => [`item-${i}`, 10]),
    );
    expect(await reader.truncated([read])).toEqual(['products:views']);
    expect(await redis.client.hkeys(`${prefix}:1:{0}:trimmed`)).toContain('products:views||2026-11-18');
    close();
  });

  test('gives hours their short life only once they are merged', async () => {
    const { parts, close, prefix } = await setUp(day + 30 * HOUR);
    const key = `${prefix}:1:{0}:users:visit:2026-11-18T00`;
    expect(await redis.client.ttl(key)).toBeGreaterThan(300 * 86_400);
    await rollUp(parts);
    expect(await redis.client.ttl(key)).toBeLessThanOrEqual(9 * 86_400);
    expect(await redis.client.ttl(`${prefix}:1:{0}:users:visit:2026-11-18`)).toBeGreaterThan(300 * 86_400);
    close();
  });
});

test('BullMQ runs the sweep by its schedule, and keeps its jobs bounded', async () => {
  const system = await startSystem(redis.url);
  await system.startCounting();
  const at = Date.now() - 3 * HOUR;
  await system.post(Array.from({ length: 50 }, (_, i) => ({ name: 'view_item', user_id: `s${i}`, timestamp: at })));
  await system.settled();
  const jobs = await system.system.startRollups();
  const marks = `${system.prefix}:1:{0}:touched-hours`;
  await eventually('the sweep to merge the hour', async () => (await redis.client.hlen(marks)) === 0);
  await sleep(200);
  await jobs.stop();
  const schedulers = await redis.client.zrange(`{${system.prefix}:bull}:rollups:repeat`, '0', '-1');
  expect(schedulers.sort()).toEqual(['day', 'hour', 'sweep']);
  expect(await redis.client.zcard(`{${system.prefix}:bull}:rollups:completed`)).toBeLessThanOrEqual(100);
  await system.close();
});
