import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectRedis } from '../../../../src/adapters/redis/client/connection.ts';
import { RedisReader } from '../../../../src/adapters/redis/read/reader.ts';
import { RedisRollupStore } from '../../../../src/adapters/redis/rollup/rollup-store.ts';
import { BUILT_IN_FUNNELS } from '../../../../src/analytics/funnel/funnel.ts';
import { productViews } from '../../../../src/analytics/shared/items.ts';
import { dailyUsers, stageUsers } from '../../../../src/analytics/shared/unique-users.ts';
import { recordBatchOf } from '../../../../src/ingestion/ports/record-batch.ts';
import { rankingField, trimmedBuckets } from '../../../../src/metrics/bookkeeping-families.ts';
import { DEFAULT_DIMENSIONS } from '../../../../src/metrics/dimension.ts';
import { Keyspace } from '../../../../src/metrics/keyspace.ts';
import { trackTruncation } from '../../../../src/metrics/query/track-truncation.ts';
import { rollUp } from '../../../../src/rollups/roll-up.ts';
import { Calendar } from '../../../../src/time/calendar.ts';
import { feedInto, record } from '../../../support/core/feed.ts';
import { startRedis, type TestRedis } from '../../../support/servers/redis-server.ts';
import { countTrips, startProxy, type TcpProxy } from '../../../support/servers/tcp-proxy.ts';
import { unique } from '../../../support/system/system.ts';

const partition = { topic: 'events', index: 0 } as const;
const day = '2026-11-18';
const dayMs = Date.parse(day);
const HOUR = 3_600_000;
const today = { window: 'day', labels: [day] } as const;

let redis: TestRedis;
let proxy: TcpProxy;
beforeAll(async () => {
  redis = await startRedis();
  proxy = await startProxy(Number(new URL(redis.url).port));
});
afterAll(async () => {
  await proxy.close();
  await redis.close();
});

/** A shop, and a reader of which it is counted how often it waits for Redis. */
async function shop() {
  const prefix = unique();
  const keyspace = new Keyspace(prefix, 1, 1);
  const { worker, close: closeFeed } = feedInto(redis.url, prefix);
  await worker.claim(partition);
  let offset = 0;
  /** A user a visit, none of them twice. */
  const visit = async (hour: number, count: number): Promise<void> => {
    const events = Array.from({ length: count }, () => {
      const event = {
        event_id: `e${offset}`,
        name: 'view_item',
        user_id: `u${offset}`,
        timestamp: dayMs + hour * HOUR,
      };
      return record(offset, { ...event, items: [{ item_id: `i${offset++ % 3}` }] }, dayMs + 12 * HOUR);
    });
    await worker.process(partition, recordBatchOf(events));
  };
  const merge = (nowMs: number) => {
    const store = new RedisRollupStore(redis.client, keyspace, { hourlyDays: 8, dailyDays: 400, caps: new Map() });
    return rollUp({
      store,
      calendar: new Calendar('UTC'),
      funnels: BUILT_IN_FUNNELS,
      dimensions: DEFAULT_DIMENSIONS,
      now: () => nowMs,
    });
  };
  const client = connectRedis(`redis://127.0.0.1:${proxy.port}`);
  await client.ping();
  const reader = new RedisReader(client, keyspace);
  const users = async () => (await reader.uniques(stageUsers, { ...today, dimensions: ['visit'] }))[0];
  const close = (): void => {
    closeFeed();
    client.disconnect();
  };
  return { keyspace, reader, visit, merge, users, close };
}

const counted = <T>(ask: () => Promise<T>) => countTrips(proxy, ask);

test('users of today are counted in one go, and right when another hour begins, when hours are merged and when theirs are gone', async () => {
  const { keyspace, visit, merge, users, close } = await shop();
  await visit(1, 10);
  expect(await counted(users)).toEqual({ trips: 2, result: 10 });
  await visit(1, 5);
  expect(await counted(users)).toEqual({ trips: 1, result: 15 });
  // An hour that the reader has not seen: what was counted without it must not be the answer.
  await visit(2, 4);
  expect(await counted(users)).toEqual({ trips: 2, result: 19 });
  expect(await counted(users)).toEqual({ trips: 1, result: 19 });
  await merge(dayMs + 5 * HOUR);
  // The reader still takes both hours for unmerged: they are in their day now, and count once.
  expect(await counted(users)).toEqual({ trips: 1, result: 19 });
  for (const hour of ['01', '02']) await redis.client.del(keyspace.key(0, stageUsers, 'visit', `${day}T${hour}`));
  expect(await counted(users)).toEqual({ trips: 1, result: 19 });
  // Late events mark a merged hour anew.
  await visit(1, 3);
  expect(await counted(users)).toEqual({ trips: 2, result: 22 });
  close();
});

test('a ranking, its ties and whether a cap has cut it are read in one go', async () => {
  const { keyspace, reader, visit, close } = await shop();
  await visit(1, 8);
  const ask = async () => {
    const noted = trackTruncation(reader);
    const top = await noted.reader.ranking(productViews, today, 1);
    return { top, cut: await noted.truncated() };
  };
  const top = [{ member: 'i0', score: 3 }];
  expect(await counted(ask)).toEqual({ trips: 1, result: { top, cut: [] } });
  await redis.client.hset(keyspace.key(0, trimmedBuckets, ''), rankingField(productViews, '', day), 1);
  expect(await counted(ask)).toEqual({ trips: 1, result: { top, cut: [productViews.name] } });
  close();
});

test('what is asked for twice is told once: a funnel may name a stage again', async () => {
  const { reader, visit, close } = await shop();
  await visit(1, 8);
  expect(await reader.totals(dailyUsers, today, ['visit', 'visit'])).toEqual(new Map([['visit', 8]]));
  expect(await reader.counters(dailyUsers, today, ['visit', 'visit'])).toEqual([new Map([['visit', 8]])]);
  expect(await reader.sums(productViews, today, ['i0', 'i0'])).toEqual(new Map([['i0', 3]]));
  expect(await reader.uniques(stageUsers, { ...today, dimensions: ['visit', 'visit'] })).toEqual([8, 8]);
  close();
});

test('where an answer fails, so does nothing else: its caller is told, and the process goes on', async () => {
  const { reader, visit, close } = await shop();
  await visit(1, 1);
  const unhandled: unknown[] = [];
  const listen = (reason: unknown): number => unhandled.push(reason);
  process.on('unhandledRejection', listen);
  close();
  // Both the answer and the look for cuts are refused; only the first is waited for.
  await expect(trackTruncation(reader).reader.ranking(productViews, today, 1)).rejects.toThrow('closed');
  await new Promise((resolve) => setImmediate(resolve));
  expect(unhandled).toEqual([]);
  process.off('unhandledRejection', listen);
});
