import { expect, test } from 'vitest';
import { startRedis } from '../support/servers/redis-server.ts';
import { type Json, startSystem } from '../support/system/system.ts';

test('users whose guests are heard of as theirs behind a backlog of days: /v1/accuracy says why the answer may have both', async () => {
  const redis = await startRedis();
  const shop = await startSystem(redis.url, { PARTITIONS: '1' }, { archives: true });
  const [day, minute] = [86_400_000, 60_000];
  const began = Math.floor(Date.now() / day - 4) * day + day / 2;
  const at = (ms: number, name: string, who: object) => ({ name, timestamp: began + ms, ...who });
  const all = Array.from({ length: 10 }, (_, i) => [{ user_id: `user ${i}` }, { anonymous_id: `guest ${i}` }] as const);
  const backlog = [
    ...all.flatMap(([user, guest]) => [at(0, 'page_view', guest), at(0, 'page_view', user)]),
    ...all.map(([user, guest]) => at(minute, 'page_view', { ...user, ...guest })),
    at(Date.now() - began, 'page_view', { user_id: 'today' }),
  ];
  expect((await shop.post(backlog)).status).toBe(202);
  await shop.startCounting();
  await shop.settled();
  const date = new Date(began).toISOString().slice(0, 10);
  const { days } = await shop.get(`/v1/accuracy?from=${date}`);
  const of = (wanted: string): Json[] => days.find((one: Json) => one.date === wanted).metrics;
  const users = of(date).find(({ metric }) => metric === 'active_users');
  expect([users?.error_percent > 0, users?.note]).toEqual([true, expect.stringContaining('49 hours')]);
  // Nothing else is off, nor is there a word where nothing is.
  const others = days.flatMap(({ metrics }: Json) => metrics).filter((one: Json) => one !== users);
  expect(others.length).toBeGreaterThan(5);
  expect(others.filter((one: Json) => one.error_percent !== 0 || one.note !== undefined)).toEqual([]);
  await shop.close();
  await redis.close();
});
