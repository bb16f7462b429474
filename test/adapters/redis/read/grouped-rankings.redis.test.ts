import { afterAll, beforeAll, expect, test } from 'vitest';
import { RedisReader } from '../../../../src/adapters/redis/read/reader.ts';
import { itemBrands, itemCategories, productCarts, productViews } from '../../../../src/analytics/shared/items.ts';
import { recordBatchOf } from '../../../../src/ingestion/ports/record-batch.ts';
import { unchangedDays } from '../../../../src/metrics/bookkeeping-families.ts';
import { Keyspace } from '../../../../src/metrics/keyspace.ts';
import type { WindowSet } from '../../../../src/metrics/reader.ts';
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
const windows = { window: 'day', labels } as const;
const partitions = [0, 1].map((index) => ({ topic: 'events', index }) as const);
const by = [
  { of: productViews, dimensions: '' },
  { of: productCarts, dimensions: '' },
];

interface Seen {
  readonly name?: string;
  readonly day: number;
  readonly item: string;
  readonly category?: string;
  readonly brand?: string;
}

/** Two partitions of a shop, and a reader that has been asked before. */
async function shop(shards: number) {
  const prefix = unique();
  const keyspace = new Keyspace(prefix, 1, shards);
  const feed = feedInto(redis.url, prefix, { timezone: 'UTC', partitions: 2, shards });
  for (const partition of partitions) await feed.worker.claim(partition);
  const offsets = [0, 0];
  const send = async (index: 0 | 1, ...seen: Seen[]): Promise<void> => {
    const events = seen.map(({ name = 'view_item', day, item, category, brand }) => {
      const offset = offsets[index] ?? 0;
      offsets[index] = offset + 1;
      const event = {
        event_id: `e${index}-${offset}`,
        name,
        user_id: `u${index}`,
        timestamp: first + day * DAY + offset,
      };
      const line = { item_id: item, item_category: category, item_brand: brand };
      return record(offset, { ...event, items: [line] }, first + 8 * DAY);
    });
    await feed.worker.process(partitions[index] ?? { topic: 'events', index: 0 }, recordBatchOf(events));
  };
  const reader = new RedisReader(redis.client, keyspace, partitions);
  const sums = async (of = itemCategories, over: WindowSet = windows) =>
    (await reader.groupedSums(by, over, of)).map((counts) => Object.fromEntries(counts));
  return { keyspace, reader, send, sums, close: feed.close };
}

test.each([1, 2])(
  'with %i shards, items are put together by their newest category from their first event on, whenever it is said, and whatever was kept',
  async (shards) => {
    const { send, sums, reader, close } = await shop(shards);
    await send(0, { day: 0, item: 'mug' }, { day: 1, item: 'mug', category: 'Kitchen' }, { day: 7, item: 'rake' });
    await send(1, { day: 1, item: 'mug' }, { day: 2, item: 'cup', category: 'Kitchen' });
    const before = [{ Kitchen: 4, '': 1 }, {}];
    expect(await sums()).toEqual(before);
    const groups = await reader.groups(itemCategories);
    expect(await sums()).toEqual(before);
    expect(await reader.groups(itemCategories)).toBe(groups);
    // A late event of a day that was kept.
    await send(1, { day: 1, item: 'mug' }, { name: 'add_to_cart', day: 2, item: 'cup' });
    expect(await sums()).toEqual([{ Kitchen: 5, '': 1 }, { Kitchen: 1 }]);
    // What says the same again changes no group.
    await send(0, { day: 6, item: 'mug', category: 'Kitchen' });
    expect(await sums()).toEqual([{ Kitchen: 6, '': 1 }, { Kitchen: 1 }]);
    await send(1, { day: 7, item: 'mug', category: 'Table' }, { day: 7, item: 'rake', category: 'Garden' });
    expect(await sums()).toEqual([{ Kitchen: 1, Table: 6, Garden: 2 }, { Kitchen: 1 }]);
    expect(await sums(itemBrands)).toEqual([{ '': 9 }, { '': 1 }]);
    await send(0, { day: 3, item: 'cup', brand: 'Fjell' });
    expect(await sums(itemBrands)).toEqual([{ '': 8, Fjell: 2 }, { Fjell: 1 }]);
    close();
  },
);

/** All that happens happens at noon. */
const byHours: WindowSet = { window: 'hour', labels: [`${labels[0]}T12`, ...labels.slice(1, 7), `${labels[7]}T12`] };

test('hours of days that are over are put together once, and late events of days and of hours are seen', async () => {
  const { keyspace, send, sums, close } = await shop(1);
  const unchanged = keyspace.key(0, unchangedDays, '');
  await send(0, { day: 0, item: 'mug', category: 'Kitchen' }, { day: 3, item: 'mug' }, { day: 7, item: 'mug' });
  const views = 3;
  const ofViews = () => sums(itemCategories, byHours);
  expect(await ofViews()).toEqual([{ Kitchen: views }, {}]);
  const stamps = await redis.client.hgetall(unchanged);
  expect(Object.keys(stamps).sort()).toEqual([...labels.slice(0, 7), 'turn']);
  expect(await ofViews()).toEqual([{ Kitchen: views }, {}]);
  for (const [i, day] of [0, 3, 7, 0].entries()) {
    await send(1, { day, item: 'mug' });
    expect(await ofViews()).toEqual([{ Kitchen: views + i + 1 }, {}]);
  }
  // What is kept of an hour is what answers: where its day is not taken out, a late event is not seen.
  const kept = await redis.client.hgetall(unchanged);
  await send(1, { day: 0, item: 'mug' });
  await redis.client.hset(unchanged, kept);
  expect(await ofViews()).toEqual([{ Kitchen: views + 4 }, {}]);
  close();
});

test('of two partitions within a quarter of an hour the greater one says, later on the newer one', async () => {
  const { send, reader, close } = await shop(1);
  const category = async () => (await reader.latest(itemCategories, ['mug']))[0];
  await send(1, { day: 0, item: 'mug', category: 'of the second' });
  await send(0, { day: 0, item: 'mug', category: 'of the first' });
  expect(await category()).toBe('of the second');
  await send(0, { day: 1, item: 'mug', category: 'of the first' });
  expect(await category()).toBe('of the first');
  await send(1, { day: 0, item: 'mug', category: 'late' });
  expect(await category()).toBe('of the first');
  close();
});

test('where the store takes no write, the answer is the same', async () => {
  const { send, sums, close } = await shop(1);
  await send(0, { day: 0, item: 'mug', category: 'Kitchen' }, { day: 3, item: 'mug' });
  await redis.client.config('SET', 'maxmemory', '1');
  try {
    expect(await sums()).toEqual([{ Kitchen: 2 }, {}]);
    expect(await sums()).toEqual([{ Kitchen: 2 }, {}]);
  } finally {
    await redis.client.config('SET', 'maxmemory', '0');
  }
  close();
});
