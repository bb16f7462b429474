import { afterAll, beforeAll, expect, test } from 'vitest';
import { unstampLatest } from '../../../../src/adapters/redis/commit/latest-stamp.ts';
import { itemNames, itemPrices, stockLevels } from '../../../../src/analytics/shared/items.ts';
import type { PartitionId } from '../../../../src/events/partition.ts';
import { recordBatchOf } from '../../../../src/ingestion/ports/record-batch.ts';
import type { LatestFamily } from '../../../../src/metrics/family.ts';
import { Keyspace } from '../../../../src/metrics/keyspace.ts';
import { feedInto, record } from '../../../support/core/feed.ts';
import type { OracleEvent } from '../../../support/oracle/events.ts';
import { startRedis, type TestRedis } from '../../../support/servers/redis-server.ts';
import { unique } from '../../../support/system/system.ts';

/** Of two events of one millisecond, the later in the log is the newer. */
const timestamp = Date.parse('2026-11-20T12:00:00Z');

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

/** Counts each partition's events in turn, so many in a unit; what is kept of an item. */
async function newestOf(
  family: LatestFamily,
  field: string,
  partitions: readonly (readonly [PartitionId, readonly OracleEvent[]])[],
  { maxBatch = 100, shards = 1 } = {},
): Promise<string | undefined> {
  const prefix = unique();
  const { worker, close } = feedInto(redis.url, prefix, { partitions: 2, shards, maxBatch });
  try {
    for (const [partition, events] of partitions) {
      await worker.claim(partition);
      await worker.process(partition, recordBatchOf(events.map((event, offset) => record(offset, event, timestamp))));
    }
  } finally {
    close();
  }
  const keyspace = new Keyspace(prefix, 1, shards);
  const stamps = await Promise.all(
    Array.from({ length: shards }, (_, shard) => redis.client.hget(keyspace.key(shard, family, ''), field)),
  );
  const newest = stamps
    .filter((stamp) => stamp !== null)
    .sort()
    .at(-1);
  return newest === undefined ? undefined : unstampLatest(newest);
}

const stock = (id: string, level: number): OracleEvent => ({
  event_id: id,
  name: 'stock_update',
  item_id: 'mug',
  stock_level: level,
  timestamp,
});
const price = (id: string, amount: number): OracleEvent => ({
  event_id: id,
  name: 'price_change',
  item_id: 'mug',
  price: amount,
  currency: 'USD',
  timestamp,
});
const view = (id: string, name: string, user = 'u'): OracleEvent => ({
  event_id: id,
  name: 'view_item',
  user_id: user,
  items: [{ item_id: 'mug', item_name: name }],
  timestamp,
});
const events = (index: number): PartitionId => ({ topic: 'events', index });
const inventory: PartitionId = { topic: 'inventory', index: 0 };

test.each([
  ['in one unit', 100],
  ['in a unit each', 1],
])('the later in a partition stays, whatever the ids and values are: %s', async (_, maxBatch) => {
  for (const [first, second] of [
    ['s9', 's1'],
    ['s1', 's9'],
  ] as const)
    for (const [before, after] of [
      [1, 2],
      [2, 1],
    ] as const) {
      const [levels, prices] = [stock, price].map((of) => [of(first, before), of(second, after)]);
      const names = [view(first, `name ${before}`), view(second, `name ${after}`)];
      expect(await newestOf(stockLevels, 'mug', [[inventory, levels ?? []]], { maxBatch })).toBe(String(after));
      expect(await newestOf(itemPrices, 'USD:mug', [[inventory, prices ?? []]], { maxBatch })).toBe(String(after));
      expect(await newestOf(itemNames, 'mug', [[events(0), names]], { maxBatch })).toBe(`name ${after}`);
    }
});

test.each([1, 2])(
  'of two partitions the greater number decides, whichever is counted first (%i shards)',
  async (shards) => {
    const first = [events(0), [view('b', 'z of the first', 'u')]] as const;
    const second = [events(1), [view('a', 'a of the second', 'v')]] as const;
    for (const order of [
      [first, second],
      [second, first],
    ])
      expect(await newestOf(itemNames, 'mug', order, { shards })).toBe('a of the second');
  },
);

test('an older value that comes later changes nothing', async () => {
  const levels = [stock('a', 5), { ...stock('b', 7), timestamp: timestamp - 1 }];
  expect(await newestOf(stockLevels, 'mug', [[inventory, levels]], { maxBatch: 1 })).toBe('5');
});
