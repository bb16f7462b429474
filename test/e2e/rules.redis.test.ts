import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAnswers } from '../support/compare/answers.ts';
import type { OracleEvent } from '../support/oracle/events.ts';
import { Oracle } from '../support/oracle/oracle.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';
import { hostileEvents, reportedAlike } from '../support/traffic/hostile.ts';

const PARTITIONS = 4;
const DAY = 86_400_000;
const today = Math.floor(Date.now() / DAY) * DAY;
const start = today - 7 * DAY;
const range = `from=${new Date(start - DAY).toISOString().slice(0, 10)}&to=${new Date(today).toISOString().slice(0, 10)}`;

/** One late user for each partition moves every lane on, so that whatever can fall due has done so. */
function flush(oracle: Oracle, at: number): OracleEvent[] {
  const found = new Map<number, OracleEvent>();
  for (let i = 0; found.size < PARTITIONS; i++) {
    const user = `flush-${i}`;
    found.set(oracle.partitionOf(user), { event_id: `f${i}`, name: 'page_view', user_id: user, timestamp: at });
  }
  return [...found.values()];
}

const occurred = new Map<string, number>();

describe('every answer equals a plain count by the rules', () => {
  let redis: TestRedis;
  let system: TestSystem;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());

  test.each([1, 2, 3])('over hostile events (seed %i)', async (seed) => {
    system = await startSystem(redis.url, { PARTITIONS: String(PARTITIONS) });
    await system.startCounting();
    const oracle = new Oracle(PARTITIONS);
    const made = hostileEvents(6_000, seed, start).filter(({ timestamp }) => timestamp < today - 2 * DAY);
    const events = reportedAlike(made);
    const all = [...events, ...flush(oracle, today - DAY)];
    for (let from = 0; from < all.length; from += 500) {
      const response = await system.post(all.slice(from, from + 500));
      expect(await response.json()).toEqual({ accepted: Math.min(500, all.length - from), rejected: [] });
    }
    oracle.feed(all);
    await system.settled();
    await expectAnswers(system, oracle, range);
    for (const [what, n] of oracle.occurred) occurred.set(what, (occurred.get(what) ?? 0) + n);
    const pipeline = await system.get('/v1/pipeline');
    expect(pipeline.duplicates).toBe(
      ['duplicate event', 'duplicate purchase', 'duplicate inventory event'].reduce(
        (sum, what) => sum + (oracle.occurred.get(what) ?? 0),
        0,
      ),
    );
    expect(pipeline.refunds_beyond).toBe(oracle.occurred.get('refund beyond what was paid') ?? 0);
    expect(pipeline).toMatchObject({ lag_events: 0, rejected: 0, wrong_partition: 0 });
    await system.close();
  });

  test.each([
    'duplicate event',
    'duplicate purchase',
    'duplicate inventory event',
    'event that came more than an hour late',
    'search that was followed',
    'user who returned',
    'session cut by the gap',
    'session id that came again after a day',
    'refund of a whole order',
    'refund of an unknown order',
    'refund beyond what was paid',
    'cart opened',
    'cart purchased',
    'cart emptied',
    'cart abandoned',
    'cart recovered',
    'cart taken up again',
    'cart that came late and had been left by its user’s next event',
    'session that named a value late',
    'session of a visitor whom something brought before',
  ])('%s: it was among them', (special) => {
    expect(occurred.get(special) ?? 0).toBeGreaterThan(0);
  });
});
