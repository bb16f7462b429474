import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordBatchOf } from '../../../../src/ingestion/ports/record-batch.ts';
import { feedInto, record } from '../../../support/core/feed.ts';
import { startRedis, type TestRedis } from '../../../support/servers/redis-server.ts';
import { unique } from '../../../support/system/system.ts';

/** HOURLY_DAYS is 8: hours of the day that lies so many days back can be asked for, those before can't. */
const partition = { topic: 'events', index: 0 } as const;
const arrived = Date.parse('2026-11-20T12:30:00Z');

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

const items = [{ item_id: 'mug', price: 5 }];
const bought = (id: string, time: string) => ({
  event_id: id,
  name: 'purchase',
  user_id: id,
  city: 'Oslo',
  transaction_id: id,
  timestamp: Date.parse(time),
  items,
});
const old = { at: Date.parse('2026-10-01T07:40:00Z'), values: ['Oslo', 'unknown', 'unknown', 'Direct'] };
/** Somebody else has refunded all of the old order. */
const settle = {
  control: 'settle',
  transaction_id: 'old',
  reporter: 'old',
  refund: { id: 'r', ...old, currency: 'USD', value: null, items: [] },
};
/** One in an hour of each kind, a cart that was left in an old hour, and a refund that is put right there. */
const log = [
  bought('now', '2026-11-20T12:00:00Z'),
  bought('kept', '2026-11-12T00:10:00Z'),
  bought('old', '2026-10-01T07:20:00Z'),
  { event_id: 'c', name: 'add_to_cart', user_id: 'ann', timestamp: Date.parse('2026-10-02T07:20:00Z'), items },
  bought('next', '2026-11-20T12:29:00Z'),
  settle,
].map((one, offset) => record(offset, one, arrived));

/** Windows in which there is something, of all but unique users: those are merged into their days by way of an hour. */
async function windowsOf(maxBatch: number): Promise<string[]> {
  const prefix = unique();
  const { worker, close } = feedInto(redis.url, prefix, { maxBatch });
  await worker.claim(partition);
  await worker.process(partition, recordBatchOf(log));
  close();
  const [day] = await redis.client.keys(`${prefix}:*:revenue:2026-10-01`);
  expect(await redis.client.hget(day ?? '', 'refunds:USD')).toBe('500');
  const keys = (await redis.client.keys(`${prefix}:*`)).filter((key) => !/:(users|value-users):/.test(key));
  const labels = keys.flatMap((key) => /:(2026-\d\d-\d\d(?:T\d\d(?::\d\d)?)?)$/.exec(key)?.[1] ?? []);
  return [...new Set(labels)].sort();
}

test.each([1, 100])(
  'an event of an hour that nobody can ask for counts in its day and makes no hour, in units of %i',
  async (n) => {
    expect(await windowsOf(n)).toEqual([
      '2026-10-01',
      '2026-10-02',
      '2026-11-12',
      '2026-11-12T00',
      '2026-11-12T00:00',
      '2026-11-20',
      '2026-11-20T12',
      '2026-11-20T12:00',
      '2026-11-20T12:15',
    ]);
  },
);
