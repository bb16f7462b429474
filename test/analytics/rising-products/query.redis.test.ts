import { afterAll, beforeAll, expect, test } from 'vitest';
import { queryRising } from '../../../src/analytics/rising-products/query.ts';
import { counted } from '../../support/core/questions.ts';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';

const HOUR = 3_600_000;
const now = Date.parse('2026-11-20T14:30:00Z');

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

test('an item rises by how far it lies above the same hour of the days before, at this point of the hour', async () => {
  const views = (itemId: string, atMs: number, n: number) =>
    Array.from({ length: n }, (_, i) => ({
      name: 'view_item',
      user_id: `u${itemId}${atMs}${i}`,
      timestamp: atMs + i,
      items: [{ item_id: itemId, item_name: `the ${itemId}` }],
    }));
  const days = [1, 2, 3, 4, 5, 6, 7].map((n) => now - 15 * 60_000 - n * 24 * HOUR);
  const { as, close } = await counted(redis.url, [
    // 14 in this hour of every day before: 7 are expected half an hour into it.
    ...days.flatMap((at) => views('steady', at, 14)),
    ...views('steady', now - 60_000, 7),
    // Never seen at this hour, though often at another.
    ...days.flatMap((at) => views('new', at - 3 * HOUR, 50)),
    ...views('new', now - 60_000, 8),
    ...views('fading', days[0] ?? 0, 700),
    ...views('fading', now - 60_000, 10),
  ]);
  const rising = await queryRising({ by: 'views', limit: 10 }, as(now));
  expect(rising).toEqual([{ rank: 1, item_id: 'new', item_name: 'the new', now: 8, expected: 0, score: 8 }]);
  const later = await queryRising({ by: 'views', limit: 10 }, as(now - 20 * 60_000));
  expect(later.map(({ item_id, now: n, expected }) => [item_id, n, Math.round(expected * 10) / 10])).toEqual([
    ['new', 8, 0],
    ['steady', 7, 2.3],
  ]);
  close();
});

test('the same local hour is meant, across a change of daylight saving', async () => {
  const at = Date.parse('2026-10-25T14:10:00+01:00');
  const view = (user: string, iso: string) => ({
    name: 'view_item',
    user_id: user,
    timestamp: Date.parse(iso),
    items: [{ item_id: 'a' }],
  });
  const events = [view('x', '2026-10-24T14:05:00+02:00'), view('y', '2026-10-25T14:05:00+01:00')];
  const { as, close } = await counted(redis.url, events, { timezone: 'Europe/Berlin' });
  const [row] = await queryRising({ by: 'views', limit: 1 }, as(at));
  expect(row?.now).toBe(1);
  expect(row?.expected).toBeCloseTo(1 / 7 / 6, 9);
  close();
});
