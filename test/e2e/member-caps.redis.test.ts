import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import { feedInto, record } from '../support/core/feed.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { type Json, startSystem, unique } from '../support/system/system.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

const CAPS = { names: 40, items: 300, terms: 100, payments: 20, coupons: 30, searches: 400 };
const partition = { topic: 'events', index: 0 } as const;
const now = Date.now();
const DAY = 86_400_000;
/** An hour that is open, and all of it on one day. */
const at = Math.floor(now / DAY) * DAY + Math.max(0, (now % DAY) - 60_000);

/** Events of one sender that name something of their own each time. */
function attack(from: number, count: number) {
  return Array.from({ length: count }, (_, i) => {
    const n = from + i;
    const event = { event_id: `e${n}`, user_id: `u${n % 50}`, timestamp: at, city: `city ${n % 7}` };
    const items = [{ item_id: `item ${n}`, item_name: `name ${n}`, item_category: `category ${n}`, price: 1 }];
    const kinds = [
      { name: 'view_item', items },
      { name: 'search', search_term: `term ${n}`, results_count: 0 },
      { name: `name_${n}` },
      { name: 'purchase', transaction_id: `t${n}`, payment_type: `type ${n}`, coupon: `coupon ${n}`, items },
    ];
    return record(n, { ...event, ...kinds[n % kinds.length] }, now);
  });
}

/** Bytes of what answers and their bookkeeping take, without what is kept of visitors, orders and carts. */
async function bytesOf(prefix: string): Promise<number> {
  let bytes = 0;
  for (const key of await redis.client.keys(`${prefix}:1:*`))
    if (
      /:(products|searches|value-searches|coupons|payments|frequencies|actions|item-|admitted-members|trimmed|ranked)/.test(
        key,
      )
    )
      bytes += Number(await redis.client.call('MEMORY', 'USAGE', key, 'SAMPLES', '0'));
  return bytes;
}

test('a sender of ever new items, terms, names, payment types and coupons fills no store: answers stay as large as their caps, and say so', async () => {
  const prefix = unique();
  const feed = feedInto(redis.url, prefix, { memberCaps: CAPS });
  await feed.worker.claim(partition);
  const send = async (from: number, count: number): Promise<void> => {
    for (let sent = 0; sent < count; sent += 500)
      await feed.worker.process(partition, recordBatchOf(attack(from + sent, 500)));
  };
  await send(0, 4_000);
  const before = await bytesOf(prefix);
  await send(4_000, 12_000);
  const after = await bytesOf(prefix);
  // Nothing but numbers that have grown.
  expect(after / before).toBeLessThan(1.05);
  feed.close();
  const system = await startSystem(redis.url, { KEY_PREFIX: prefix, PARTITIONS: '1' });
  const ask = async (path: string): Promise<Json> => (await system.request(`${path}limit=1000`)).json();
  const told = async (path: string, by: string): Promise<[rows: number, others: number, truncated: string[]]> => {
    const { data, meta }: Json = await ask(path);
    const other = data.find((row: Json) => row[by] === '(other)');
    return [data.length, other?.count ?? other?.score ?? other?.orders, meta.truncated];
  };
  expect(await told('/v1/products/popular?', 'item_id')).toEqual([151, 4_000 - 150, ['products:views']]);
  expect(await told('/v1/searches?', 'search_term')).toEqual([
    CAPS.terms + 1,
    4_000 - CAPS.terms,
    expect.arrayContaining(['searches:count']),
  ]);
  const city: Json = await ask('/v1/searches?city=city%203&');
  expect(city.meta.truncated).toContain('value-searches:count');
  expect(city.data.length).toBeLessThanOrEqual(CAPS.terms + 1);
  const names: Json = await ask('/v1/events/frequencies?');
  expect([names.data.length, names.meta.truncated]).toEqual([CAPS.names + 1, ['frequencies']]);
  expect(names.data.reduce((sum: number, row: Json) => sum + row.count, 0)).toBe(16_000);
  expect(await told('/v1/payments?', 'payment_type')).toEqual([CAPS.payments + 1, 4_000 - CAPS.payments, ['payments']]);
  expect(await told('/v1/coupons?', 'coupon')).toEqual([
    CAPS.coupons + 1,
    4_000 - CAPS.coupons,
    expect.arrayContaining(['coupons:orders']),
  ]);
  const categories: Json = await ask('/v1/categories?');
  expect(categories.data.find((row: Json) => row.category === '(none)')).toMatchObject({ views: 4_000 - 150 });
  await system.close();
});

test('the caps hold whatever a unit holds, and whoever goes on', async () => {
  const counted = async (size: number, turns: number) => {
    const prefix = unique();
    for (let turn = 0; turn < turns; turn++) {
      const feed = feedInto(redis.url, prefix, { memberCaps: CAPS });
      await feed.worker.claim(partition);
      const share = 1_200 / turns;
      for (let at = 0; at < share; at += size)
        await feed.worker.process(partition, recordBatchOf(attack(turn * share + at, Math.min(size, share - at))));
      feed.close();
    }
    const keys = await redis.client.keys(`${prefix}:1:{0}:products:views:*`);
    return Promise.all(keys.sort().map((key) => redis.client.zrange(key, '0', '-1', 'WITHSCORES')));
  };
  const whole = await counted(1_200, 1);
  expect(whole[0]).toContain('(other)');
  expect(await counted(7, 3)).toEqual(whole);
});
