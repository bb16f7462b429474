import { afterAll, beforeAll, expect, test } from 'vitest';
import { queryRevenue } from '../../../src/analytics/revenue/query.ts';
import { counted } from '../../support/core/questions.ts';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

test('a day is shown by 15 minutes, a long or old period by day; refunds stand apart, each currency by itself', async () => {
  const at = Date.parse('2026-11-20T12:20:00Z');
  const { as, close } = await counted(redis.url, [
    { name: 'purchase', user_id: 'a', transaction_id: 't1', value: 10, timestamp: at },
    { name: 'purchase', user_id: 'b', transaction_id: 't2', value: 30, timestamp: at + 60_000 },
    { name: 'purchase', user_id: 'c', transaction_id: 't3', value: 5, currency: 'EUR', timestamp: at },
    { name: 'refund', user_id: 'a', transaction_id: 't1', timestamp: at + 900_000 },
  ]);
  const now = at + 3_600_000;
  const today = await queryRevenue({ limit: 10 }, as(now));
  expect(today).toMatchObject({ revenue: 40, refunds: 10, net_revenue: 30, orders: 3, average_order_value: 20 });
  // Points that lie ahead of 13:20 are none.
  expect(today.series.length).toBe(54);
  expect(
    today.series
      .filter(({ revenue, refunds }) => revenue + refunds > 0)
      .map(({ start, revenue, refunds }) => [start, revenue, refunds]),
  ).toEqual([
    ['2026-11-20T12:15:00+00:00', 40, 0],
    ['2026-11-20T12:30:00+00:00', 0, 10],
  ]);
  expect(await queryRevenue({ limit: 10, currency: 'EUR' }, as(now))).toMatchObject({
    revenue: 5,
    average_order_value: 5,
  });
  const month = await queryRevenue({ limit: 10 }, as(now, { from: '2026-11-01', to: '2026-11-30' }));
  expect(month.series.length).toBe(20);
  expect(month.revenue).toBe(40);
  close();
});

test('an order is refunded no further than it was paid, however often it is refunded', async () => {
  const at = Date.parse('2026-11-20T12:20:00Z');
  const back = { name: 'refund', user_id: 'a', transaction_id: 't1' };
  const { as, close } = await counted(redis.url, [
    { name: 'purchase', user_id: 'a', transaction_id: 't1', value: 42, timestamp: at },
    { ...back, value: 12, timestamp: at + 60_000 },
    { ...back, timestamp: at + 120_000 },
    { ...back, timestamp: at + 180_000 },
    { ...back, value: 5, timestamp: at + 240_000 },
  ]);
  expect(await queryRevenue({ limit: 10 }, as(at + 3_600_000))).toMatchObject({
    revenue: 42,
    refunds: 42,
    net_revenue: 0,
  });
  close();
});

test('an answer says in which currencies there are orders, of the city that is asked for', async () => {
  const at = Date.parse('2026-11-20T12:20:00Z');
  const order = (id: string, currency: string, city: string) => ({
    name: 'purchase',
    user_id: id,
    transaction_id: id,
    value: 10,
    currency,
    city,
    timestamp: at,
  });
  const { as, close } = await counted(redis.url, [
    order('a', 'GBP', 'London'),
    order('b', 'GBP', 'Leeds'),
    order('c', 'JPY', 'London'),
  ]);
  const now = at + 3_600_000;
  const all = [
    { currency: 'GBP', orders: 2 },
    { currency: 'JPY', orders: 1 },
  ];
  expect(await queryRevenue({ limit: 10 }, as(now))).toMatchObject({ revenue: 0, orders: 3, currencies: all });
  expect(await queryRevenue({ limit: 10, currency: 'GBP' }, as(now))).toMatchObject({ revenue: 20, currencies: all });
  const inCity = (city: string) => ({ ...as(now), filter: { dimension: 'city', value: city } });
  const ofLeeds = [{ currency: 'GBP', orders: 1 }];
  expect((await queryRevenue({ limit: 10 }, inCity('Leeds'))).currencies).toEqual(ofLeeds);
  expect((await queryRevenue({ limit: 10, currency: 'GBP' }, inCity('Leeds'))).currencies).toEqual(ofLeeds);
  expect((await queryRevenue({ limit: 10 }, inCity('Rome'))).currencies).toEqual([]);
  close();
});
