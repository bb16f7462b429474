import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MemorySampler } from '../../src/adapters/redis/monitor/memory-sampler.ts';
import { RedisStatusStore } from '../../src/adapters/redis/monitor/status-store.ts';
import { RedisOutbox, RedisRetractedMessages } from '../../src/adapters/redis/outbox/outbox.ts';
import { OUTBOX_BOUND } from '../../src/fold/settings.ts';
import { outbox as abandonedOutbox, recordOutbox, recoveredOutbox } from '../../src/fold/state/state-families.ts';
import { PipelineMonitor } from '../../src/ingestion/monitor.ts';
import { OutboxPublisher } from '../../src/ingestion/outbox/outbox-publisher.ts';
import type { OutMessage } from '../../src/ingestion/ports/event-log.ts';
import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import type { QueueFamily } from '../../src/metrics/family.ts';
import { Keyspace } from '../../src/metrics/keyspace.ts';
import { feedInto, record, StillLog } from '../support/core/feed.ts';
import { ALL_COUNTED } from '../support/fakes/memory-outbox.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { eventually, silent, unique } from '../support/system/system.ts';

const partition = { topic: 'events', index: 0 } as const;
const start = Date.parse('2026-11-20T00:00:00Z');
const HOUR = 3_600_000;

/** Carts of as many users, all left behind by the last record. */
function leave(users: number, offset = 0, more: object = {}) {
  const arrived = start + 24 * HOUR;
  const carts = Array.from({ length: users }, (_, i) =>
    record(
      offset + i,
      {
        name: 'add_to_cart',
        user_id: `u${offset + i}`,
        event_id: `e${offset + i}`,
        timestamp: start + offset + i,
        ...more,
      },
      arrived,
    ),
  );
  const end = {
    name: 'page_view',
    user_id: 'last',
    event_id: `end${offset}`,
    timestamp: start + (2 + offset / 1e4) * HOUR,
  };
  return [...carts, record(offset + users, end, arrived)];
}

describe('messages about carts', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());

  function publisher(prefix: string, publish: (topic: string, messages: readonly OutMessage[]) => Promise<void>) {
    const keyspace = new Keyspace(prefix, 1, 1);
    const outboxOf = (queue: QueueFamily) => new RedisOutbox(redis.client, keyspace, queue);
    return new OutboxPublisher({
      abandoned: outboxOf(abandonedOutbox),
      recovered: outboxOf(recoveredOutbox),
      records: outboxOf(recordOutbox),
      retracted: new RedisRetractedMessages(redis.client, keyspace),
      watermark: ALL_COUNTED,
      log: { publish, append: async () => [], partitions: [partition] },
      listener: { notify: async () => undefined },
      now: () => Date.now(),
      logger: silent,
    });
  }
  const waiting = (prefix: string): Promise<number> => redis.client.zcard(`${prefix}:1:{0}:outbox:events-0`);

  test('wait in the outbox while the topics can’t be reached, and go out in order when they can', async () => {
    const prefix = unique();
    const { worker, close } = feedInto(redis.url, prefix);
    await worker.claim(partition);
    await worker.process(partition, recordBatchOf(leave(1_200)));
    expect(await waiting(prefix)).toBe(1_200);
    const sent: string[] = [];
    let away = true;
    const outbox = publisher(prefix, async (_topic, messages) => {
      if (away && messages.length > 0) throw new Error('no broker');
      sent.push(...messages.map(({ key }) => key));
    });
    outbox.kick(partition);
    await new Promise((done) => setTimeout(done, 100));
    expect([sent.length, await waiting(prefix)]).toEqual([0, 1_200]);
    away = false;
    await eventually('all of them', async () => {
      outbox.kick(partition);
      return (await waiting(prefix)) === 0;
    });
    expect(new Set(sent).size).toBe(1_200);
    close();
  });

  test('are read by what they weigh: few at a time where they are large, all of them together where they are small', async () => {
    const prefix = unique();
    const { worker, close } = feedInto(redis.url, prefix);
    await worker.claim(partition);
    const items = Array.from({ length: 100 }, (_, i) => ({ item_id: `an item of a long name ${i}` }));
    await worker.process(partition, recordBatchOf(leave(60, 0, { items })));
    const store = new RedisOutbox(redis.client, new Keyspace(prefix, 1, 1), abandonedOutbox);
    const bytesOf = (texts: string[]): number => texts.join('').length;
    const [few, all] = [
      await store.waiting(partition, { messages: 500, bytes: 100_000 }),
      await store.waiting(partition, { messages: 500, bytes: 10_000_000 }),
    ];
    expect([few.length > 8, bytesOf(few) < 100_000, all.length]).toEqual([true, true, 60]);
    expect(all.slice(0, few.length)).toEqual(few);
    expect(await store.waiting(partition, { messages: 3, bytes: 100_000 })).toEqual(all.slice(0, 3));
    expect((await store.waiting(partition, { messages: 500, bytes: 1 })).length).toBeGreaterThan(0);
    close();
  });

  test('are published again where a failure left open which of them went', async () => {
    const prefix = unique();
    const { worker, close } = feedInto(redis.url, prefix);
    await worker.claim(partition);
    await worker.process(partition, recordBatchOf(leave(3)));
    const sent: string[] = [];
    let failed = false;
    const outbox = publisher(prefix, async (_topic, messages) => {
      sent.push(...messages.map(({ value }) => JSON.parse(value).event_id));
      if (failed || messages.length === 0) return;
      failed = true;
      throw new Error('the reply was lost');
    });
    await eventually('all of them', async () => {
      outbox.kick(partition);
      return (await waiting(prefix)) === 0;
    });
    expect(sent.length).toBe(6);
    expect(new Set(sent).size).toBe(3);
    close();
  });

  test('at the bound counting pauses, loses nothing, and goes on when the topics take them', {
    timeout: 60_000,
  }, async () => {
    const prefix = unique();
    const { worker, close } = feedInto(redis.url, prefix);
    await worker.claim(partition);
    const first = leave(OUTBOX_BOUND);
    await worker.process(partition, recordBatchOf(first));
    expect(await waiting(prefix)).toBe(OUTBOX_BOUND);
    const next = leave(50, first.length);
    // Carts that are opened say nothing yet; what would say more is refused whole.
    await expect(worker.process(partition, recordBatchOf(next))).rejects.toThrow('counting pauses');
    const at = await redis.client.hget(`${prefix}:1:{0}:partition:events-0`, 'position');
    expect(at).toBe(String(first.length));
    const keyspace = new Keyspace(prefix, 1, 1);
    const status = new RedisStatusStore(redis.client, keyspace, new MemorySampler(redis.client, keyspace, []));
    const monitor = new PipelineMonitor(new StillLog(1), status, () => Date.now());
    expect((await monitor.check()).outbox).toEqual({ waiting: OUTBOX_BOUND, paused: [0] });
    const outbox = publisher(prefix, async () => undefined);
    await eventually('the outbox to empty', async () => {
      outbox.kick(partition);
      return (await waiting(prefix)) === 0;
    });
    await worker.process(partition, recordBatchOf(next));
    expect(await waiting(prefix)).toBe(50);
    expect((await monitor.check()).outbox).toEqual({ waiting: 50, paused: [] });
    close();
  });

  test('CONTROL: without the outbox in the commit a process that dies after it says nothing about its carts', async () => {
    const prefix = unique();
    const { worker, store, close } = feedInto(redis.url, prefix);
    const commit = store.commit.bind(store);
    store.commit = async (one) => {
      // As if messages were sent after the commit, by a process that has died by then.
      one.writes.queued.clear();
      return commit(one);
    };
    await worker.claim(partition);
    await worker.process(partition, recordBatchOf(leave(5)));
    expect(await redis.client.hget(`${prefix}:1:{0}:abandonment:2026-11-20`, 'abandoned')).toBe('5');
    expect(await waiting(prefix)).toBe(0);
    close();
  });
});
