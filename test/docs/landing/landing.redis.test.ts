import { afterAll, beforeAll, expect, test } from 'vitest';
import { queryBreakdown } from '../../../src/analytics/breakdowns/query.ts';
import { queryRevenue } from '../../../src/analytics/revenue/query.ts';
import { DEFAULT_DIMENSIONS } from '../../../src/metrics/dimension.ts';
import { counted } from '../../support/core/questions.ts';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';
import { landing } from './landing.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

test('what is declared is counted, broken down by and asked about alone; nothing else had to be written', async () => {
  const at = Date.parse('2026-11-20T12:00:00Z');
  const page = (user: string, path: string) => ({
    name: 'page_view',
    user_id: user,
    timestamp: at,
    page_location: `https://shop.example${path}`,
  });
  const order = (user: string) => ({ name: 'purchase', user_id: user, transaction_id: user, value: 20, timestamp: at });
  const { as, close } = await counted(
    redis.url,
    [page('ann', '/sale?utm_source=x'), page('ben', '/'), page('ann', '/cart'), order('ann')],
    { dimensions: [...DEFAULT_DIMENSIONS, landing] },
  );
  const context = as(at + 60_000);
  const rows = await queryBreakdown('landing', { rank_by: 'orders', limit: 10 }, context);
  expect(rows).toMatchObject([
    { landing: '/sale', sessions: 1, orders: 1, revenue: 20 },
    { landing: '/', sessions: 1, orders: 0 },
  ]);
  const filter = { dimension: 'landing', value: '/sale' };
  expect(await queryRevenue({ limit: 10 }, { ...context, filter })).toMatchObject({ orders: 1, revenue: 20 });
  close();
});
