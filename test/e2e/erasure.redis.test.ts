import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectRedis } from '../../src/adapters/redis/client/connection.ts';
import { StreamsLog } from '../../src/adapters/redis-streams/streams-log.ts';
import { eraseRecord } from '../../src/ingestion/control-records.ts';
import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import { Keyspace } from '../../src/metrics/keyspace.ts';
import { contentsOf } from '../support/compare/contents.ts';
import { feedInto, record } from '../support/core/feed.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { eventually, silent, startSystem, unique } from '../support/system/system.ts';

const partition = { topic: 'events', index: 0 } as const;
const at = Date.parse('2026-11-20T12:00:00Z');
/** Signs that stand for something in patterns, in JSON and in keys. */
const VICTIM = 'vic*tim"[a]:{0}|\\';
const OTHER = 'vic';

/** Wherever a user may be named: in a key, a field, a member or a value. */
async function mentions(redis: Redis, pattern: string, user: string): Promise<string[]> {
  const found: string[] = [];
  const forms = [user, JSON.stringify(user).slice(1, -1), JSON.stringify(JSON.stringify(user)).slice(1, -1)];
  for (const key of await redis.keys(pattern)) {
    const type = await redis.type(key);
    const held =
      type === 'hash'
        ? Object.entries(await redis.hgetall(key)).flat()
        : type === 'zset'
          ? await redis.zrange(key, '0', '-1')
          : type === 'list'
            ? await redis.lrange(key, 0, -1)
            : type === 'stream'
              ? (await redis.xrange(key, '-', '+')).flatMap(([, fields]) => fields)
              : [(await redis.getBuffer(key))?.toString('latin1') ?? ''];
    if ([key, ...held].some((text) => forms.some((form) => text.includes(form)))) found.push(key);
  }
  return found;
}

function log(offset = 0, erased = true) {
  const events = [VICTIM, OTHER].flatMap((user, u) => [
    { name: 'page_view', user_id: user, session_id: 's"1', event_id: `${u}-1`, timestamp: at },
    { name: 'search', user_id: user, search_term: 'mug', event_id: `${u}-2`, timestamp: at + 1_000 },
    {
      name: 'search',
      user_id: user,
      search_term: `${user.toUpperCase()} cup`,
      event_id: `${u}-2a`,
      timestamp: at + 1_001,
    },
    {
      name: 'add_to_cart',
      user_id: user,
      event_id: `${u}-3`,
      timestamp: at + 2_000,
      items: [{ item_id: 'a', price: 2 }],
    },
    { name: 'purchase', user_id: user, event_id: `${u}-4`, timestamp: at + 3_000, transaction_id: 't|1', value: 4 },
    {
      name: 'add_to_cart',
      user_id: user,
      event_id: `${u}-5`,
      timestamp: at + 4_000,
      items: [{ item_id: 'b', price: 2 }],
    },
    // Bad: it goes to the dead letters, where it is shown.
    { name: 'view_item', user_id: user, event_id: `${u}-6`, timestamp: 'yesterday' },
  ]);
  const records = events.map((event, i) => record(offset + i, event, at + 10_000));
  if (erased) records.push(record(offset + events.length, eraseRecord(partition, VICTIM).value, at + 10_000));
  return records;
}

describe('an erased user', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());

  test('is named in no key, field or value, also after a replay; others are untouched', async () => {
    const prefix = unique();
    const { worker, close } = feedInto(redis.url, prefix);
    await worker.claim(partition);
    await worker.process(partition, recordBatchOf(log(0, false)));
    const before = await mentions(redis.client, `${prefix}:*`, VICTIM);
    for (const family of ['visitors', 'orders', 'carts', 'known-users', 'interactions', 'dead-letters'])
      expect(before.some((key) => key.includes(family))).toBe(true);
    const others = await mentions(redis.client, `${prefix}:*`, OTHER);
    await worker.process(partition, recordBatchOf(log().slice(-1)));
    expect(await mentions(redis.client, `${prefix}:*`, VICTIM)).toEqual([]);
    expect((await mentions(redis.client, `${prefix}:*`, `"${OTHER}"`)).length).toBeGreaterThan(0);
    expect(others.length).toBeGreaterThan(5);
    const once = await contentsOf(redis.client, prefix);
    await redis.client.del(...(await redis.client.keys(`${prefix}:*`)));
    await worker.claim(partition);
    await worker.process(partition, recordBatchOf(log()));
    expect(await mentions(redis.client, `${prefix}:*`, VICTIM)).toEqual([]);
    expect(await contentsOf(redis.client, prefix)).toEqual(once);
    close();
  });

  test('leaves counts as they were; an open cart ends as emptied', async () => {
    const prefix = unique();
    const { worker, close } = feedInto(redis.url, prefix);
    await worker.claim(partition);
    await worker.process(partition, recordBatchOf(log()));
    const key = (family: string): string => `${prefix}:1:{0}:${family}:2026-11-20`;
    expect(await redis.client.hget(key('frequencies'), 'add_to_cart')).toBe('4');
    expect(await redis.client.hgetall(key('abandonment'))).toMatchObject({ opened: '4', purchased: '2', emptied: '1' });
    expect(await redis.client.hget(`${prefix}:1:{0}:open-carts`, 'count')).toBe('1');
    close();
  });

  test('takes its own messages out of the outbox, and those of nobody else who says the same word', async () => {
    const prefix = unique();
    const { worker, close } = feedInto(redis.url, prefix);
    await worker.claim(partition);
    // Its name is a currency, a city and an item as well.
    const cart = (user: string, id: string) => ({
      name: 'add_to_cart',
      user_id: user,
      event_id: id,
      timestamp: at,
      city: 'EUR',
      currency: 'EUR',
      items: [{ item_id: 'EUR', price: 2 }],
    });
    const later = { name: 'page_view', user_id: 'u3', event_id: 'e3', timestamp: at + 2 * 3_600_000 };
    const events = [cart('EUR', 'e1'), cart('u2', 'e2'), later];
    const records = events.map((event, i) => record(i, event, at + 2 * 3_600_000));
    await worker.process(partition, recordBatchOf(records));
    const waiting = async () =>
      (await redis.client.zrange(`${prefix}:1:{0}:outbox:events-0`, '0', '-1')).map(
        (entry) => JSON.parse(JSON.parse(entry).value).user_id,
      );
    expect((await waiting()).sort()).toEqual(['EUR', 'u2']);
    await worker.process(
      partition,
      recordBatchOf([record(3, eraseRecord(partition, 'EUR').value, at + 2 * 3_600_000)]),
    );
    expect(await waiting()).toEqual(['u2']);
    close();
  });

  test('comes back as a new one', async () => {
    const prefix = unique();
    const { worker, close } = feedInto(redis.url, prefix);
    await worker.claim(partition);
    const records = log();
    await worker.process(partition, recordBatchOf(records));
    const again = { name: 'page_view', user_id: VICTIM, session_id: 's"1', event_id: 'again', timestamp: at + 9_000 };
    await worker.process(partition, recordBatchOf([record(records.length, again, at + 10_000)]));
    expect(await redis.client.hget(`${prefix}:1:{0}:new-users:2026-11-20`, 'users')).toBe('3');
    close();
  });

  test('through the API: 202, and once the log is trimmed nothing is left in any key of the embedded log either', async () => {
    const system = await startSystem(redis.url);
    // The system's own log trims every ten seconds.
    const log = new StreamsLog({
      redis: redis.client,
      connect: () => connectRedis(redis.url),
      keyspace: new Keyspace(system.prefix, 1, 1),
      partitions: system.config.PARTITIONS,
      retentionMs: 100,
      trimEveryMs: 100,
      logger: silent,
    });
    const counting = await log.consume(system.system.worker());
    const now = Date.now();
    await system.post([
      { name: 'view_item', user_id: VICTIM, event_id: 'e1', timestamp: now, items: [{ item_id: 'a' }] },
      { name: 'view_item', user_id: OTHER, event_id: 'e2', timestamp: now, items: [{ item_id: 'a' }] },
    ]);
    await system.settled();
    const path = `/v1/users/${encodeURIComponent(VICTIM)}`;
    expect(await system.get(`${path}/interactions`)).toHaveLength(1);
    const response = await system.request(path, { method: 'DELETE' });
    expect([response.status, await response.json()]).toMatchObject([202, { data: { user_id: VICTIM } }]);
    await system.settled();
    expect(await system.get(`${path}/interactions`)).toEqual([]);
    expect(await system.get(`/v1/users/${OTHER}/interactions`)).toHaveLength(1);
    await eventually('the log to be trimmed', async () => {
      const entries = await redis.client.keys(`${system.prefix}:log:*entries`);
      const lengths = await Promise.all(entries.map((key) => redis.client.xlen(key)));
      return lengths.every((length) => length === 0);
    });
    expect(await mentions(redis.client, `${system.prefix}:*`, VICTIM)).toEqual([]);
    await counting.stop();
    await system.close();
  });

  test('needs an admin key where keys are set', async () => {
    const system = await startSystem(redis.url, { ADMIN_KEYS: 'root', READ_KEYS: 'reader', WRITE_KEYS: 'writer' });
    const erase = async (key: string): Promise<number> =>
      (await system.request('/v1/users/u1', { method: 'DELETE', headers: { Authorization: `Bearer ${key}` } })).status;
    expect([await erase('reader'), await erase('writer'), await erase('root')]).toEqual([403, 403, 202]);
    await system.close();
  });
});
