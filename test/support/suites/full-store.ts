import { expect } from 'vitest';
import { RedisRollupStore } from '../../../src/adapters/redis/rollup/rollup-store.ts';
import { BUILT_IN_FUNNELS } from '../../../src/analytics/funnel/funnel.ts';
import { DEFAULT_DIMENSIONS } from '../../../src/metrics/dimension.ts';
import { Keyspace } from '../../../src/metrics/keyspace.ts';
import { rollUp } from '../../../src/rollups/roll-up.ts';
import { isRetryable } from '../../../src/runtime/errors.ts';
import { Calendar } from '../../../src/time/calendar.ts';
import { startRedis } from '../servers/redis-server.ts';
import { eventually, type Json, startSystem } from '../system/system.ts';

const HOUR = 3_600_000;

/** Posts until nothing is taken any more. @returns how many events were accepted */
export async function fill(
  post: (events: unknown) => Promise<Response>,
): Promise<{ accepted: number; refusal: Response }> {
  let accepted = 0;
  for (let batch = 0; batch < 2_000; batch++) {
    const events = Array.from({ length: 500 }, (_, i) => ({
      event_id: `${batch}-${i}`,
      name: 'view_item',
      user_id: `user-${batch}-${i}`,
      city: `city-${i}`,
      timestamp: Date.now() - (batch % 20) * HOUR,
      items: [{ item_id: `item-${i}` }],
    }));
    const response = await post(events);
    if (response.status !== 202) return { accepted, refusal: response };
    const body: Json = await response.json();
    accepted += body.accepted;
    if (body.rejected.length > 0) return { accepted, refusal: await post(events.slice(0, 1)) };
  }
  throw new Error('it never filled up');
}

export async function expectRefusal(response: Response): Promise<void> {
  expect(response.status).toBe(503);
  expect(Number(response.headers.get('Retry-After'))).toBeGreaterThan(0);
  expect(response.headers.get('Content-Type')).toContain('application/problem+json');
}

/**
 * Redis near its maxmemory: ingestion stops, answers and rollups go on, and all goes on by itself when there is room.
 */
export async function fillMemory(megabytes: number): Promise<{ accepted: number; lost: number }> {
  const redis = await startRedis(['--save', '', '--appendonly', 'no', '--maxmemory', `${megabytes}mb`]);
  const system = await startSystem(redis.url, { PARTITIONS: '2', INTERACTIONS_PER_USER: '5' });
  await system.startCounting();
  const { accepted, refusal } = await fill(system.post);
  expect(accepted).toBeGreaterThan(2_000);
  await expectRefusal(refusal);
  // At the mark it comes and goes: what a batch took is given back.
  const isShown = async () => /^Redis uses \d+ % of its maxmemory$/.test((await system.get('/v1/pipeline')).store_full);
  await eventually('it to be shown', isShown);
  expect((await system.get('/v1/events/frequencies'))[0].name).toBe('view_item');
  const store = new RedisRollupStore(redis.client, new Keyspace(system.prefix, 1, 1), {
    hourlyDays: 8,
    dailyDays: 400,
    caps: new Map(),
  });
  const parts = {
    store,
    calendar: new Calendar('UTC'),
    funnels: BUILT_IN_FUNNELS,
    dimensions: DEFAULT_DIMENSIONS,
    now: () => Date.now(),
  };
  // At the very mark Redis may take nothing for a moment; the queue tries again as well.
  const merged = async (): Promise<number> => {
    try {
      return (await rollUp(parts)).hours;
    } catch (error) {
      if (isRetryable(error)) return 0;
      throw error;
    }
  };
  await eventually('hours to be merged', async () => (await merged()) > 0);

  await redis.client.config('SET', 'maxmemory', '0');
  await eventually('there to be room', async () => (await system.get('/v1/pipeline')).store_full === null);
  expect((await system.post({ name: 'view_item', user_id: 'last' })).status).toBe(202);
  await system.settled();
  const { events, rejected } = await system.get('/v1/pipeline');
  expect({ events, rejected }).toEqual({ events: accepted + 1, rejected: 0 });
  await system.close();
  await redis.close();
  return { accepted, lost: accepted + 1 - events };
}
