import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RedisClient } from '../../src/adapters/redis/client/connection.ts';
import { interactions } from '../../src/analytics/engagement/definition.ts';
import { OUTBOX_BOUND } from '../../src/fold/settings.ts';
import type { Position } from '../../src/ingestion/ports/event-log.ts';
import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import { Writes } from '../../src/metrics/writes.ts';
import { contentsOf } from '../support/compare/contents.ts';
import { feedInto, record, takeGuardOut } from '../support/core/feed.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { unique } from '../support/system/system.ts';
import { hostileEvents } from '../support/traffic/hostile.ts';

/** What may be written twice is written before a large commit, by scripts of its own: whatever happens in between must not show. */
const partition = { topic: 'events', index: 0 } as const;
const arrived = Date.parse('2026-11-20T12:00:00Z');
const records = hostileEvents(300, 7, arrived - 86_400_000).map((event, offset) => record(offset, event, arrived));

/** So small that a commit of some hundred events takes many calls. */
const SMALL = { ms: 0.4, bytes: 20_000 };

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

/** The process dies when it has written ahead. */
function dieInBetween(redis: RedisClient): void {
  const commit = redis.commitBatch.bind(redis);
  redis.commitBatch = (...call) =>
    call[7] === 'decide' ? Promise.reject(Object.assign(new Error('killed'), { retryable: true })) : commit(...call);
}

const families = async (prefix: string): Promise<string[]> => {
  const names = [...(await contentsOf(redis.client, prefix)).keys()].map((key) => key.split(':')[3] ?? '');
  return [...new Set(names)].sort();
};

async function countAll(prefix: string, cut: number): Promise<void> {
  const { worker, close } = feedInto(redis.url, prefix);
  await worker.claim(partition);
  for (let from = 0; from < records.length; from += cut)
    await worker.process(partition, recordBatchOf(records.slice(from, from + cut)));
  close();
}

test('killed in between, nothing is counted yet; whoever counts on, however it cuts, leaves what one undisturbed run leaves', async () => {
  const prefix = unique();
  const dying = feedInto(redis.url, prefix, { prepare: dieInBetween, pieceLimits: SMALL });
  await dying.worker.claim(partition);
  await expect(dying.worker.process(partition, recordBatchOf(records))).rejects.toThrow('killed');
  dying.close();
  expect(await families(prefix)).toEqual([
    'interactions',
    'item-brands',
    'item-categories',
    'item-names',
    'item-variants',
    'redo',
  ]);
  expect(await redis.client.hget(`${prefix}:1:{0}:partition:events-0`, 'position')).toBeNull();
  await countAll(prefix, 70);

  const undisturbed = unique();
  await countAll(undisturbed, records.length);
  expect(await contentsOf(redis.client, prefix)).toEqual(await contentsOf(redis.client, undisturbed));
});

test('an owner that was replaced writes nothing ahead: what an erasure has removed does not come back', async () => {
  const prefix = unique();
  const [old, owner] = [feedInto(redis.url, prefix), feedInto(redis.url, prefix)];
  await old.worker.claim(partition);
  await owner.worker.claim(partition);
  await expect(old.worker.process(partition, recordBatchOf(records))).rejects.toThrow(/belongs to another consumer/);
  expect(await families(prefix)).toEqual([]);
  for (const { close } of [old, owner]) close();
});

test('without its guard it would: the control', async () => {
  const prefix = unique();
  const [old, owner] = [feedInto(redis.url, prefix, { prepare: takeGuardOut }), feedInto(redis.url, prefix)];
  await old.worker.claim(partition);
  await owner.worker.claim(partition);
  await old.worker.process(partition, recordBatchOf(records));
  expect(await families(prefix)).toContain('interactions');
  for (const { close } of [old, owner]) close();
});

test('where the outbox is full, nothing is written ahead either', async () => {
  const prefix = unique();
  const outbox = `${prefix}:1:{0}:outbox:events-0`;
  const waiting = Array.from({ length: OUTBOX_BOUND }, (_, turn) => [turn, `message ${turn}`]).flat();
  await redis.client.zadd(outbox, ...waiting);
  const { worker, close } = feedInto(redis.url, prefix, { pieceLimits: SMALL });
  await worker.claim(partition);
  const visit = (offset: number, name: string, hours: number) => {
    const timestamp = arrived - 86_400_000 + hours * 3_600_000;
    const items = [{ item_id: 'sku', price: 5 }];
    return record(offset, { name, event_id: `e${offset}`, user_id: `user ${offset}`, timestamp, items }, arrived);
  };
  // The second visit comes when the first one's cart has been abandoned.
  const batch = [...records, visit(records.length, 'add_to_cart', 20), visit(records.length + 1, 'view_item', 23)];
  await expect(worker.process(partition, recordBatchOf(batch))).rejects.toThrow(/wait to be published/);
  // What the commit would have been made of, of which nothing is applied; the first test tells what is written ahead otherwise.
  expect(await families(prefix)).toEqual(['outbox', 'redo']);
  close();
});

test('a history that is dropped and written to in one batch keeps what was written last', async () => {
  const prefix = unique();
  const { worker, store, close } = feedInto(redis.url, prefix);
  await worker.claim(partition);
  const commit = (from: number, change: (writes: Writes) => void) => {
    const writes = new Writes();
    change(writes);
    const [expected, target] = [from === 0 ? undefined : String(from), String(from + 1)] as [Position, Position];
    const rest = { epoch: 1, arrivedAtMs: arrived, tallies: {}, deadLetters: [] };
    return store.commit({ partition, expected, target, writes, ...rest });
  };
  await commit(0, (writes) => writes.addToHistory(interactions, 'ann', 1, 'before'));
  await commit(1, (writes) => {
    writes.dropHistory(interactions, 'ann');
    writes.addToHistory(interactions, 'ann', 2, 'after');
  });
  expect(await redis.client.zrange(`${prefix}:1:{0}:interactions:ann`, '0', '-1')).toEqual(['after']);
  close();
});
