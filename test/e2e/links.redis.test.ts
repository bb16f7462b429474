import { afterAll, beforeAll, expect, test } from 'vitest';
import { RedisStateStore } from '../../src/adapters/redis/commit/state-store.ts';
import { plansOf } from '../../src/fold/state/bucket-plans.ts';
import { Keyspace } from '../../src/metrics/keyspace.ts';
import { Random } from '../../src/simulator/random.ts';
import { SETTINGS } from '../support/core/settings.ts';
import { deliver, type Occurred, storedOf } from '../support/links/deliveries.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { unique } from '../support/system/system.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

test.each([
  ['one partition', 1, 1],
  ['several partitions', 4, 1],
  ['two shards', 4, 2],
])(
  'people who sign in and orders that are reported twice, in a real Redis, %s: every number is that of the plain count',
  {
    timeout: 300_000,
  },
  async (_, partitions, shards) => {
    const occurred: Occurred = new Map();
    const retention = { hourlyDays: 8, dailyDays: 400, caps: new Map([['interactions', 5]]) };
    const keyspace = new Keyspace(unique(), 1, shards);
    const store = new RedisStateStore({ redis: redis.client, keyspace, plans: plansOf(SETTINGS), retention });
    const how = { partitions, persons: 140, forgets: 0.2, repeats: 0.1, isBacklog: false, store };
    const { shop, plain } = await deliver(how, new Random(partitions * 10 + shards), occurred);
    const { opened = 0, emptied = 0, purchased = 0, ...exact } = plain.sums;
    expect(storedOf(shop, Object.keys(exact))).toEqual(exact);
    const carts = storedOf(shop, ['opened', 'emptied', 'purchased']);
    const [joined, bought] = [opened - (carts['opened'] ?? 0), (carts['purchased'] ?? 0) - purchased];
    expect(joined + bought).toBeLessThanOrEqual(plain.doubtful);
    expect(carts['emptied']).toBe(emptied - joined - bought);
    const said = shop.messages.map(({ topic, user_id, value }) => [topic, user_id, value]);
    expect(said.sort()).toEqual(plain.left.map(({ user, cents }) => ['abandoned', user, cents / 100]).sort());
    for (const what of ['another owner while events wait', 'record that came twice', 'events that waited'])
      expect([what, occurred.get(what) ?? 0]).not.toEqual([what, 0]);
  },
);
