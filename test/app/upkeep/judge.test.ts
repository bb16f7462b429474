import { expect, test } from 'vitest';
import type { TopicFacts } from '../../../src/adapters/kafka/examine.ts';
import type { RedisFacts } from '../../../src/adapters/redis/monitor/examine.ts';
import { judgeDisk, judgeKafka, judgeKeys, judgeNode, judgeRedis } from '../../../src/app/upkeep/judge.ts';
import { readConfig } from '../../../src/config.ts';
import type { Key } from '../../../src/keys/key.ts';

const well: RedisFacts = {
  version: '8.10.2',
  usedBytes: 100,
  maxBytes: 1_000,
  policy: 'noeviction',
  appendOnly: true,
  lastWriteOk: true,
  aheadMs: 3,
};
const topic: TopicFacts = { name: 'shop.events', partitions: 4, timestamps: 'LogAppendTime', retentionMs: 604_800_000 };
const states = (found: readonly { state: string; text: string }[]): string[] =>
  found.filter(({ state }) => state !== 'ok').map(({ state, text }) => `${state}: ${text}`);

test('what is as it should be is no warning', () => {
  expect(states(judgeRedis([well]))).toEqual([]);
  expect(states(judgeKafka({ brokers: 3, topics: [topic] }, readConfig({})))).toEqual([]);
  expect(states(judgeNode('v20.19.0'))).toEqual([]);
  expect(states(judgeDisk('data', 50, 100))).toEqual([]);
  expect(states(judgeKeys(readConfig({}), undefined, 0))).toEqual([]);
});

test.each<[Partial<RedisFacts>, RegExp]>([
  [{ version: '6.0.16' }, /^problem: .*6\.0\.16 is too old; install/],
  [{ policy: 'allkeys-lru' }, /^problem: .*CONFIG SET maxmemory-policy noeviction/],
  [{ maxBytes: 0 }, /^warning: has no maxmemory.*CONFIG SET maxmemory/],
  [{ usedBytes: 950 }, /^problem: uses 95 % .*raise maxmemory/],
  [{ usedBytes: 800 }, /^warning: uses 80 % /],
  [{ appendOnly: false }, /^warning: .*CONFIG SET appendonly yes/],
  [{ lastWriteOk: false }, /^problem: could not write its file; give its disk room/],
  [{ aheadMs: -5_000 }, /^warning: the clock of redis is 5\.0 s behind .*NTP/],
  [{ aheadMs: 90_000 }, /^problem: the clock of redis is 90\.0 s ahead of .*NTP/],
])('a Redis with %j is told with what to do', (facts, expected) => {
  expect(states(judgeRedis([{ ...well, ...facts }]))).toEqual([expect.stringMatching(expected)]);
});

test.each<[Partial<TopicFacts>, RegExp]>([
  [{ partitions: 1 }, /^problem: shop\.events has 1 partitions.*set PARTITIONS=1/],
  [
    { timestamps: 'CreateTime' },
    /^problem: .*kafka-configs\.sh --alter .*--entity-name shop\.events .*message\.timestamp\.type=LogAppendTime/,
  ],
  [{ retentionMs: 3_600_000 }, /^warning: shop\.events forgets after 1 hours/],
])('a topic with %j is told with the command that changes it', (facts, expected) => {
  const found = judgeKafka({ brokers: 1, topics: [{ ...topic, ...facts }] }, readConfig({}));
  expect(states(found)).toEqual([expect.stringMatching(expected)]);
});

test('an old Node, a full disk, and an API that is open to all are problems', () => {
  expect(states(judgeNode('v18.20.1'))).toEqual([expect.stringMatching(/^problem: .*install 20\.19/)]);
  expect(states(judgeDisk('data', 3, 100))).toEqual([expect.stringMatching(/^problem: /)]);
  expect(states(judgeDisk('data', 10, 100))).toEqual([expect.stringMatching(/^warning: /)]);
  expect(states(judgeKeys(readConfig({ HOST: '0.0.0.0' }), undefined, 0))).toEqual([
    expect.stringMatching(/^problem: .*set ADMIN_KEYS/),
  ]);
});

test('keys that were made are told beside those of the settings, and that nobody is let in where none is left', () => {
  const key = (id: string, expiresMs?: number): Key => ({
    ...{ id, name: id, kind: 'secret', scopes: ['read'], origins: [], digest: id },
    ...(expiresMs !== undefined && { expiresMs }),
  });
  const kept = (...keys: Key[]) => ({ keys, isClosed: true, version: '1' });
  const judged = (keys: Key[], settings = {}) => judgeKeys(readConfig(settings), kept(...keys), 10);
  expect(judged([key('a'), key('b', 5)])).toEqual([{ what: 'keys', state: 'ok', text: '2 made, 1 of them ended' }]);
  expect(judged([key('a')], { ADMIN_KEYS: 'x' })[0]?.text).toBe(
    '1 set: 1 admin, 0 read, 0 write; 1 made, 0 of them ended',
  );
  for (const none of [[], [key('b', 5)]])
    expect(states(judged(none))).toEqual([
      expect.stringMatching(/^problem: .*nobody is let in: npm start -- keys make/),
    ]);
  expect(states(judgeKeys(readConfig({ HOST: '0.0.0.0' }), kept(key('a')), 0))).toEqual([]);
});
