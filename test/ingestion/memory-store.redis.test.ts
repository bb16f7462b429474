import { afterAll, beforeAll, expect, test } from 'vitest';
import { definitions } from '../../src/analytics/index.ts';
import { plansOf } from '../../src/fold/state/bucket-plans.ts';
import { takingBackLane } from '../../src/fold/taken-back/lane-name.ts';
import { PartitionWorker } from '../../src/ingestion/partition-worker.ts';
import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import { Calendar } from '../../src/time/calendar.ts';
import { contentsOf } from '../support/compare/contents.ts';
import { feedInto, record, SETTINGS, StillLog } from '../support/core/feed.ts';
import { MemoryStateStore } from '../support/fakes/state-store.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { unique } from '../support/system/system.ts';
import { hostileEvents } from '../support/traffic/hostile.ts';

const partition = { topic: 'events', index: 0 } as const;
const arrived = Date.parse('2026-11-20T12:00:00Z');
const HOUR = 3_600_000;

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

/** Live events of six days, an import that ends among them and another that is taken back, ticks, erasures, and messages that are none. */
function log(count: number, seed: number) {
  const live = hostileEvents(count, seed, arrived - 144 * HOUR);
  const imported = hostileEvents(count / 3, seed + 1, arrived - 200 * HOUR);
  const values = live.flatMap((event, i) => {
    const here: [unknown, string?][] = [[event]];
    if (imported[i]) here.push([imported[i], 'imp-1']);
    if (i === imported.length) here.push([{ control: 'close' }, 'imp-1'], [{ control: 'close' }, 'imp-2']);
    if (imported[i] && i % 2 === 0) here.push([imported[i], 'imp-2']);
    if (i === 2 * imported.length)
      for (const one of imported.filter((_, at) => at % 2 === 0)) here.push([one, takingBackLane('imp-2')]);
    if (i === 2 * imported.length + 30) here.push([{ control: 'close' }, takingBackLane('imp-2')]);
    if (i % 61 === 0) here.push([{ control: 'tick', at: event.timestamp + 30_000 }]);
    if (i % 97 === 0) here.push(['{"not an event']);
    if (i % 211 === 0) here.push([{ control: 'erase', user_id: `u${i % 40}` }]);
    return here;
  });
  return values.map(([value, importId], offset) => record(offset, value, arrived, importId));
}

/** What only the Redis store has: the partition's own hash, and what its rollups and caches need. */
const ITS_OWN = /:(partition:|ranked-dimensions|unchanged-days)/;

/** The sets of users as HyperLogLogs, so that they can be compared with those that commits wrote. */
async function asHyperLogLogs(store: MemoryStateStore): Promise<Map<string, unknown>> {
  const prefix = unique();
  for (const [key, users] of store.contents.uniques) await redis.client.pfadd(`${prefix}${key}`, ...users);
  return new Map([...store.contents.plain(), ...(await contentsOf(redis.client, prefix))]);
}

test('the store without a server holds what Redis holds, key by key', async () => {
  const records = log(900, 5);
  const prefix = unique();
  const inRedis = feedInto(redis.url, prefix, { retention: { hourlyDays: 8, dailyDays: 400, caps: new Map() } });
  const store = new MemoryStateStore(plansOf(SETTINGS));
  const inMemory = new PartitionWorker({
    store,
    log: new StillLog(1),
    settings: SETTINGS,
    calendar: new Calendar('UTC'),
    definitions,
    now: () => arrived,
  });
  for (const worker of [inRedis.worker, inMemory]) {
    await worker.claim(partition);
    for (let from = 0; from < records.length; from += 150)
      await worker.process(partition, recordBatchOf(records.slice(from, from + 150)));
  }
  inRedis.close();
  const shown = (contents: Map<string, unknown>) =>
    [...contents].filter(([key]) => !ITS_OWN.test(key)).sort(([a], [b]) => (a < b ? -1 : 1));
  const expected = shown(await contentsOf(redis.client, prefix));
  expect(expected.length).toBeGreaterThan(400);
  expect(shown(await asHyperLogLogs(store))).toEqual(expected);
});
