import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RedisRollupStore } from '../../src/adapters/redis/rollup/rollup-store.ts';
import { BUILT_IN_FUNNELS } from '../../src/analytics/funnel/funnel.ts';
import { allFamilies } from '../../src/app/servers.ts';
import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import { DEFAULT_DIMENSIONS } from '../../src/metrics/dimension.ts';
import { Keyspace } from '../../src/metrics/keyspace.ts';
import { rollUp } from '../../src/rollups/roll-up.ts';
import { Calendar } from '../../src/time/calendar.ts';
import { feedInto, record } from '../support/core/feed.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { unique } from '../support/system/system.ts';

const DAY = 86_400_000;
const day = (seconds: number): number => seconds / 86_400 - 1;
/** Lives of two and three seconds stand for days and a year. */
const retention = { hourlyDays: day(2), dailyDays: day(3), caps: new Map([['interactions', 20]]) };

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

const LIFE_MS = 4_000;
/** Of a day. */
const EVENTS = 80;

/** A day with users, items, terms and cities that nobody has seen before. */
function aDay(n: number, offset: number) {
  const start = Date.parse('2026-01-01T00:00:00Z') + n * DAY;
  return Array.from({ length: EVENTS }, (_, i) => {
    const user = {
      user_id: `u${n}-${i % 60}`,
      city: `c${i % 5}`,
      event_id: `${n}-${i}`,
      timestamp: start + i * 350_000,
    };
    const items = [{ item_id: `i${n}-${i % 40}`, item_name: `item ${i % 40}`, price: 1 }];
    const name = ['view_item', 'add_to_cart', 'search', 'purchase'][i % 4] ?? '';
    const event = { ...user, name, items, search_term: `term ${n} ${i % 20}`, transaction_id: `t${i}` };
    // A day late: what is about the last hour has a life of its own.
    return record(offset + i, event, start + 2 * DAY);
  });
}

/** What there is once every life has passed and nothing expires any more: what would stay for ever. */
async function atRest(): Promise<{ keys: number; keyBytes: number; bytes: number }> {
  await sleep(LIFE_MS);
  let keys = await redis.client.dbsize();
  for (let same = 0; same < 4; ) {
    await sleep(300);
    const now = await redis.client.dbsize();
    same = now === keys ? same + 1 : 0;
    keys = now;
  }
  const sizes = await Promise.all(
    (await redis.client.keys('*')).map((key) => redis.client.memory('USAGE', key, 'SAMPLES', 0)),
  );
  const keyBytes = sizes.reduce<number>((sum, size) => sum + Number(size), 0);
  const info = await redis.client.info('memory');
  return { keys, keyBytes, bytes: Number(/used_memory_dataset:(\d+)/.exec(info)?.[1]) };
}

test('memory is flat once the lives have passed, however long it runs', async () => {
  const prefix = unique();
  const { worker, close } = feedInto(redis.url, prefix, { retention });
  const capped = allFamilies.map((family) => (family.kind === 'latest' ? { ...family, cap: 300 } : family));
  const store = new RedisRollupStore(redis.client, new Keyspace(prefix, 1, 1), retention, capped);
  const partition = { topic: 'events', index: 0 } as const;
  await worker.claim(partition);
  let days = 0;
  let busiest = 0;
  // State goes by lane time in buckets of up to thirty days, so two points thirty days' multiples apart are alike.
  const run = async (count: number): Promise<void> => {
    for (const until = days + count; days < until; days++) {
      await worker.process(partition, recordBatchOf(aDay(days, days * EVENTS)));
      busiest = Math.max(busiest, await redis.client.dbsize());
      // What waits to be published goes with its publisher.
      await redis.client.del(`${prefix}:1:{0}:outbox:events-0`, `${prefix}:1:{0}:record-outbox:events-0`);
      // Each job looks at several days.
      if ((days + 1) % 3 !== 0) continue;
      const now = () => Date.parse('2026-01-02T00:00:00Z') + days * DAY;
      await rollUp({
        store,
        calendar: new Calendar('UTC'),
        funnels: BUILT_IN_FUNNELS,
        dimensions: DEFAULT_DIMENSIONS,
        now,
      });
    }
  };
  await run(60);
  const once = await atRest();
  await run(30);
  const twice = await atRest();
  // Answers did lie there while they lived, and twice as long a run leaves no more behind.
  expect(busiest).toBeGreaterThan(once.keys * 5);
  expect(twice.keys).toBeLessThanOrEqual(once.keys + 3);
  expect(twice.keyBytes).toBeLessThan(once.keyBytes * 1.1);
  // Redis's own tables, a megabyte of them, come and go by a tenth of the whole.
  expect(twice.bytes).toBeLessThan(once.bytes * 1.2);
  expect(await redis.client.hlen(`${prefix}:1:{0}:item-names`)).toBe(300);
  close();
});
