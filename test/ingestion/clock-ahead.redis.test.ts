import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { definitions } from '../../src/analytics/index.ts';
import { plansOf } from '../../src/fold/state/bucket-plans.ts';
import { outbox } from '../../src/fold/state/state-families.ts';
import { PartitionWorker } from '../../src/ingestion/partition-worker.ts';
import { Calendar } from '../../src/time/calendar.ts';
import { SETTINGS } from '../support/core/settings.ts';
import { keyOf } from '../support/fakes/contents.ts';
import { MemoryStateStore } from '../support/fakes/state-store.ts';
import { startRedis } from '../support/servers/redis-server.ts';
import { eventually, startSystem } from '../support/system/system.ts';

const AHEAD_MS = 70 * 60_000;

test('an owner whose clock is 70 minutes ahead abandons no cart that was touched just now, and its ticks are no dead letters', async () => {
  const redis = await startRedis();
  const shop = await startSystem(redis.url, { PARTITIONS: '1' });
  const items = [{ item_id: 'mug', price: 5 }];
  await shop.post([
    { name: 'add_to_cart', user_id: 'now', items },
    { name: 'add_to_cart', user_id: 'before', timestamp: Date.now() - 58 * 60_000, items },
  ]);
  const store = new MemoryStateStore(plansOf(SETTINGS));
  const worker = new PartitionWorker({
    store,
    log: shop.system.log,
    settings: SETTINGS,
    calendar: new Calendar('UTC'),
    definitions,
    now: () => Date.now() + AHEAD_MS,
  });
  const consumption = await shop.system.log.consume(worker);
  await eventually('the events', () => store.tallies.get('events') === 2);
  // As far as the log’s own time allows: the cart that is due within five minutes falls due, the other one does not.
  const abandoned = () => store.contents.sortedSet(keyOf(outbox, 'events-0')).size;
  const rejected = () => store.tallies.get('rejected') ?? 0;
  await eventually('a tick', () => abandoned() + rejected() > 0, 30_000);
  // The next one comes after five seconds.
  await sleep(7_000);
  expect([abandoned(), rejected()]).toEqual([1, 0]);
  await consumption.stop();
  await shop.close();
  await redis.close();
}, 120_000);
