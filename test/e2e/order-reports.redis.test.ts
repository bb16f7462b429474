import { afterAll, beforeAll, expect, test } from 'vitest';
import { Random } from '../../src/simulator/random.ts';
import { buyer, type Told } from '../support/orders/order-script.ts';
import { plainOrders, type Sums } from '../support/orders/plain-orders.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { type Json, startSystem, type TestSystem } from '../support/system/system.ts';

const DAY_MS = 86_400_000;
let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

/** The day before yesterday, at the same time of day: all of it is over. */
const moved = (told: Told): Told => {
  const dayMs = Math.floor(Date.now() / DAY_MS - 2) * DAY_MS;
  return { ...told, timestamp: dayMs + (told.timestamp % DAY_MS) };
};

/** What the API says of a day, under the names of the plain count. */
async function answersOf({ get }: TestSystem, day: string): Promise<Sums> {
  const range = `from=${day}&to=${day}&limit=1000`;
  const sums: Sums = {};
  const set = (what: string, value: number): void => {
    if (value !== 0) sums[what] = Math.round(value);
  };
  const revenue: Json = await get(`/v1/revenue?${range}&interval=day`);
  for (const what of ['revenue', 'shipping', 'tax', 'refunds']) set(what, revenue[what] * 100);
  set('orders', revenue.orders);
  set('units', revenue.units * 1_000);
  const cities: Json = await get(`/v1/revenue?${range}&interval=day&breakdown=city`);
  for (const { city, orders } of cities.breakdown) set(`orders|${city}`, orders);
  for (const { payment_type, orders } of await get(`/v1/payments?${range}`)) set(`paid by ${payment_type}`, orders);
  for (const { coupon, orders } of await get(`/v1/coupons?${range}`)) set(`coupon|${coupon}`, orders);
  for (const { item_id, orders, revenue: of } of await get(`/v1/products?${range}`)) {
    set(`bought|${item_id}`, orders);
    set(`bought for|${item_id}`, of * 100);
  }
  for (const { city, engagement_score: score } of await get(`/v1/cities?${range}`)) set(`score|${city}`, score);
  set('purchasing', (await get(`/v1/sessions?${range}`)).purchasing_sessions);
  return sums;
}

async function errorsOf({ get }: TestSystem, day: string): Promise<Json[]> {
  const { days }: Json = await get(`/v1/accuracy?from=${day}&to=${day}`);
  const metrics = days.flatMap(({ metrics: of }: Json) => of);
  expect(metrics.length).toBeGreaterThan(10);
  // Of people whose visits had counted before somebody else reported their order the recount does not know who they are.
  const known = metrics.filter(({ metric }: Json) => metric !== 'new_users' && metric !== 'active_users');
  return known.filter(({ error_percent: error }: Json) => error !== 0);
}

test.each([1, 3])(
  'orders that many report, by turns and in parts: every answer is that of the plain count, and the recount finds nothing else, with %i partitions',
  async (partitions) => {
    const system = await startSystem(redis.url, { PARTITIONS: String(partitions) }, { archives: true });
    await system.startCounting();
    const random = new Random(partitions);
    const buyers = Array.from({ length: 30 }, () => buyer(random, { isErased: false, sharesSessions: false }));
    const orders = buyers.flatMap((one) => one.orders);
    const events = orders.flatMap(({ told }) => told.map(moved)).sort((a, b) => a.timestamp - b.timestamp);
    for (let i = 0; i < events.length; i += 7) {
      expect((await system.post(events.slice(i, i + 7))).status).toBe(202);
      if (random.chance(0.2)) await system.settled();
    }
    await system.settled();
    const day = new Date(events[0]?.timestamp ?? 0).toISOString().slice(0, 10);
    const { came, ...expected } = plainOrders(orders);
    const isAsked = (name: string): boolean => !/^(?!orders|coupon|bought|score).*\|/.test(name);
    const plain = Object.fromEntries(Object.entries(expected).filter(([name, n]) => isAsked(name) && n !== 0));
    expect(await answersOf(system, day)).toEqual(plain);
    const { events: counted, duplicates, orders_taken_back: back }: Json = await system.get('/v1/pipeline');
    expect(counted + duplicates).toBe(came);
    expect(back).toBeGreaterThan(10);
    expect(await errorsOf(system, day)).toEqual([]);

    for (const { user_id } of events.slice(0, 40))
      if (user_id !== undefined) await system.request(`/v1/users/${user_id}`, { method: 'DELETE' });
    await system.settled();
    expect(await answersOf(system, day)).toEqual(plain);
    expect(await errorsOf(system, day)).toEqual([]);
    await system.close();
  },
  120_000,
);
