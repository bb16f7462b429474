import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import { contentsOf } from '../support/compare/contents.ts';
import { feedInto, record, takeGuardOut } from '../support/core/feed.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { unique } from '../support/system/system.ts';
import { hostileEvents } from '../support/traffic/hostile.ts';

const partition = { topic: 'events', index: 0 } as const;
const arrived = Date.parse('2026-11-20T12:00:00Z');

/** Live events, two imports among them that begin and end, ticks, and messages that are none. */
function log(count: number, seed: number) {
  const start = arrived - 9 * 86_400_000;
  const live = hostileEvents(count, seed, start);
  const imported = hostileEvents(Math.floor(count / 3), seed + 1, start - 2 * 86_400_000);
  const recent = hostileEvents(Math.floor(count / 6), seed + 2, start + 3 * 3_600_000);
  const records = live.flatMap((event, i) => {
    const here: [unknown, string?][] = [[event]];
    if (imported[i]) here.push([imported[i], 'imp-old']);
    if (i === imported.length) here.push([{ control: 'close' }, 'imp-old']);
    if (recent[i]) here.push([recent[i], 'imp-recent']);
    if (i === recent.length) here.push([{ control: 'close' }, 'imp-recent']);
    if (i % 97 === 0) here.push(['{"not an event']);
    if (i % 61 === 0) here.push([{ control: 'tick', at: event.timestamp + 30_000 }]);
    return here;
  });
  return records.map(([value, importId], offset) => record(offset, value, arrived, importId));
}

describe('the same log gives the same Redis contents', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());

  async function fold(
    records: ReturnType<typeof log>,
    cuts: (from: number) => number,
    replay = false,
  ): Promise<Map<string, unknown>> {
    const prefix = unique();
    const { worker, close } = feedInto(redis.url, prefix);
    await worker.claim(partition);
    for (let from = 0; from < records.length; ) {
      const size = Math.max(1, cuts(from));
      await worker.process(partition, recordBatchOf(records.slice(from, from + size)));
      from += size;
    }
    if (replay) {
      await redis.client.del(...(await redis.client.keys(`${prefix}:*`)));
      await worker.claim(partition);
      await worker.process(partition, recordBatchOf(records));
    }
    close();
    return contentsOf(redis.client, prefix);
  }

  test.each([1, 7, 500])('with batches cut at %i records as with batches of 2,000', async (size) => {
    const records = log(1_500, 42);
    const whole = await fold(records, () => 2_000);
    expect(whole.size).toBeGreaterThan(100);
    expect([...whole.keys()].filter((key) => key.includes('imp-'))).toEqual([]);
    expect(await fold(records, () => size)).toEqual(whole);
  });

  test('when it is emptied and replayed from the beginning', async () => {
    const records = log(1_200, 7);
    expect(await fold(records, () => 300, true)).toEqual(await fold(records, () => 300));
  });

  test('with batches cut anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 10_000 }),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }),
        async (seed, sizes) => {
          const records = log(160, seed);
          const anywhere = await fold(records, (from) => sizes[from % sizes.length] ?? 1);
          expect(anywhere).toEqual(await fold(records, () => 2_000));
        },
      ),
      // The example: an id that comes again after the dedupe window lay in two buckets.
      { numRuns: 15, examples: [[6058, [1]]] },
    );
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
