import { afterAll, beforeAll, expect, test } from 'vitest';
import { queryLive } from '../../../src/analytics/live/query.ts';
import { counted } from '../../support/core/questions.ts';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

test('the shop as it is now: five minutes of users, two closed windows, open carts, orders of today', async () => {
  const now = Date.parse('2026-11-20T12:00:12Z');
  const before = (seconds: number): number => now - seconds * 1_000;
  const { as, close } = await counted(redis.url, [
    { name: 'page_view', user_id: 'gone', timestamp: before(400) },
    { name: 'purchase', user_id: 'yesterday', transaction_id: 't0', value: 99, timestamp: before(86_400) },
    { name: 'purchase', user_id: 'buyer', transaction_id: 't1', value: 7.5, timestamp: before(3_000) },
    { name: 'add_to_cart', user_id: 'a', timestamp: before(200), items: [{ item_id: 'x', price: 2, quantity: 3 }] },
    { name: 'add_to_cart', user_id: 'b', timestamp: before(190), items: [{ item_id: 'x', price: 1 }] },
    { name: 'remove_from_cart', user_id: 'b', timestamp: before(180), items: [{ item_id: 'x' }] },
    ...Array.from({ length: 20 }, (_, i) => ({ name: 'view_item', user_id: `v${i}`, timestamp: before(12) + i * 400 })),
    // In the window that is still open.
    { name: 'view_item', user_id: 'v0', timestamp: now },
  ]);
  expect(await queryLive(as(now))).toEqual({
    active_users: 22,
    events_per_second: 2,
    window: { start: '2026-11-20T12:00:05+00:00', counts: { view_item: 7 } },
    open_carts: 1,
    open_carts_value: 6,
    orders_today: 1,
    revenue_today: 7.5,
    refunds_today: 0,
    currency: 'USD',
  });
  close();
});
