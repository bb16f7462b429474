import { afterAll, beforeAll, expect, test } from 'vitest';
import { RedisUserRecords } from '../../../../src/adapters/redis/read/user-records.ts';
import { plansOf } from '../../../../src/fold/state/bucket-plans.ts';
import { recordBatchOf } from '../../../../src/ingestion/ports/record-batch.ts';
import { Keyspace } from '../../../../src/metrics/keyspace.ts';
import { Calendar } from '../../../../src/time/calendar.ts';
import { feedInto, record, SETTINGS } from '../../../support/core/feed.ts';
import { startRedis, type TestRedis } from '../../../support/servers/redis-server.ts';
import { unique } from '../../../support/system/system.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

const HOUR = 3_600_000;
const startMs = Date.parse('2026-11-20T08:00:00Z');

/** Three partitions, and what is kept of a user whose events lie in all of them. */
async function shop(shards: number) {
  const prefix = unique();
  const keyspace = new Keyspace(prefix, 1, shards);
  const feed = feedInto(redis.url, prefix, { partitions: 3, shards });
  const { partitions } = feed.log;
  for (const partition of partitions) await feed.worker.claim(partition);
  let offset = 0;
  const send = async (place: number, name: string, user_id: string, hour: number): Promise<void> => {
    const items = [{ item_id: `item-${place}-${hour}`, price: 1 }];
    const event = { event_id: `e${offset}`, name, user_id, timestamp: startMs + hour * HOUR, items };
    const partition = partitions[place] ?? { topic: 'events', index: 0 };
    await feed.worker.process(partition, recordBatchOf([record(offset++, event, event.timestamp)]));
  };
  /** @param before to be done before carts that have ended are walked over */
  const cartsOf = async (userId: string, before: () => Promise<void> = async () => undefined) => {
    let walks = 0;
    const { carts } = await new RedisUserRecords({
      redis: redis.client,
      keyspace,
      calendar: new Calendar('UTC'),
      partitions,
      plans: plansOf(SETTINGS),
      state: {
        readUser: (...asked) => feed.store.readUser(...asked),
        readListed: async (...asked) => {
          walks += 1;
          await before();
          return feed.store.readListed(...asked);
        },
      },
    }).of(userId);
    const told = carts.map(({ items: [item], abandoned_at }) => [item?.item_id, abandoned_at !== undefined]);
    return { walks, carts: Object.fromEntries(told), told: told.length };
  };
  return { send, cartsOf, close: feed.close };
}

test.each([1, 2])(
  'with %i shards, carts of a user in several partitions are told once each, and those that have ended walked over once a shard',
  async (shards) => {
    const { send, cartsOf, close } = await shop(shards);
    for (const place of [0, 1, 2]) await send(place, 'add_to_cart', 'anna', 0);
    for (const place of [0, 2]) await send(place, 'view_item', 'ben', 2);
    expect(await cartsOf('anna')).toEqual({
      walks: shards,
      told: 3,
      carts: { 'item-0-0': true, 'item-1-0': false, 'item-2-0': true },
    });
    expect(await cartsOf('ben')).toEqual({ walks: shards, told: 0, carts: {} });
    close();
  },
);

test('a cart that is abandoned while a user’s are read is told', async () => {
  const { send, cartsOf, close } = await shop(1);
  await send(1, 'add_to_cart', 'anna', 0);
  const abandon = () => send(1, 'view_item', 'ben', 2);

  expect(await cartsOf('anna', abandon)).toEqual({ walks: 1, told: 1, carts: { 'item-1-0': true } });
  close();
});
