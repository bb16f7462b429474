import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectRedis } from '../../src/adapters/redis/client/connection.ts';
import { START } from '../../src/adapters/redis-streams/position.ts';
import { StreamsLog } from '../../src/adapters/redis-streams/streams-log.ts';
import type { PartitionHandler, Position } from '../../src/ingestion/ports/event-log.ts';
import { Keyspace } from '../../src/metrics/keyspace.ts';
import { recordsOf } from '../support/fakes/still-log.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { logContract } from '../support/suites/log-contract.ts';
import { eventually, silent, unique } from '../support/system/system.ts';

describe('Redis Streams keep the event log’s promises:', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());

  const open = async (prefix = unique()): Promise<StreamsLog> => {
    const connect = () => connectRedis(redis.url);
    return new StreamsLog({
      redis: redis.client,
      connect,
      keyspace: new Keyspace(prefix, 1, 1),
      partitions: 4,
      retentionMs: 3_600_000,
      logger: silent,
    });
  };
  logContract(open);

  test('a whole accepted batch lies in one entry', async () => {
    const prefix = unique();
    const log = await open(prefix);
    await log.append(
      Array.from({ length: 300 }, (_, i) => ({ partition: { topic: 'events', index: 0 }, key: 'k', value: `v${i}` })),
    );
    expect(await redis.client.xlen(`${prefix}:log:{events-0}:entries`)).toBe(1);
    expect(await redis.client.get(`${prefix}:log:{events-0}:end`)).toMatch(/^300@/);
  });

  test('entries as earlier versions wrote them, a JSON array of keys and values, are read as before', async () => {
    const prefix = unique();
    const log = await open(prefix);
    const [entries, end] = [`${prefix}:log:{events-0}:entries`, `${prefix}:log:{events-0}:end`];
    const partition = { topic: 'events', index: 0 } as const;
    const old = JSON.stringify(['k0', '{"city":"Zürich"}', null, '{"control":"tick"}']);
    const live = await redis.client.xadd(entries, '*', 'first', 0, 'records', old);
    const last = await redis.client.xadd(
      entries,
      ...['*', 'first', '2', 'records', JSON.stringify(['k2', 'v2']), 'import', 'imp-1'],
    );
    await redis.client.set(end, `3@${last}`);
    await log.append([{ partition, key: 'k3', value: 'v3' }]);
    const until = await log.ends();
    const read = [];
    for await (const { record } of log.replay(await log.begins(), until)) read.push(record);
    expect(read.map(({ key, value, importId }) => [key, String(value), importId])).toEqual([
      ['k0', '{"city":"Zürich"}', undefined],
      [null, '{"control":"tick"}', undefined],
      ['k2', 'v2', 'imp-1'],
      ['k3', 'v3', undefined],
    ]);
    expect(read.slice(0, 3).map(({ position, next }) => [position, next])).toEqual([
      [`0@${live}`, `1@${live}`],
      [`1@${live}`, `2@${live}`],
      [`2@${last}`, `3@${last}`],
    ]);
    expect(read.at(-1)?.next).toBe(until.get('events-0'));
    const counted: string[] = [];
    const consumption = await log.consume({
      // The first entry was counted in part.
      claim: async () => `1@${live}` as Position,
      process: async (_, records) => {
        counted.push(...recordsOf(records).map(({ value }) => String(value)));
        return records.nextOf(records.length - 1);
      },
      idle: async () => undefined,
      skip: async (_, to) => to,
      release: () => undefined,
    });
    await eventually('what was not counted', () => counted.length === 3);
    await consumption.stop();
    expect(counted).toEqual(['{"control":"tick"}', 'v2', 'v3']);
  });

  test('a user’s messages are forgotten, and those of nobody else who says the same word', async () => {
    const prefix = unique();
    const log = await open(prefix);
    const message = (user_id: string) => ({
      key: user_id,
      value: JSON.stringify({ event_id: 'e', user_id, city: 'EUR' }),
    });
    await log.publish('abandoned', [message('EUR'), message('u2'), message('say "user_id":"EUR"')]);
    await log.eraseUser('EUR');
    const left = await redis.client.xrange(`${prefix}:out:{carts.abandoned}:entries`, '-', '+');
    expect(left.map(([, fields]) => fields[1])).toEqual(['u2', 'say "user_id":"EUR"']);
  });

  test('dead letters lie in a stream of their own, with what they were', async () => {
    const prefix = unique();
    const log = await open(prefix);
    const record = {
      position: START,
      next: START,
      key: null,
      value: Buffer.from('{"no'),
      importId: undefined,
      arrivedAtMs: 0,
    };
    await log.deadLetter([{ partition: { topic: 'events', index: 2 }, record, reason: 'the message is not JSON' }]);
    const [entry] = await redis.client.xrange(`${prefix}:log:{dlq}:entries`, '-', '+');
    expect(entry?.[1]).toEqual([
      'reason',
      'the message is not JSON',
      'topic',
      'events',
      'partition',
      '2',
      'offset',
      '0',
      'message',
      '{"no',
    ]);
  });

  test('what is counted is trimmed once the retention allows it; what is not counted never', async () => {
    const prefix = unique();
    const keyspace = new Keyspace(prefix, 1, 1);
    const parts = {
      redis: redis.client,
      connect: () => connectRedis(redis.url),
      keyspace,
      partitions: 1,
      logger: silent,
      trimEveryMs: 50,
    };
    const entries = `${prefix}:log:{events-0}:entries`;
    const append = (log: StreamsLog) =>
      log.append([{ partition: { topic: 'events', index: 0 }, key: 'k', value: 'v' }]);
    const handler = (last: { position?: Position }): PartitionHandler => ({
      claim: async () => last.position ?? START,
      process: async (_, records) => {
        // Only the first three are counted; the store stays there.
        last.position ??= records.nextOf(2);
        return last.position;
      },
      idle: async () => last.position,
      skip: async (_, to) => to,
      release: () => undefined,
    });
    const keeping = new StreamsLog({ ...parts, retentionMs: 3_600_000 });
    for (let i = 0; i < 6; i++) await append(keeping);
    const first = await keeping.consume(handler({}));
    await new Promise((done) => setTimeout(done, 400));
    await first.stop();
    expect(await redis.client.xlen(entries)).toBe(6);
    const trimming = new StreamsLog({ ...parts, retentionMs: 0 });
    const second = await trimming.consume(handler({}));
    await eventually('the entries before the committed one to go', async () => (await redis.client.xlen(entries)) < 6);
    await second.stop();
    expect(await redis.client.xlen(entries)).toBe(4);
  });
});
