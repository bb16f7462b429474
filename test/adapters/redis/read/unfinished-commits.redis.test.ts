import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RedisClient } from '../../../../src/adapters/redis/client/connection.ts';
import { RedisReader } from '../../../../src/adapters/redis/read/reader.ts';
import { productViews } from '../../../../src/analytics/shared/items.ts';
import { sessionCounts } from '../../../../src/analytics/shared/sessions.ts';
import { recordBatchOf } from '../../../../src/ingestion/ports/record-batch.ts';
import { Keyspace } from '../../../../src/metrics/keyspace.ts';
import { contentsOf } from '../../../support/compare/contents.ts';
import { feedInto, record } from '../../../support/core/feed.ts';
import { startRedis, type TestRedis } from '../../../support/servers/redis-server.ts';
import { unique } from '../../../support/system/system.ts';

const partition = { topic: 'events', index: 0 } as const;
const arrived = Date.parse('2026-11-20T12:00:00Z');
const EVENTS = 300;
const records = Array.from({ length: EVENTS }, (_, i) =>
  record(
    i,
    {
      event_id: `e${i}`,
      name: 'view_item',
      user_id: `u${i % 50}`,
      timestamp: arrived - EVENTS + i,
      items: [{ item_id: `i${i % 90}` }],
    },
    arrived,
  ),
);
const today = { window: 'day', labels: ['2026-11-20'] } as const;
/** So small that the unit takes dozens of scripts. */
const pieceLimits = { ms: 0.1, bytes: 2_000 };

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

/** What is counted of the events in two families that lie in different pieces. */
async function figures(prefix: string, partitions: readonly (typeof partition)[]): Promise<[number, number]> {
  const reader = new RedisReader(redis.client, new Keyspace(prefix, 1, 1), partitions);
  const [views, counts] = await Promise.all([
    reader.sums(
      productViews,
      today,
      [...Array(90).keys()].map((i) => `i${i}`),
    ),
    reader.totals(sessionCounts, today, ['events']),
  ]);
  return [[...views.values()].reduce((sum, n) => sum + n, 0), counts.get('events') ?? 0];
}

/** Counts all events; `between` happens before each piece is applied, and may end the owner. */
async function count(prefix: string, between: (piece: number) => Promise<void>): Promise<void> {
  const prepare = (client: RedisClient): void => {
    const commit = client.commitBatch.bind(client);
    let pieces = 0;
    client.commitBatch = async (...call) => {
      if (call[7] === 'apply') await between(pieces++);
      return commit(...call);
    };
  };
  const { worker, close } = feedInto(redis.url, prefix, { prepare, pieceLimits });
  try {
    const from = Number(await worker.claim(partition));
    await worker.process(partition, recordBatchOf(records.slice(from)));
  } finally {
    close();
  }
}

const undisturbed = async (): Promise<unknown> => {
  const prefix = unique();
  await count(prefix, async () => undefined);
  return contentsOf(redis.client, prefix);
};

test('an answer that is asked for between the pieces of a commit holds all of it, or nothing', async () => {
  const prefix = unique();
  const seen: [number, number][] = [];
  await count(prefix, async () => {
    seen.push(await figures(prefix, [partition]));
  });
  expect(seen.length).toBeGreaterThan(4);
  expect(seen[0]).toEqual([0, 0]);
  for (const each of seen.slice(1)) expect(each).toEqual([EVENTS, EVENTS]);
  // To the owner it was as if replies had been lost.
  expect(await contentsOf(redis.client, prefix)).toEqual(await undisturbed());
});

test('an owner that ended between two pieces leaves nothing half counted, and whoever comes next goes on', async () => {
  const prefix = unique();
  const killed = Object.assign(new Error('killed'), { retryable: true });
  const end = (piece: number): Promise<void> => (piece < 3 ? Promise.resolve() : Promise.reject(killed));
  await expect(count(prefix, end)).rejects.toThrow('killed');
  expect(await figures(prefix, [partition])).toEqual([EVENTS, EVENTS]);
  await count(prefix, async () => undefined);
  expect(await figures(prefix, [partition])).toEqual([EVENTS, EVENTS]);
});

test('control: who does not look for commits that are half applied sees them', async () => {
  const prefix = unique();
  const seen: [number, number][] = [];
  await count(prefix, async () => {
    seen.push(await figures(prefix, []));
  });
  expect(seen.some(([views, events]) => views !== events)).toBe(true);
});
