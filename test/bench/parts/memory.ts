import { recordBatchOf } from '../../../src/ingestion/ports/record-batch.ts';
import { Random } from '../../../src/simulator/random.ts';
import { feedInto, record } from '../../support/core/feed.ts';
import type { TestRedis } from '../../support/servers/redis-server.ts';
import { unique } from '../../support/system/system.ts';
import { busyDay } from './busy-day.ts';
import { type Figure, say } from './figures.ts';

const MILLION = 1_000_000;
const MOST_MB = 185;

/** What Redis holds after a day of 200,000 users in 400,000 sessions and 5,000 items; users' interactions apart. */
export async function measureMemory(redis: TestRedis, events: number): Promise<Figure[]> {
  await redis.client.flushall();
  const before = await usedMb(redis);
  const start = Date.now() - 30 * 3_600_000;
  const prefix = unique();
  const retention = { hourlyDays: 8, dailyDays: 400, caps: new Map([['interactions', 200]]) };
  const { worker, close } = feedInto(redis.url, prefix, { retention, muted: true });
  await worker.claim({ topic: 'events', index: 0 });
  const shape = { events, users: events / 5, sessions: (events / 5) * 2, items: 5_000, cities: 50, hours: 24 };
  let batch: ReturnType<typeof record>[] = [];
  let offset = 0;
  for (const event of busyDay(shape, start, new Random(3))) {
    batch.push(record(offset++, event, start + 30 * 3_600_000));
    if (batch.length < 2_000 && offset < events) continue;
    await worker.process({ topic: 'events', index: 0 }, recordBatchOf(batch));
    batch = [];
    if (offset % (events / 5) === 0) say(`memory: counted ${offset} of ${events} events`);
  }
  close();
  const all = (await usedMb(redis)) - before;
  await dropKeys(redis, `${prefix}:*:interactions:*`);
  const without = (await usedMb(redis)) - before;
  await redis.client.flushall();
  const what = `memory of ${events.toLocaleString('en')} events of ${shape.users.toLocaleString('en')} users`;
  return [
    { what: `${what}, without interactions`, value: without, unit: 'MB' },
    { what: `${what}, with them`, value: all, unit: 'MB', atMost: (MOST_MB * events) / MILLION },
  ];
}

async function usedMb({ client }: TestRedis): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await client.info('memory'))?.[1] ?? 0) / 1_048_576;
}

async function dropKeys({ client }: TestRedis, pattern: string): Promise<void> {
  let cursor = '0';
  do {
    const [next, keys] = await client.scan(cursor, 'MATCH', pattern, 'COUNT', 5_000);
    if (keys.length > 0) await client.del(...keys);
    cursor = next;
  } while (cursor !== '0');
}
