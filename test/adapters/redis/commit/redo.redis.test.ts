import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scripts } from '../../../../src/adapters/redis/client/commands.ts';
import type { RedisClient } from '../../../../src/adapters/redis/client/connection.ts';
import { recordBatchOf } from '../../../../src/ingestion/ports/record-batch.ts';
import { contentsOf } from '../../../support/compare/contents.ts';
import { feedInto, record } from '../../../support/core/feed.ts';
import { startRedis, type TestRedis } from '../../../support/servers/redis-server.ts';
import { unique } from '../../../support/system/system.ts';
import { hostileEvents } from '../../../support/traffic/hostile.ts';

/** A large commit is many scripts: killed between any two of them, what is left behind is that of one undisturbed run. */
const partition = { topic: 'events', index: 0 } as const;
const arrived = Date.parse('2026-11-20T12:00:00Z');
const records = hostileEvents(1_200, 7, arrived - 8 * 86_400_000).map((event, offset) =>
  record(offset, event, arrived),
);
/** So small that a unit of some hundred events takes dozens of scripts. */
const pieceLimits = { ms: 0.4, bytes: 20_000 };

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

type Call = Parameters<RedisClient['commitBatch']>;

/** Dies before a call of the script, the n-th of a mode, as a process does: nothing is sent any more. */
interface Fate {
  readonly lua?: string;
  readonly dies?: { readonly mode: string; readonly before: number };
  readonly twice?: boolean;
  readonly applyMs?: number;
  readonly calls?: Map<string, number>;
}

/** As a connection that ended: to be tried again, so that nobody looks for a fault in the records. */
const killed = () => Object.assign(new Error('killed'), { retryable: true });

function prepare(client: RedisClient, { lua, dies, twice, applyMs, calls = new Map() }: Fate): void {
  if (lua !== undefined) client.defineCommand('commitBatch', { lua });
  const commit = client.commitBatch.bind(client);
  let dead = false;
  client.commitBatch = async (...call: Call) => {
    const mode = call[7];
    const before = calls.get(mode) ?? 0;
    calls.set(mode, before + 1);
    dead ||= dies?.mode === mode && dies.before === before;
    if (dead) throw killed();
    if (applyMs !== undefined && mode === 'apply') await new Promise((resolve) => setTimeout(resolve, applyMs));
    if (twice) await commit(...call);
    return commit(...call);
  };
}

function signal() {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}

/** Where a call waits: reached, and let through. */
const gate = () => ({ reached: signal(), open: signal() });

/** One run over all records in units of 400; what is left in Redis, and how often each mode was called. */
async function count(fate: Fate = {}, prefix = unique()): Promise<{ prefix: string; failed: unknown }> {
  const options = { prepare: (client: RedisClient) => prepare(client, fate), pieceLimits, maxBatch: 400 };
  const { worker, close } = feedInto(redis.url, prefix, options);
  try {
    const from = Number(await worker.claim(partition));
    await worker.process(partition, recordBatchOf(records.slice(from)));
    return { prefix, failed: undefined };
  } catch (error) {
    return { prefix, failed: error };
  } finally {
    close();
  }
}

describe('a commit in pieces', () => {
  let undisturbed: Map<string, unknown>;
  beforeAll(async () => {
    const { worker, close } = feedInto(redis.url, 'one', { maxBatch: 100 });
    await worker.claim(partition);
    await worker.process(partition, recordBatchOf(records));
    close();
    undisturbed = await contentsOf(redis.client, 'one');
  });

  test('leaves what commits of one call leave, and no record of itself', async () => {
    const calls = new Map<string, number>();
    const { prefix, failed } = await count({ calls });
    expect(failed).toBeUndefined();
    expect(calls.get('apply')).toBeGreaterThan(20);
    expect(calls.get('stage')).toBe(calls.get('apply'));
    expect(await contentsOf(redis.client, prefix)).toEqual(undisturbed);
    expect(await redis.client.keys(`${prefix}:*:redo:*`)).toEqual([]);
  });

  test.each([
    ['before it was decided', { mode: 'decide', before: 1 }],
    ['in the middle of being staged', { mode: 'stage', before: 20 }],
    ['ahead of what may be written twice', { mode: 'ahead', before: 1 }],
    ['when it was decided and nothing applied', { mode: 'apply', before: 0 }],
    ['after the first piece', { mode: 'apply', before: 1 }],
    ['in the middle of the second unit', { mode: 'apply', before: 12 }],
  ])('killed %s, another owner goes on and nothing shows', async (_, dies) => {
    const { prefix, failed } = await count({ dies });
    expect(failed).toMatchObject({ message: 'killed' });
    expect((await count({}, prefix)).failed).toBeUndefined();
    expect(await contentsOf(redis.client, prefix)).toEqual(undisturbed);
  });

  test('owners that die at each piece one after the other finish it between them', async () => {
    const prefix = unique();
    let deaths = 0;
    for (let tries = 0; tries < 400; tries++) {
      const { failed } = await count({ dies: { mode: 'apply', before: 1 } }, prefix);
      if (failed === undefined) break;
      deaths++;
    }
    expect(deaths).toBeGreaterThan(20);
    expect(await contentsOf(redis.client, prefix)).toEqual(undisturbed);
  });

  test('a call whose reply was lost and that is sent again does nothing twice', async () => {
    const { prefix } = await count({ twice: true });
    await count({}, prefix);
    expect(await contentsOf(redis.client, prefix)).toEqual(undisturbed);
  });

  test('an owner that was replaced while it applies does nothing any more', async () => {
    const prefix = unique();
    const { worker, close } = feedInto(redis.url, prefix, {
      pieceLimits,
      maxBatch: 400,
      prepare: (client) => prepare(client, { applyMs: 20 }),
    });
    await worker.claim(partition);
    const stale = worker.process(partition, recordBatchOf(records));
    stale.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 60));
    const next = await count({}, prefix);
    await expect(stale).rejects.toThrow(/belongs to another consumer/);
    expect(next.failed).toBeUndefined();
    expect(await contentsOf(redis.client, prefix)).toEqual(undisturbed);
    close();
  });

  test('two owners of one epoch, as a Redis that lost a claim leaves them, never mix what they staged', async () => {
    for (const staged of [1, 3, 5]) {
      const prefix = unique();
      const gates = [gate(), gate()] as const;
      const held = (mode: string, before: number, { reached, open }: ReturnType<typeof gate>) =>
        feedInto(redis.url, prefix, {
          pieceLimits,
          maxBatch: 2_000,
          prepare: (client) => {
            const commit = client.commitBatch.bind(client);
            let calls = 0;
            client.commitBatch = async (...call: Call) => {
              if (call[7] === mode && calls++ === before) {
                reached.resolve();
                await open.promise;
              }
              return commit(...call);
            };
          },
        });
      const [first, second] = [held('stage', staged, gates[0]), held('decide', 0, gates[1])];
      await first.worker.claim(partition);
      await redis.client.hincrby(`${prefix}:1:{0}:partition:events-0`, 'epoch', -1);
      await second.worker.claim(partition);
      const works = [
        first.worker.process(partition, recordBatchOf(records.slice(0, 300))).catch((error: unknown) => error),
      ];
      await gates[0].reached.promise;
      works.push(
        second.worker.process(partition, recordBatchOf(records.slice(0, 318))).catch((error: unknown) => error),
      );
      await gates[1].reached.promise;
      gates[0].open.resolve();
      await works[0];
      gates[1].open.resolve();
      await works[1];
      first.close();
      second.close();
      expect((await count({}, prefix)).failed).toBeUndefined();
      expect(await contentsOf(redis.client, prefix)).toEqual(undisturbed);
    }
  });

  test('a claim that is overtaken while it finishes gives way to the later one', async () => {
    const { prefix } = await count({ dies: { mode: 'apply', before: 3 } });
    const { reached, open } = gate();
    const overtaken = feedInto(redis.url, prefix, {
      prepare: (client) => {
        const read = client.hgetBuffer.bind(client);
        let reads = 0;
        client.hgetBuffer = async (...call: Parameters<typeof read>) => {
          if (reads++ === 2) {
            reached.resolve();
            await open.promise;
          }
          return read(...call);
        };
      },
    });
    const claim = overtaken.worker.claim(partition).catch((error: unknown) => error);
    await reached.promise;
    const later = feedInto(redis.url, prefix);
    const at = Number(await later.worker.claim(partition));
    open.resolve();
    expect(await claim).toMatchObject({ code: 'partition-lost' });
    await later.worker.process(partition, recordBatchOf(records.slice(at)));
    expect(await contentsOf(redis.client, prefix)).toEqual(undisturbed);
    overtaken.close();
    later.close();
  });

  test('what was staged and never decided goes with the next claim, and with it whom it names', async () => {
    const { prefix } = await count({ dies: { mode: 'decide', before: 0 } });
    expect(await redis.client.keys(`${prefix}:*:redo:*`)).toHaveLength(1);
    const { worker, close } = feedInto(redis.url, prefix);
    await worker.claim(partition);
    expect(await redis.client.keys(`${prefix}:*:redo:*`)).toEqual([]);
    close();
  });

  test.each([20, 100, 200])('events of %d users are one call', async (users) => {
    const calls = new Map<string, number>();
    const { worker, close } = feedInto(redis.url, unique(), { prepare: (client) => prepare(client, { calls }) });
    await worker.claim(partition);
    const views = Array.from({ length: users }, (_, i) =>
      record(
        i,
        {
          event_id: `view ${i}`,
          name: 'view_item',
          user_id: `user ${i}`,
          timestamp: arrived - 1_000,
          items: [{ item_id: 'a', price: 1 }],
        },
        arrived,
      ),
    );
    await worker.process(partition, recordBatchOf(views));
    expect(Object.fromEntries(calls)).toEqual({ whole: 1 });
    close();
  });

  test('the control: where a piece is marked after it was applied, a kill in between counts it twice', async () => {
    const { lua } = scripts.commitBatch;
    const unmarked = lua.replace("redis.call('HSET', KEYS[1], 'redo_next', piece + 1)", '');
    expect(unmarked).not.toBe(lua);
    const { prefix } = await count({ lua: unmarked, dies: { mode: 'apply', before: 1 } });
    await count({}, prefix);
    expect(await contentsOf(redis.client, prefix)).not.toEqual(undisturbed);
  });

  test('the control: where a claim does not finish what was decided, half a commit stays', async () => {
    const { prefix } = await count({ dies: { mode: 'apply', before: 5 } });
    await redis.client.hdel(`${prefix}:1:{0}:partition:events-0`, 'redo', 'redo_next');
    await count({}, prefix);
    expect(await contentsOf(redis.client, prefix)).not.toEqual(undisturbed);
  });
});
