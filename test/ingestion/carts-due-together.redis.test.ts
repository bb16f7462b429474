import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import { contentsOf } from '../support/compare/contents.ts';
import { feedInto, record } from '../support/core/feed.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { unique } from '../support/system/system.ts';

/** However many carts fall due at the same moment, a unit abandons a bounded number of them, and what comes of it is the same. */
const partition = { topic: 'events', index: 0 } as const;
const MIN = 60_000;
const start = Date.parse('2026-11-20T09:00:00Z');
const arrived = start + 5 * 60 * MIN;
const CARTS = 50;

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

const event = (id: string, user: string, name: string, afterMs: number, more: object = {}) => ({
  event_id: id,
  name,
  user_id: user,
  timestamp: start + afterMs,
  ...more,
});

const items = [{ item_id: 'sku', price: 5 }];
/** Carts of one moment, one of which goes on before it falls due, and an hour later events that all the others are due by. */
const log = [
  ...Array.from({ length: CARTS }, (_, i) => event(`add-${i}`, `user ${i}`, 'add_to_cart', 0, { items })),
  event('goes-on', 'user 7', 'view_item', 30 * MIN, { items }),
  event('late-1', 'another', 'view_item', 61 * MIN, { items }),
  event('bought', 'user 3', 'purchase', 62 * MIN, { items, transaction_id: 't3' }),
  event('late-2', 'another', 'view_item', 95 * MIN, { items }),
].map((one, offset) => record(offset, one, arrived));

/** The same, but nothing of this partition says that they are due: another one does. */
const told = { control: 'claim', transaction_id: 't9', user_id: 'u', guest: false, fullness: 4, at: start };
const toldLog = [
  ...log.slice(0, CARTS + 1),
  record(CARTS + 1, { ...told, now: start + (61 + 60) * MIN }, arrived),
  record(CARTS + 2, event('bought', 'user 3', 'purchase', 62 * MIN, { items, transaction_id: 't3' }), arrived),
  record(CARTS + 3, { ...told, at: start + MIN, now: start + (95 + 60) * MIN }, arrived),
];

async function count(
  options: Parameters<typeof feedInto>[2],
  cuts = [log.length],
  records = log,
): Promise<Map<string, unknown>> {
  const prefix = unique();
  const { worker, close } = feedInto(redis.url, prefix, options);
  await worker.claim(partition);
  let from = 0;
  for (const to of cuts) {
    await worker.process(partition, recordBatchOf(records.slice(from, to)));
    from = to;
  }
  close();
  const contents = await contentsOf(redis.client, prefix);
  const state = contents.get(':1:{0}:partition:events-0');
  if (typeof state === 'object' && state !== null && 'step' in state) delete state.step;
  return contents;
}

test.each([
  ['one at a time', { carts: 1, bytes: 1_000_000 }],
  ['seven at a time', { carts: 7, bytes: 1_000_000 }],
  ['as many as some bytes hold', { carts: 1_000, bytes: 600 }],
])('carts that fall due together, %s: the same as all at once', async (_, dueLimits) => {
  expect(await count({ dueLimits }, [CARTS, log.length])).toEqual(await count({}, [CARTS, log.length]));
  expect(await count({ dueLimits }, [CARTS, CARTS + 1, CARTS + 3, log.length])).toEqual(await count({}));
});

test.each([1, 7])(
  'carts that fall due by what another partition says, %i at a time: the same as all at once',
  async (carts) => {
    const dueLimits = { carts, bytes: 1_000_000 };
    const atOnce = await count({}, [CARTS, toldLog.length], toldLog);
    expect(await count({ dueLimits }, [CARTS, toldLog.length], toldLog)).toEqual(atOnce);
    expect(await count({ dueLimits }, [CARTS, CARTS + 1, CARTS + 3, toldLog.length], toldLog)).toEqual(atOnce);
    const said = atOnce.get(':1:{0}:outbox:events-0');
    expect(Array.isArray(said) ? said.length / 2 : 0).toBe(CARTS);
  },
);

test('killed between two of these units, another owner goes on where they stood', async () => {
  const prefix = unique();
  const dueLimits = { carts: 4, bytes: 1_000_000 };
  const first = feedInto(redis.url, prefix, { dueLimits });
  await first.worker.claim(partition);
  await first.worker.process(partition, recordBatchOf(log.slice(0, CARTS)));
  let commits = 0;
  const { commit } = first.store;
  first.store.commit = (one) => {
    commits += 1;
    return commits > 3
      ? Promise.reject(Object.assign(new Error('killed'), { retryable: true }))
      : commit.call(first.store, one);
  };
  await expect(first.worker.process(partition, recordBatchOf(log.slice(CARTS)))).rejects.toThrow('killed');
  first.close();
  expect(Number(await redis.client.hget(`${prefix}:1:{0}:partition:events-0`, 'step'))).toBeGreaterThan(0);
  const next = feedInto(redis.url, prefix, { dueLimits });
  const at = Number(await next.worker.claim(partition));
  await next.worker.process(partition, recordBatchOf(log.slice(at)));
  next.close();
  const contents = await contentsOf(redis.client, prefix);
  const state = contents.get(':1:{0}:partition:events-0');
  if (typeof state === 'object' && state !== null && 'step' in state) delete state.step;
  expect(contents).toEqual(await count({}, [CARTS, log.length]));
});

test('large carts that fall due together are abandoned few at a time, so that nobody waits long for an answer', async () => {
  const prefix = unique();
  const { worker, store, close } = feedInto(redis.url, prefix);
  const large = Array.from({ length: 1_000 }, (_, i) => ({ item_id: `an item of a long name ${i}`, price: 5 }));
  const carts = Array.from({ length: 20 }, (_, i) => event(`l-${i}`, `user ${i}`, 'add_to_cart', 0, { items: large }));
  const all = [...carts, event('later', 'another', 'view_item', 61 * MIN)];
  await worker.claim(partition);
  const said: number[] = [];
  const commit = store.commit.bind(store);
  store.commit = (one) => {
    said.push([...one.writes.queued.values()].flatMap((queues) => [...queues.values()].flat()).length);
    return commit(one);
  };
  const records = all.map((one, offset) => record(offset, one, arrived));
  await worker.process(partition, recordBatchOf(records.slice(0, carts.length)));
  await worker.process(partition, recordBatchOf(records.slice(carts.length)));
  close();
  expect(said.reduce((sum, n) => sum + n, 0)).toBe(20);
  // A cart of these takes forty kilobytes.
  expect(Math.max(...said)).toBeLessThanOrEqual(4);
});

test('carts of users whose events wait for a guest’s session let others have their turn', async () => {
  const prefix = unique();
  const { worker, close } = feedInto(redis.url, prefix, { dueLimits: { carts: 2, bytes: 1_000_000 } });
  await worker.claim(partition);
  const users = Array.from({ length: 5 }, (_, i) => `waits ${i}`);
  const added = [...users, 'left'].map((user) => event(`add-${user}`, user, 'add_to_cart', 0, { items }));
  const named = users.map((user) => event(`in-${user}`, user, 'page_view', MIN, { anonymous_id: `guest of ${user}` }));
  const records = [...added, ...named, event('late', 'another', 'view_item', 90 * MIN)];
  const batch = records.map((one, offset) => record(offset, one, arrived));
  await worker.process(partition, recordBatchOf(batch.slice(0, added.length + named.length)));
  expect(Number(await worker.process(partition, recordBatchOf(batch.slice(added.length + named.length))))).toBe(
    batch.length,
  );
  const contents = await contentsOf(redis.client, prefix);
  close();
  const carts = contents.get(':1:{0}:carts:events-0:live');
  const open = Object.values(carts ?? {}).filter((cart) => String(cart).includes('"open"'));
  expect(open.length).toBe(users.length);
});
