import { expect, test } from 'vitest';
import { definitions } from '../../src/analytics/index.ts';
import { plansOf } from '../../src/fold/state/bucket-plans.ts';
import { PartitionWorker } from '../../src/ingestion/partition-worker.ts';
import type { Definition } from '../../src/metrics/definition.ts';
import { Calendar } from '../../src/time/calendar.ts';
import { SETTINGS } from '../support/core/settings.ts';
import { MemoryStateStore } from '../support/fakes/state-store.ts';
import { startRedis } from '../support/servers/redis-server.ts';
import { eventually, startSystem } from '../support/system/system.ts';

const fragile: Definition = {
  families: [],
  count: () => ({
    event({ userId }) {
      if (userId === 'user 7') throw new TypeError('no such thing');
    },
  }),
};

test('with the embedded log too, a record that no code can count is set aside, and all others count', async () => {
  const redis = await startRedis();
  const shop = await startSystem(redis.url, { PARTITIONS: '1' });
  await shop.post(
    Array.from({ length: 20 }, (_, i) => ({ event_id: `e${i}`, name: 'page_view', user_id: `user ${i}` })),
  );
  const store = new MemoryStateStore(plansOf(SETTINGS));
  const worker = new PartitionWorker({
    store,
    log: shop.system.log,
    settings: SETTINGS,
    calendar: new Calendar('UTC'),
    definitions: [...definitions, fragile],
    now: () => Date.now(),
  });
  const consumption = await shop.system.log.consume(worker);
  await eventually('all but one to be counted', () => store.tallies.get('events') === 19);
  expect(Object.fromEntries(store.tallies)).toMatchObject({ events: 19, rejected: 1 });
  await consumption.stop();
  await shop.close();
  await redis.close();
});
