import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import { feedInto, record, takeGuardOut } from '../support/core/feed.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { unique } from '../support/system/system.ts';
import { arrived, folded, log, partition } from './replayed.ts';

describe('the same log gives the same Redis contents', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());

  test('with batches cut at 1, 7 and 500 records as with batches of 2,000', async () => {
    const records = log(1_500, 42);
    const whole = await folded(redis, records, () => 2_000);
    expect(whole.size).toBeGreaterThan(100);
    expect([...whole.keys()].filter((key) => key.includes('imp-'))).toEqual([]);
    for (const size of [1, 7, 500]) expect([size, await folded(redis, records, () => size)]).toEqual([size, whole]);
  });

  test('when it is emptied and replayed from the beginning', async () => {
    const records = log(1_200, 7);
    expect(await folded(redis, records, () => 300, true)).toEqual(await folded(redis, records, () => 300));
  });
});

describe('a batch is counted once', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());

  const views = (prefix: string) => redis.client.hget(`${prefix}:1:{0}:frequencies:2026-11-20`, 'view_item');
  const batch = Array.from({ length: 10 }, (_, i) =>
    record(i, { name: 'view_item', user_id: `u${i}`, event_id: `e${i}`, timestamp: arrived }, arrived),
  );

  test('when its commit is sent again because the reply was lost', async () => {
    const prefix = unique();
    const { worker, store, close } = feedInto(redis.url, prefix);
    const commits: Parameters<typeof store.commit>[0][] = [];
    const commit = store.commit.bind(store);
    store.commit = (one) => {
      commits.push(one);
      return commit(one);
    };
    await worker.claim(partition);
    await worker.process(partition, recordBatchOf(batch));
    const [first] = commits;
    expect(first && (await commit(first))).toEqual({ outcome: 'already-applied' });
    expect(await views(prefix)).toBe('10');
    close();
  });

  test('when two workers both believe that they own the partition', async () => {
    const prefix = unique();
    const zombie = feedInto(redis.url, prefix);
    const owner = feedInto(redis.url, prefix);
    await zombie.worker.claim(partition);
    await owner.worker.claim(partition);
    await owner.worker.process(partition, recordBatchOf(batch));
    await expect(zombie.worker.idle(partition)).rejects.toThrow('belongs to another consumer');
    await expect(zombie.worker.process(partition, recordBatchOf(batch))).rejects.toThrow('belongs to another consumer');
    expect(await views(prefix)).toBe('10');
    await owner.worker.process(
      partition,
      recordBatchOf([record(10, { name: 'view_item', user_id: 'u', timestamp: arrived }, arrived)]),
    );
    expect(await views(prefix)).toBe('11');
    zombie.close();
    owner.close();
  });

  test('when Redis went back in time, the worker goes back with it', async () => {
    const prefix = unique();
    const { worker, close } = feedInto(redis.url, prefix);
    await worker.claim(partition);
    await worker.process(partition, recordBatchOf(batch.slice(0, 4)));
    const backup = await redis.client.hgetall(`${prefix}:1:{0}:frequencies:2026-11-20`);
    const position = await redis.client.hget(`${prefix}:1:{0}:partition:events-0`, 'position');
    await worker.process(partition, recordBatchOf(batch.slice(4)));
    await redis.client.hset(`${prefix}:1:{0}:frequencies:2026-11-20`, backup);
    await redis.client.hset(`${prefix}:1:{0}:partition:events-0`, 'position', position ?? '');
    expect(await worker.idle(partition)).toBe('4');
    close();
  });

  test('CONTROL: without the comparison in the script it is counted twice', async () => {
    const prefix = unique();
    const zombie = feedInto(redis.url, prefix, { prepare: takeGuardOut });
    const owner = feedInto(redis.url, prefix, { prepare: takeGuardOut });
    await zombie.worker.claim(partition);
    await owner.worker.claim(partition);
    await Promise.all([
      owner.worker.process(partition, recordBatchOf(batch)),
      zombie.worker.process(partition, recordBatchOf(batch)),
    ]);
    expect(await views(prefix)).toBe('20');
    zombie.close();
    owner.close();
  });

  test('nothing of it is written where a key has another type', async () => {
    const prefix = unique();
    const { worker, close } = feedInto(redis.url, prefix);
    await redis.client.set(`${prefix}:1:{0}:frequencies:2026-11-20`, 'not a hash');
    await worker.claim(partition);
    await expect(worker.process(partition, recordBatchOf(batch))).rejects.toThrow('WRONGTYPE');
    expect(await redis.client.hget(`${prefix}:1:{0}:partition:events-0`, 'position')).toBeNull();
    expect((await redis.client.keys(`${prefix}:*`)).length).toBe(2);
    close();
  });
});
