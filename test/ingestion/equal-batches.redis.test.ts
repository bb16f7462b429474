import { afterAll, beforeAll, expect, test } from 'vitest';
import { feedInto, record } from '../support/feed.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';
import { unique } from '../support/system.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

test('what is handed out at a time is counted in batches of equal size, none above the bound', async () => {
  const partition = { topic: 'events', index: 0 } as const;
  const timestamp = Date.parse('2026-11-20T12:00:00Z');
  const { worker, store, close } = feedInto(redis.url, unique(), { maxBatch: 100 });
  const sizes: (number | undefined)[] = [];
  const commit = store.commit.bind(store);
  store.commit = (one) => {
    sizes.push(one.tallies['events']);
    return commit(one);
  };
  const records = Array.from({ length: 210 }, (_, i) =>
    record(i, { event_id: `e${i}`, name: 'page_view', user_id: `u${i}`, timestamp }, timestamp),
  );
  await worker.claim(partition);
  await worker.process(partition, records);
  expect(sizes).toEqual([70, 70, 70]);
  close();
});
