import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectRedis } from '../../src/adapters/redis/connection.ts';
import { StreamsLog } from '../../src/adapters/redis-streams/streams-log.ts';
import { Keyspace } from '../../src/analytics/keyspace.ts';
import { logContract } from '../support/log-contract.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';
import { silent, unique } from '../support/system.ts';

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
});
