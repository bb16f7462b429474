import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RedisClient } from '../../src/adapters/redis/client/connection.ts';
import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import { contentsOf } from '../support/compare/contents.ts';
import { type Feed, feedInto, record } from '../support/core/feed.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { unique } from '../support/system/system.ts';
import { hostileEvents } from '../support/traffic/hostile.ts';

const partition = { topic: 'events', index: 0 } as const;
const arrived = Date.parse('2026-11-20T12:00:00Z');
const BATCH = 100;

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

const records = hostileEvents(1_200, 31, arrived - 3 * 86_400_000).map((event, offset) =>
  record(offset, event, arrived),
);
const batches = Array.from({ length: records.length / BATCH }, (_, i) => records.slice(i * BATCH, (i + 1) * BATCH));

/** What Redis holds when one owner counts everything, reading all that it needs. */
async function alone(): Promise<Map<string, unknown>> {
  const prefix = unique();
  for (const batch of batches) {
    const { worker, close } = feedInto(redis.url, prefix);
    await worker.claim(partition);
    await worker.process(partition, recordBatchOf(batch));
    close();
  }
  return contentsOf(redis.client, prefix);
}

/** Fields that the store is asked for. */
function countAsked({ store }: Feed): number[] {
  const asked: number[] = [];
  const read = store.read.bind(store);
  store.read = (of, needs) => {
    asked.push(needs.reduce((sum, { visitors, users }) => sum + visitors.length + users.length, 0));
    return read(of, needs);
  };
  return asked;
}

test('visitors who come again are not read again', async () => {
  const feed = feedInto(redis.url, unique());
  const asked = countAsked(feed);
  await feed.worker.claim(partition);
  for (const batch of batches) await feed.worker.process(partition, recordBatchOf(batch));
  expect(asked[0]).toBeGreaterThan(50);
  expect(asked.slice(6).reduce((a, b) => a + b)).toBeLessThan((asked[0] ?? 0) * 3);
  feed.close();
});

test('owners that take turns count as one does: what another has changed is read again', async () => {
  const prefix = unique();
  const feeds = [feedInto(redis.url, prefix), feedInto(redis.url, prefix)];
  for (const [i, batch] of batches.entries()) {
    const { worker } = feeds[i % 2] ?? feeds[0] ?? feedInto(redis.url, prefix);
    await worker.claim(partition);
    await worker.process(partition, recordBatchOf(batch));
  }
  expect(await contentsOf(redis.client, prefix)).toEqual(await alone());
  for (const { close } of feeds) close();
});

/** Some commits fail before Redis sees them, some after; others come through. */
function failOften(redis: RedisClient): void {
  const commit = redis.commitBatch.bind(redis);
  const broken = (message: string) => Object.assign(new Error(message), { code: 'ECONNRESET' });
  let calls = 0;
  redis.commitBatch = async (...call) => {
    calls += 1;
    if (calls % 5 === 1) throw broken('the connection broke');
    const reply = await commit(...call);
    if (calls % 5 === 3) throw broken('the reply was lost');
    return reply;
  };
}

test('a commit of which it is not known whether it came through leaves no memory of what was folded', async () => {
  const prefix = unique();
  const { worker, close } = feedInto(redis.url, prefix, { prepare: failOften });
  await worker.claim(partition);
  let failures = 0;
  for (const batch of batches) {
    // As Kafka's client does: after a failure it hands out the same again.
    for (let done = false; !done; )
      done = await worker.process(partition, recordBatchOf(batch)).then(
        () => true,
        () => {
          failures += 1;
          return false;
        },
      );
  }
  expect(failures).toBeGreaterThan(batches.length / 2);
  expect(await contentsOf(redis.client, prefix)).toEqual(await alone());
  close();
});

test('two turns of one owner on a partition, as while a group is shared anew: an abandoned cart is counted once', async () => {
  const prefix = unique();
  const { worker, store, close } = feedInto(redis.url, prefix);
  const at = (minutes: number): number => arrived - 86_400_000 + minutes * 60_000;
  const visit = (offset: number, name: string, minutes: number) => {
    const items = name === 'add_to_cart' ? [{ item_id: 'mug', price: 5 }] : [];
    return record(
      offset,
      { event_id: `e${offset}`, name, user_id: 'u', city: 'Oslo', items, timestamp: at(minutes) },
      arrived,
    );
  };
  await worker.claim(partition);
  await worker.process(partition, recordBatchOf([visit(0, 'add_to_cart', 0)]));
  const read = store.read.bind(store);
  let letGo = (): void => undefined;
  const overtaken = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  store.read = async (...asked) => {
    store.read = read;
    await overtaken;
    return read(...asked);
  };
  // It remembers the open cart, and then waits for Redis while another turn counts the same visit.
  const slow = worker.process(partition, recordBatchOf([visit(1, 'page_view', 90), visit(2, 'page_view', 91)]));
  const position = await worker.process(partition, recordBatchOf([visit(1, 'page_view', 90)]));
  letGo();
  expect(await slow).toBe(position);
  await worker.process(partition, recordBatchOf([visit(2, 'page_view', 91)]));
  const counts = [...(await contentsOf(redis.client, prefix))].find(([key]) => /:abandonment:....-..-..$/.test(key));
  expect(counts?.[1]).toMatchObject({ opened: '1', abandoned: '1' });
  close();
});

test('more users in a batch than are remembered: none is taken for unknown', async () => {
  const users = Array.from({ length: 1_500 }, (_, i) => `user-${i}`);
  const rounds = [users, [...users].reverse(), users, [...users].reverse()].map((order, round) =>
    order.map((user, i) => {
      const timestamp = arrived - 86_400_000 + round * (round === 3 ? 1_200_000 : 60_000);
      const event = { event_id: `${round}-${user}`, name: 'page_view', user_id: user, timestamp };
      return record(round * users.length + i, event, arrived);
    }),
  );
  const fold = async (memory: boolean): Promise<Map<string, unknown>> => {
    const prefix = unique();
    const feed = feedInto(redis.url, prefix);
    for (const [i, round] of rounds.entries()) {
      if (!memory || i === 0) await feed.worker.claim(partition);
      await feed.worker.process(partition, recordBatchOf(round));
    }
    feed.close();
    return contentsOf(redis.client, prefix);
  };
  expect(await fold(true)).toEqual(await fold(false));
});
