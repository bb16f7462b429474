import { afterAll, beforeAll, expect, test } from 'vitest';
import { queryLeaderboard } from '../../../src/analytics/leaderboard/query.ts';
import { counted } from '../../support/core/questions.ts';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

test('windows of five seconds come newest first, each present, with the actions of their own time', async () => {
  const at = Date.parse('2026-11-20T12:00:00Z');
  const { as, close } = await counted(redis.url, [
    { name: 'view_item', user_id: 'a', timestamp: at },
    { name: 'view_item', user_id: 'b', timestamp: at + 4_999 },
    { name: 'search', user_id: 'a', timestamp: at + 3_000 },
    { name: 'purchase', user_id: 'a', transaction_id: 't', timestamp: at + 10_000 },
    // It comes two hours late, so it is no news.
    { name: 'page_view', user_id: 'a', timestamp: at - 7_200_000 },
  ]);
  const { windows } = await queryLeaderboard(4, as(at + 12_000));
  expect(windows).toEqual([
    { start: '2026-11-20T12:00:10+00:00', counts: { purchase: 1 } },
    { start: '2026-11-20T12:00:05+00:00', counts: {} },
    { start: '2026-11-20T12:00:00+00:00', counts: { view_item: 2, search: 1 } },
    { start: '2026-11-20T11:59:55+00:00', counts: {} },
  ]);
  expect(Object.keys(windows[2]?.counts ?? {})).toEqual(['view_item', 'search']);
  const before = await queryLeaderboard(2, as(at - 7_200_000 + 1_000));
  expect(before.windows[0]?.counts).toEqual({});
  close();
});
