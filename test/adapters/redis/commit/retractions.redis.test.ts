import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RedisClient } from '../../../../src/adapters/redis/client/connection.ts';
import { outbox, retractedMessages } from '../../../../src/fold/state/state-families.ts';
import type { Position } from '../../../../src/ingestion/ports/event-log.ts';
import { Writes } from '../../../../src/metrics/writes.ts';
import { feedInto } from '../../../support/core/feed.ts';
import { startRedis, type TestRedis } from '../../../support/servers/redis-server.ts';
import { unique } from '../../../support/system/system.ts';

const MANY = 200;
const partition = { topic: 'events', index: 0 } as const;

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

test('between the pieces of a commit no retraction stands without the message that it is of: it would be forgotten', async () => {
  const prefix = unique();
  const queue = `${prefix}:1:{0}:outbox:events-0`;
  const retracted = `${prefix}:1:{0}:retracted:events-0`;
  const seen: [number, number][] = [];
  const prepare = (client: RedisClient): void => {
    const commit = client.commitBatch.bind(client);
    client.commitBatch = async (...call) => {
      const reply = await commit(...call);
      seen.push([await redis.client.zcard(queue), await redis.client.hlen(retracted)]);
      return reply;
    };
  };
  const { store, close } = feedInto(redis.url, prefix, { prepare, pieceLimits: { ms: 0.1, bytes: 1_000 } });
  const { epoch } = await store.claim(partition);
  const writes = new Writes();
  for (let i = 0; i < MANY; i++) {
    writes.enqueue(outbox, 'events-0', `message ${i}`);
    writes.put(retractedMessages, 'events-0', `of ${i}`, '1');
  }
  const nothing = { arrivedAtMs: undefined, tallies: {}, deadLetters: [], expected: undefined, expectedStep: 0 };
  const target = '1' as Position;
  expect(await store.commit({ partition, epoch, target, writes, ...nothing })).toEqual({ outcome: 'applied' });
  expect(seen.filter(([messages, retractions]) => retractions > messages)).toEqual([]);
  expect([seen.some(([messages]) => messages > 0 && messages < MANY), seen.at(-1)]).toEqual([true, [MANY, MANY]]);
  close();
});
