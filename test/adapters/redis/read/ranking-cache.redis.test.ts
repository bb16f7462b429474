import { afterAll, beforeAll, expect, test } from 'vitest';
import { RankingCache } from '../../../../src/adapters/redis/read/ranking-cache.ts';
import { Rankings } from '../../../../src/adapters/redis/read/rankings.ts';
import { RedisReader } from '../../../../src/adapters/redis/read/reader.ts';
import { ShardReads } from '../../../../src/adapters/redis/read/shard-reads.ts';
import { UnfinishedCommits } from '../../../../src/adapters/redis/read/unfinished-commits.ts';
import { RedisRollupStore } from '../../../../src/adapters/redis/rollup/rollup-store.ts';
import { productCarts, productViews } from '../../../../src/analytics/shared/items.ts';
import { recordBatchOf } from '../../../../src/ingestion/ports/record-batch.ts';
import { unchangedDays } from '../../../../src/metrics/bookkeeping-families.ts';
import { Keyspace } from '../../../../src/metrics/keyspace.ts';
import { feedInto, record } from '../../../support/core/feed.ts';
import { startRedis, type TestRedis } from '../../../support/servers/redis-server.ts';
import { unique } from '../../../support/system/system.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

const DAY = 86_400_000;
const first = Date.parse('2026-11-10T12:00:00Z');
const labels = Array.from({ length: 8 }, (_, i) => new Date(first + i * DAY).toISOString().slice(0, 10));
const days = { window: 'day', labels } as const;
const items = Array.from({ length: 60 }, (_, i) => `item-${i}`);

/** Views by day and item, counted in Redis and, by themselves, in a map. */
async function shop() {
  const prefix = unique();
  const keyspace = new Keyspace(prefix, 1, 1);
  const feed = feedInto(redis.url, prefix, { timezone: 'UTC' });
  const partition = { topic: 'events', index: 0 } as const;
  await feed.worker.claim(partition);
  const views = new Map<string, number>();
  let offset = 0;
  const send = async (name: string, ...seen: [day: number, item: number][]): Promise<void> => {
    const events = seen.map(([day, item]) => {
      const timestamp = first + day * DAY + offset;
      const event = { event_id: `e${offset}`, name, user_id: `u${item}`, timestamp };
      return record(offset++, { ...event, items: [{ item_id: `item-${item}` }] }, first + 8 * DAY);
    });
    await feed.worker.process(partition, recordBatchOf(events));
  };
  const view = async (...seen: [day: number, item: number][]): Promise<void> => {
    for (const [, item] of seen) views.set(`item-${item}`, (views.get(`item-${item}`) ?? 0) + 1);
    await send('view_item', ...seen);
  };
  const expected = (): [string, number][] =>
    [...views].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, 10);
  const reader = new RedisReader(redis.client, keyspace);
  const top = async () => (await reader.ranking(productViews, days, 10)).map(({ member, score }) => [member, score]);
  const sums = async () => Object.fromEntries(await reader.sums(productViews, days, items));
  const kept = `${prefix}:1:{0}:kept-sums:products:views||${labels[0]}..${labels[5]}`;
  const stamp = kept.replace('kept-sums', 'kept-stamps');
  /** As if it had been added up long ago, so that a change is no reason to wait. */
  const age = async () => redis.client.set(stamp, (await redis.client.get(stamp))?.replace(/^\d+/, '1') ?? '');
  return { prefix, keyspace, reader, send, view, views, expected, top, sums, kept, stamp, age, close: feed.close };
}

const everyDay = labels.flatMap((_, day) =>
  items.flatMap((_, item) => Array.from({ length: 1 + ((day + item) % 3) }, (): [number, number] => [day, item])),
);

test('sums over days that are over are kept, and right to the last event whichever day it belongs to', async () => {
  const { view, views, expected, top, sums, kept, age, close } = await shop();
  await view(...everyDay);
  expect(await top()).toEqual(expected());
  expect(await redis.client.zcard(kept)).toBe(60);
  // Today, days that are over, and new items of theirs; at once after the adding up, and a while later.
  for (const [day, item] of [
    [7, 3],
    [2, 3],
    [0, 59],
    [6, 61],
    [3, 62],
  ] as const) {
    await view([day, item], [day, item]);
    expect(await top()).toEqual(expected());
    expect(await sums()).toEqual(Object.fromEntries([...views].filter(([id]) => items.includes(id))));
    await age();
    expect(await top()).toEqual(expected());
    expect(await sums()).toEqual(Object.fromEntries([...views].filter(([id]) => items.includes(id))));
  }
  close();
});

test('of a period by hours the sums of its whole days and of hours before them are kept, and late events of both are seen', async () => {
  const { keyspace, reader, view, expected, kept, close } = await shop();
  await view(...everyDay);
  // All that happened on the first and on the last day happened at noon.
  const byHours = { window: 'hour', labels: [`${labels[0]}T12`, ...labels.slice(1, 7), `${labels[7]}T12`] } as const;
  const top = async () => (await reader.ranking(productViews, byHours, 10)).map(({ member, score }) => [member, score]);
  expect(await top()).toEqual(expected());
  const ofDays = kept.replace(`${labels[0]}..${labels[5]}`, `${labels[0]}T12..${labels[4]}`);
  expect(await redis.client.zcard(ofDays)).toBe(60);
  const stamp = ofDays.replace('kept-sums', 'kept-stamps');
  for (const day of [0, 3, 6, 7]) {
    await view([day, 4], [day, 61]);
    expect(await top()).toEqual(expected());
    await redis.client.set(stamp, (await redis.client.get(stamp))?.replace(/^\d+/, '1') ?? '');
    expect(await top()).toEqual(expected());
  }
  // What is kept of the hours is what answers: where their day is not taken out, a late event is not seen.
  const changes = keyspace.key(0, unchangedDays, '');
  const before = await redis.client.hgetall(changes);
  await view([0, 5], [0, 5], [0, 5], [0, 5]);
  await redis.client.hset(changes, before);
  expect(await top()).not.toEqual(expected());
  close();
});

test('members of several rankings are kept together, and none is missed whichever day and ranking it comes to', async () => {
  const { reader, send, view, kept, close } = await shop();
  const by = [productViews, productCarts].map((of) => ({ of, dimensions: '' }));
  const members = async () => (await reader.members(by, days)).sort();
  const together = `${kept}+products:carts||${labels[0]}..${labels[5]}`;
  await view(...everyDay);
  await send('add_to_cart', [1, 70]);
  const known = [...items, 'item-70'].sort();
  expect(await members()).toEqual(known);
  expect(await redis.client.zcard(together)).toBe(61);
  for (const [day, item] of [
    [2, 71],
    [6, 72],
    [7, 73],
  ] as const) {
    await send('add_to_cart', [day, item]);
    known.push(`item-${item}`);
    expect(await members()).toEqual(known.sort());
    const stamp = together.replace('kept-sums', 'kept-stamps');
    await redis.client.set(stamp, (await redis.client.get(stamp))?.replace(/^\d+/, '1') ?? '');
    expect(await members()).toEqual(known);
  }
  expect(await redis.client.zcard(together)).toBe(62);
  close();
});

test('what is kept is what answers: where a changed day is not taken out, a late event is not seen', async () => {
  const { prefix, view, expected, top, age, close } = await shop();
  await view(...everyDay);
  expect(await top()).toEqual(expected());
  const changes = `${prefix}:1:{0}:unchanged-days`;
  const before = await redis.client.hgetall(changes);
  await view([2, 3], [2, 3], [2, 3], [2, 3]);
  await redis.client.hset(changes, before);
  await age();
  expect(await top()).not.toEqual(expected());
  close();
});

test('today and yesterday, whose carts are abandoned after midnight, leave what is kept as it is', async () => {
  const { view, expected, top, stamp, age, close } = await shop();
  await view(...everyDay);
  await top();
  const isAnew = async (): Promise<boolean> => !(await redis.client.get(stamp))?.startsWith('1 ');
  for (const [day, anew] of [
    [7, false],
    [6, false],
    [5, true],
  ] as const) {
    await age();
    await view([day, 3]);
    expect(await top()).toEqual(expected());
    expect(await isAnew()).toBe(anew);
  }
  close();
});

test('while nothing changes the two newest days, sums with them are kept as well; whichever day changes next is seen', async () => {
  const { view, expected, top, sums, views, kept, close } = await shop();
  await view(...everyDay);
  const withNewest = kept.replace(`..${labels[5]}`, `..${labels[7]}`);
  const isKept = async (): Promise<boolean> =>
    (await redis.client.get(withNewest.replace('kept-sums', 'kept-stamps'))) !== null;
  expect(await top()).toEqual(expected());
  expect(await isKept()).toBe(false);
  expect(await top()).toEqual(expected());
  expect(await isKept()).toBe(true);
  for (const day of [7, 6, 2, 7]) {
    await view([day, 5], [day, 62]);
    for (let time = 0; time < 3; time++) {
      expect(await top()).toEqual(expected());
      expect(await sums()).toEqual(Object.fromEntries([...views].filter(([id]) => items.includes(id))));
    }
    expect((await redis.client.zscore(withNewest, 'item-5')) ?? '').toBe(String(views.get('item-5')));
  }
  close();
});

test('a day that is shortened to its cap is added up anew', async () => {
  const { keyspace, view, top, age, close } = await shop();
  await view(...everyDay, [2, 3], [2, 3], [2, 3]);
  await top();
  await age();
  const retention = { hourlyDays: 8, dailyDays: 400, caps: new Map() };
  const store = new RedisRollupStore(redis.client, keyspace, retention, [{ ...productViews, cap: 1 }]);
  for (const label of labels) await store.trim(0, label);
  const left = await Promise.all(
    labels.map((label) => redis.client.zrange(keyspace.key(0, productViews, '', label), 0, '-1')),
  );
  expect(left.map((members) => members.length)).toEqual(labels.map(() => 1));
  expect((await top()).map(([member]) => member).sort()).toEqual([...new Set(left.flat())].sort());
  close();
});

test('what is kept goes by itself, and a few members that are looked up take no place', async () => {
  const { keyspace, view, top, kept, stamp, close } = await shop();
  await view(...everyDay);
  await top();
  const [ofSums, ofStamp] = [await redis.client.ttl(kept), await redis.client.ttl(stamp)];
  expect(ofStamp).toBeGreaterThan(0);
  expect(ofSums).toBeGreaterThan(ofStamp);
  const reader = new RedisReader(redis.client, keyspace);
  await reader.ranking(productViews, days, 10);
  // A few items are looked up in each day: that keeps nothing, so nothing has to go for it.
  for (let i = 0; i < 300; i++) await reader.sums(productViews, { window: 'day', labels: otherDays(i) }, ['item-1']);
  expect(await redis.client.exists(kept, stamp)).toBe(2);
  close();
});

const otherDays = (i: number) => [...labels.slice(0, 4), `2027-${String(i).padStart(3, '0')}-1`, ...labels.slice(6)];

test.each([
  { limits: { fewest: 4, most: 9, members: 100_000 }, stay: 9 },
  { limits: { fewest: 4, most: 9, members: 6 * 120 }, stay: 6 },
  { limits: { fewest: 4, most: 9, members: 1 }, stay: 4 },
])('of sixty members each, sums of $stay periods stay of a process that may keep $limits', async ({ limits, stay }) => {
  const { keyspace, view, kept, stamp, close } = await shop();
  await view(...everyDay);
  const reads = new ShardReads(redis.client, new UnfinishedCommits(redis.client, keyspace, []));
  const rankings = new Rankings(redis.client, keyspace, new RankingCache(redis.client, keyspace, limits), reads);
  const ask = (labels: readonly string[]) =>
    rankings.top(0, { of: productViews, dimensions: '' }, { window: 'day', labels }, 10, () => undefined);
  await ask(labels);
  expect(await redis.client.exists(kept, stamp)).toBe(2);
  for (let i = 0; i < 20; i++) await ask(otherDays(i));
  const keptOf = async () =>
    (await redis.client.keys(`${kept.slice(0, kept.lastIndexOf('..'))}..2027*`)).map((key) => key.slice(-5, -2)).sort();
  // What was asked for last.
  await expect.poll(keptOf).toEqual(Array.from({ length: stay }, (_, i) => String(20 - stay + i).padStart(3, '0')));
  expect(await redis.client.exists(kept, stamp)).toBe(0);
  close();
});
