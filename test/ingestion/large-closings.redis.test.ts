import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import { contentsOf } from '../support/compare/contents.ts';
import { feedInto, record } from '../support/core/feed.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { unique } from '../support/system/system.ts';
import { hostileEvents } from '../support/traffic/hostile.ts';

/** However much is open when an import ends, a unit moves a bounded part of it, and what comes of it is the same. */
const partition = { topic: 'events', index: 0 } as const;
const DAY = 86_400_000;
const arrived = Date.parse('2026-11-20T12:00:00Z');
const DUE = { carts: 3, bytes: 1_000_000 };
const SMALL = { fields: 100, fieldBytes: 1_000_000, carts: 4, cartBytes: 1_000_000 };
const ALL = { fields: 1e6, fieldBytes: 1e9, carts: 1e6, cartBytes: 1e9 };

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

const isShop = ({ name }: { name: string }): boolean => name !== 'stock_update' && name !== 'price_change';
/** Users that both lanes know, so that their sessions and carts meet; and a day later an event that carts are due by. */
const live = hostileEvents(120, 3, arrived - 3 * DAY).filter(isShop);
const imported = hostileEvents(700, 4, arrived - 3.2 * DAY).filter(isShop);
const log = [
  ...live.map((event) => [event, undefined] as const),
  ...imported.map((event) => [event, 'imp-1'] as const),
  [{ control: 'close' }, 'imp-1'] as const,
  ...hostileEvents(60, 5, arrived)
    .filter(isShop)
    .map((event) => [event, undefined] as const),
].map(([value, importId], offset) => record(offset, value, arrived + DAY, importId));
const closing = live.length + imported.length;

/** What is left, without the order in which messages wait: carts that move in another part are told of in another turn. */
async function contents(prefix: string): Promise<Map<string, unknown>> {
  const all = await contentsOf(redis.client, prefix);
  const state = all.get(':1:{0}:partition:events-0');
  if (typeof state === 'object' && state !== null && 'step' in state) delete state.step;
  const key = `${prefix}:1:{0}:outbox:events-0`;
  all.set(':1:{0}:outbox:events-0', (await redis.client.zrange(key, '0', '-1')).sort());
  return all;
}

async function count(options: Parameters<typeof feedInto>[2]): Promise<Map<string, unknown>> {
  const prefix = unique();
  const { worker, close } = feedInto(redis.url, prefix, options);
  await worker.claim(partition);
  await worker.process(partition, recordBatchOf(log));
  close();
  return contents(prefix);
}

test('a lane that closes moves part by part: the same as all at once', async () => {
  const whole = await count({ partLimits: ALL });
  expect(await count({ partLimits: SMALL })).toEqual(whole);
  expect(await count({ partLimits: SMALL, dueLimits: DUE })).toEqual(whole);
  expect(await count({ partLimits: { ...SMALL, fieldBytes: 3_000, cartBytes: 500 } })).toEqual(whole);
});

test('killed between two parts, another owner goes on where they stood', async () => {
  const prefix = unique();
  const first = feedInto(redis.url, prefix, { partLimits: SMALL });
  await first.worker.claim(partition);
  await first.worker.process(partition, recordBatchOf(log.slice(0, closing)));
  let commits = 0;
  const { commit } = first.store;
  first.store.commit = (one) => {
    commits += 1;
    return commits > 2
      ? Promise.reject(Object.assign(new Error('killed'), { retryable: true }))
      : commit.call(first.store, one);
  };
  await expect(first.worker.process(partition, recordBatchOf(log.slice(closing)))).rejects.toThrow('killed');
  first.close();
  expect(await redis.client.hget(`${prefix}:1:{0}:partition:events-0`, 'step')).toBe('2');
  const next = feedInto(redis.url, prefix, { partLimits: SMALL });
  const at = Number(await next.worker.claim(partition));
  await next.worker.process(partition, recordBatchOf(log.slice(at)));
  next.close();
  expect(await contents(prefix)).toEqual(await count({ partLimits: ALL }));
});
