import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectRedis } from '../../../../src/adapters/redis/client/connection.ts';
import { RedisReader } from '../../../../src/adapters/redis/read/reader.ts';
import { productCarts, productViews } from '../../../../src/analytics/shared/items.ts';
import { unchangedDays } from '../../../../src/metrics/bookkeeping-families.ts';
import { Keyspace } from '../../../../src/metrics/keyspace.ts';
import { startRedis, type TestRedis } from '../../../support/servers/redis-server.ts';
import { unique } from '../../../support/system/system.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

const ITEMS = 3_000;
const labels = Array.from({ length: 90 }, (_, i) =>
  new Date(Date.parse('2026-01-01') + i * 86_400_000).toISOString().slice(0, 10),
);
const days = { window: 'day', labels } as const;
const viewsOf = (day: number, item: number): number => 1 + ((day * 7 + item) % 5);

/** 270,000 views of items by day: more than one call adds up. `beforeCall` happens before each call of a script. */
async function longPeriod(beforeCall: (call: number) => Promise<void> = async () => undefined) {
  const keyspace = new Keyspace(unique(), 1, 1);
  const client = connectRedis(redis.url);
  const expected = new Map<string, number>();
  for (const [day, label] of labels.entries()) {
    const members: (string | number)[] = [];
    for (let item = 0; item < ITEMS; item++) {
      members.push(viewsOf(day, item), `item-${item}`);
      expected.set(`item-${item}`, (expected.get(`item-${item}`) ?? 0) + viewsOf(day, item));
    }
    await client.zadd(keyspace.key(0, productViews, '', label), ...members);
  }
  /** One more view, as a commit writes it. */
  const view = async (day: number, item: string, takesDayOut = true): Promise<void> => {
    expected.set(item, (expected.get(item) ?? 0) + 1);
    const commit = redis.client.multi().zincrby(keyspace.key(0, productViews, '', labels[day] ?? ''), 1, item);
    if (takesDayOut) commit.hdel(keyspace.key(0, unchangedDays, ''), labels[day] ?? '');
    await commit.exec();
  };
  let calls = 0;
  const call = client.rankingTopBuffer.bind(client);
  client.rankingTopBuffer = async (...sent) => {
    await beforeCall(++calls);
    return call(...sent);
  };
  const reader = new RedisReader(client, keyspace);
  const all = async () => {
    const ranked = await reader.ranking(productViews, days, Number.POSITIVE_INFINITY);
    return new Map(ranked.map(({ member, score }) => [member, score]));
  };
  return { keyspace, reader, view, expected, all, calls: () => calls, close: () => client.disconnect() };
}

test('a long period is added up by several calls, so that none holds Redis for long; asked again, by one', async () => {
  const { all, expected, calls, close } = await longPeriod();
  expect(await all()).toEqual(expected);
  const many = calls();
  expect(many).toBeGreaterThan(3);
  expect(await all()).toEqual(expected);
  expect(calls()).toBe(many + 1);
  close();
});

test('what happens today and yesterday while a long period is added up is in the answer, and begins nothing anew', async () => {
  const period = await longPeriod(async (call) => {
    await period.view(88 + (call % 2), 'item-7');
  });
  expect(await period.all()).toEqual(period.expected);
  expect(period.calls()).toBeLessThan(12);
  period.close();
});

test('a day that changes while a long period is added up is in the answer with all that happened to it', async () => {
  const change = async (call: number): Promise<void> => {
    if (call !== 2) return;
    await period.view(1, 'item-7');
    await period.view(80, 'new');
  };
  const period = await longPeriod(change);
  expect(await period.all()).toEqual(period.expected);
  expect(period.expected.get('new')).toBe(1);
  expect(await period.all()).toEqual(period.expected);
  period.close();
});

test('control: were a changed day not taken out, what changed meanwhile would be missing', async () => {
  const period = await longPeriod(async (call) => {
    if (call === 2) await period.view(1, 'item-7', false);
  });
  expect(await period.all()).not.toEqual(period.expected);
  period.close();
});

test('where days change again and again, a long period is answered all the same', async () => {
  const period = await longPeriod((call) => period.view(call % 80, 'item-7'));
  expect(await period.all()).toEqual(period.expected);
  expect(period.calls()).toBeLessThan(20);
  period.close();
});

test('several readers with connections of their own, as several processes have, add up together', async () => {
  const period = await longPeriod();
  const clients = Array.from({ length: 3 }, () => connectRedis(redis.url));
  const answers = await Promise.all(
    clients.map((client) => new RedisReader(client, period.keyspace).ranking(productViews, days, ITEMS)),
  );
  for (const ranked of answers)
    expect(new Map(ranked.map(({ member, score }) => [member, score]))).toEqual(period.expected);
  for (const client of clients) client.disconnect();
  period.close();
});

test('members of several rankings and sums of many members over a long period are right as well', async () => {
  const period = await longPeriod();
  const members = await period.reader.members(
    [
      { of: productViews, dimensions: '' },
      { of: productCarts, dimensions: '' },
    ],
    days,
  );
  expect(members.sort()).toEqual([...period.expected.keys()].sort());
  const items = [...period.expected.keys()].slice(0, 200);
  const other = await longPeriod();
  expect(await other.reader.sums(productViews, days, items)).toEqual(
    new Map(items.map((item) => [item, other.expected.get(item)])),
  );
  for (const { close } of [period, other]) close();
});
