import { afterAll, beforeAll, expect, test } from 'vitest';
import { RedisReader } from '../../src/adapters/redis/read/reader.ts';
import { interactions } from '../../src/analytics/engagement/definition.ts';
import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import { Keyspace } from '../../src/metrics/keyspace.ts';
import { feedInto, record } from '../support/core/feed.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { unique } from '../support/system/system.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

const partition = { topic: 'events', index: 0 } as const;
const now = Date.parse('2026-11-20T12:00:00Z');
const view = (id: string, user: string) => ({ event_id: id, name: 'page_view', user_id: user, timestamp: now });

test.each([
  ['as we write it', '{"control":"erase","user_id":"u1"}', 'u1'],
  ['with spaces, as somebody else may', '{ "control" : "erase", "user_id": "u1" }', 'u1'],
  ['with its fields the other way round', '{"user_id":"u1","control":"erase"}', 'u1'],
  ['of a user who is named like another kind of record', '{"control":"erase","user_id":"tick"}', 'tick'],
])('an erasure %s takes all of the user out, and none of its neighbours in the batch', async (_, erasure, user) => {
  const prefix = unique();
  const { worker, store, close } = feedInto(redis.url, prefix);
  const tallies: Record<string, number> = {};
  const commit = store.commit.bind(store);
  store.commit = (one) => {
    for (const [name, n] of Object.entries(one.tallies)) tallies[name] = (tallies[name] ?? 0) + n;
    return commit(one);
  };
  await worker.claim(partition);
  await worker.process(partition, recordBatchOf([record(0, view('e0', user), now)]));
  // Once as the first of a batch, once amid others, once as the last.
  const values = [erasure, view('e1', user), view('e2', 'u2'), erasure, view('e3', 'u2'), view('e4', user), erasure];
  const records = values.map((value, i) => record(i + 1, value, now));
  expect(await worker.process(partition, recordBatchOf(records))).toBe('8');
  const reader = new RedisReader(redis.client, new Keyspace(prefix, 1, 1));
  const of = async (userId: string) =>
    (await reader.history(interactions, userId, 0, now + 1, 10)).map(({ member }) => JSON.parse(member)[0]);
  expect(tallies['events']).toBe(5);
  expect(await of(user)).toEqual([]);
  expect((await of('u2')).sort()).toEqual(['e2', 'e3']);
  close();
});

test('an import’s end stands alone however it is written: what is behind it in the batch is counted', async () => {
  const { worker, store, close } = feedInto(redis.url, unique());
  const counted: (number | undefined)[] = [];
  const commit = store.commit.bind(store);
  store.commit = (one) => {
    counted.push(one.tallies['events']);
    return commit(one);
  };
  await worker.claim(partition);
  await worker.process(
    partition,
    recordBatchOf([
      record(0, view('e0', 'u1'), now, 'imp'),
      record(1, '{ "control": "close" }', now, 'imp'),
      record(2, view('e1', 'u2'), now),
    ]),
  );
  expect(counted).toEqual([1, undefined, 1]);
  close();
});
