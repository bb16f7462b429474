import { connectRedis } from '../../../src/adapters/redis/client/connection.ts';
import { RedisCartStore } from '../../../src/adapters/redis/read/cart-store.ts';
import { RedisReader } from '../../../src/adapters/redis/read/reader.ts';
import { BUILT_IN_FUNNELS } from '../../../src/analytics/funnel/funnel.ts';
import type { QueryContext } from '../../../src/analytics/question.ts';
import type { PartitionId } from '../../../src/events/partition.ts';
import { recordBatchOf } from '../../../src/ingestion/ports/record-batch.ts';
import type { Dimension } from '../../../src/metrics/dimension.ts';
import { Keyspace } from '../../../src/metrics/keyspace.ts';
import { parsePeriod } from '../../../src/metrics/query/period.ts';
import { Calendar } from '../../../src/time/calendar.ts';
import type { OracleEvent } from '../oracle/events.ts';
import { unique } from '../system/system.ts';
import { feedInto, record, SETTINGS } from './feed.ts';

/** Events counted in a real Redis, and questions asked as at a moment that the test chooses. */
export interface Counted {
  readonly prefix: string;
  as(nowMs: number, range?: { from?: string; to?: string }): QueryContext;
  close(): void;
}

interface Counting {
  readonly timezone?: string;
  readonly dimensions?: readonly Dimension[];
}

export async function counted(
  redisUrl: string,
  events: readonly OracleEvent[],
  { timezone = 'UTC', dimensions = SETTINGS.dimensions }: Counting = {},
): Promise<Counted> {
  const prefix = unique();
  const feed = feedInto(redisUrl, prefix, { timezone, dimensions });
  const newest = Math.max(...events.map(({ timestamp }) => timestamp));
  for (const topic of ['events', 'inventory'] as const) {
    const partition: PartitionId = { topic, index: 0 };
    const own = events.filter((event) => (event.item_id !== undefined) === (topic === 'inventory'));
    await feed.worker.claim(partition);
    await feed.worker.process(
      partition,
      recordBatchOf(own.map((event, i) => record(i, { event_id: `${topic}-${i}`, ...event }, newest))),
    );
  }
  feed.close();
  const redis = connectRedis(redisUrl);
  const calendar = new Calendar(timezone);
  return {
    prefix,
    as: (nowMs, range = {}) => ({
      reader: new RedisReader(redis, new Keyspace(prefix, 1, 1)),
      carts: new RedisCartStore(redis, new Keyspace(prefix, 1, 1), calendar, 1, SETTINGS.cartTimeoutMs),
      calendar,
      storeCurrency: 'USD',
      funnels: BUILT_IN_FUNNELS,
      dimensions,
      hourlyDays: 8,
      dailyDays: 400,
      nowMs,
      period: parsePeriod(range, { calendar, nowMs, hourlyDays: 8, grain: 'hour' }),
    }),
    close: () => redis.disconnect(),
  };
}
