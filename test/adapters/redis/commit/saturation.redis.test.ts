import { afterAll, beforeAll, expect, test } from 'vitest';
import { partitionName } from '../../../../src/events/partition.ts';
import { partitionState } from '../../../../src/fold/state/state-families.ts';
import { recordBatchOf } from '../../../../src/ingestion/ports/record-batch.ts';
import { Keyspace } from '../../../../src/metrics/keyspace.ts';
import { feedInto, record } from '../../../support/core/feed.ts';
import { startRedis, type TestRedis } from '../../../support/servers/redis-server.ts';

const partition = { topic: 'events', index: 0 } as const;
const arrived = Date.parse('2026-11-20T12:00:00Z');
const MOST = '9000000000000000';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

/** The greatest amount in a currency of four digits: 10¹³ of its smallest unit. */
const dear = (n: number) => ({
  name: 'purchase',
  user_id: `u${n}`,
  transaction_id: `t${n}`,
  timestamp: arrived - 60_000,
  currency: 'CLF',
  items: [{ item_id: 'palace', price: 1e9 }],
});

async function count(prefix: string, events: readonly object[], maxBatch: number): Promise<void> {
  const { worker, close } = feedInto(redis.url, prefix, { maxBatch });
  await worker.claim(partition);
  await worker.process(partition, recordBatchOf(events.map((event, offset) => record(offset, event, arrived))));
  close();
}

/** All texts that hashes and sorted sets under a prefix hold for their fields and members. */
async function allSums(prefix: string): Promise<string[]> {
  const { client } = redis;
  const values: string[] = [];
  for (const key of await client.keys(`${prefix}:*`)) {
    const type = await client.type(key);
    if (type === 'hash') values.push(...Object.values(await client.hgetall(key)));
    if (type === 'zset')
      values.push(...(await client.zrange(key, '0', '-1', 'WITHSCORES')).filter((_, i) => i % 2 === 1));
  }
  return values;
}

test.each([
  ['in one unit', 2_000],
  ['over many units', 100],
])(
  'sums that would leave 9 × 10¹⁵ stop there %s, that is counted, and the partition goes on',
  async (name, maxBatch) => {
    const prefix = `saturated-${name.replaceAll(' ', '-')}`;
    await count(
      prefix,
      Array.from({ length: 1_200 }, (_, n) => dear(n)),
      maxBatch,
    );
    const sums = await allSums(prefix);
    expect(sums.filter((sum) => sum === MOST).length).toBeGreaterThan(2);
    expect(sums.filter((sum) => Math.abs(Number(sum)) > 9e15)).toEqual([]);
    const state = new Keyspace(prefix, 1, 1).key(0, partitionState, partitionName(partition));
    const { events, saturated } = await redis.client.hgetall(state);
    expect(events).toBe('1200');
    expect(Number(saturated)).toBeGreaterThan(0);
  },
);
