import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RedisClient } from '../../src/adapters/redis/client/connection.ts';
import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import { contentsOf } from '../support/compare/contents.ts';
import { feedInto, record } from '../support/core/feed.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { unique } from '../support/system/system.ts';

/** A small event may belong to a huge cart or order: what a unit reads of them is bounded, and what comes of it is the same. */
const partition = { topic: 'events', index: 0 } as const;
const start = Date.parse('2026-11-20T09:00:00Z');
const arrived = start + 3_600_000;
const USERS = 60;
const READ_BYTES = 40_000;
const DUE = { carts: 1_000, bytes: 524_288 };

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

const items = Array.from({ length: 50 }, (_, i) => ({ item_id: `an item of a long name ${i}`, price: 5 }));
const users = Array.from({ length: USERS }, (_, i) => `user ${i}`);
const event = (name: string, user: string, afterMs: number, more: object = {}) => ({
  event_id: `${name} ${user}`,
  name,
  user_id: user,
  timestamp: start + afterMs,
  ...more,
});

const large = users.flatMap((user, i) => [
  event('purchase', user, i, { items, transaction_id: user }),
  event('add_to_cart', user, 100 + i, { items }),
]);
const small = users.flatMap((user, i) => [
  event('view_item', user, 200 + i),
  event('refund', user, 300 + i, { transaction_id: user }),
]);
const log = [...large, ...small].map((one, offset) => record(offset, one, arrived));

/** Each half by an owner of its own, so that the second knows nothing; how large the replies were that it got. */
async function count(readBytes: number): Promise<{ contents: Map<string, unknown>; largest: number }> {
  const prefix = unique();
  let largest = 0;
  const prepare = (client: RedisClient) => {
    const read = client.readLaneBuffer.bind(client);
    client.readLaneBuffer = async (...call) => {
      const reply = await read(...call);
      if (Buffer.isBuffer(reply)) largest = Math.max(largest, reply.length);
      return reply;
    };
  };
  for (const records of [log.slice(0, large.length), log.slice(large.length)]) {
    const { worker, close } = feedInto(redis.url, prefix, { dueLimits: { ...DUE, readBytes }, prepare });
    await worker.claim(partition);
    await worker.process(partition, recordBatchOf(records));
    close();
  }
  return { contents: await contentsOf(redis.client, prefix), largest };
}

test('what a unit reads of carts and orders is bounded, however many small events name large ones; the same is counted', async () => {
  const [all, bounded] = [await count(Number.MAX_SAFE_INTEGER), await count(READ_BYTES)];
  expect(all.largest).toBeGreaterThan(5 * READ_BYTES);
  expect(bounded.largest).toBeLessThan(5 * READ_BYTES);
  expect(bounded.contents).toEqual(all.contents);
});
