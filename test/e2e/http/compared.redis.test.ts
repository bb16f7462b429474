import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dayAgo, order } from '../../browser/open-shop.ts';
import { zoneAtNoon } from '../../support/core/zone-at-noon.ts';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';
import { type Json, startSystem, type TestSystem } from '../../support/system/system.ts';

const timeZone = zoneAtNoon();
const [today, yesterday, weekAgo] = [0, 1, 7].map((days) => dayAgo(days, timeZone));

let redis: TestRedis;
let system: TestSystem;
beforeAll(async () => {
  redis = await startRedis();
  system = await startSystem(redis.url, { STORE_TIMEZONE: timeZone });
  await system.startCounting();
  const at = (day: string | undefined, hour: number, value: number, city: string) =>
    order(day ?? '', hour, value, timeZone, { city });
  // It is about noon: an order of the evening is none that this day can be compared with.
  await system.post([
    at(today, 3, 40, 'Pune'),
    at(yesterday, 2, 10, 'Pune'),
    at(yesterday, 4, 15, 'Oslo'),
    at(yesterday, 20, 900, 'Pune'),
    at(weekAgo, 1, 7, 'Pune'),
    at(weekAgo, 21, 700, 'Pune'),
  ]);
  await system.settled();
});
afterAll(async () => {
  await system.close();
  await redis.close();
});

const ask = async (path: string): Promise<Json> => (await system.request(path)).json();
const minutesOf = (moment: string): number => 60 * Number(moment.slice(11, 13)) + Number(moment.slice(14, 16));

describe('a day that is not over is compared up to the same quarter of an hour', () => {
  test.each([
    ['previous', 25, 2, yesterday],
    ['yesterday', 25, 2, yesterday],
    ['week', 7, 1, weekAgo],
  ] as const)('with compare=%s', async (compare, revenue, orders, day) => {
    const { data, previous, meta } = await ask(`/v1/revenue?compare=${compare}`);
    expect(data).toMatchObject({ revenue: 40, orders: 1 });
    expect(previous).toMatchObject({ revenue, orders });
    expect(meta.compared_from.slice(0, 16)).toBe(`${day}T00:00`);
    expect(meta.compared_until.slice(0, 10)).toBe(day);
    expect(minutesOf(meta.compared_until) % 15).toBe(0);
    // The point that is under way is beside the one at which the other day ends.
    const last = data.series.at(-1);
    expect(last.partial).toBe(true);
    expect(minutesOf(meta.compared_until)).toBe(minutesOf(last.start));
    expect(previous.series).toHaveLength(data.series.length - 1);
    expect(previous.series.filter(({ partial }: Json) => partial)).toEqual([]);
  });

  test('or hour, of what is kept by hours', async () => {
    const { previous, meta } = await ask('/v1/sessions?compare=yesterday&interval=hour');
    expect(previous.sessions).toBe(2);
    expect(minutesOf(meta.compared_until) % 60).toBe(0);
    expect(previous.series).toHaveLength(minutesOf(meta.compared_until) / 60);
  });

  test('and with nothing where the hours of the other day are not kept', async () => {
    const { previous, meta } = await ask('/v1/revenue?compare=year&interval=15m');
    expect(previous).toMatchObject({ revenue: 0, series: [] });
    expect(meta.compared_until).toBe(meta.compared_from);
  });
});

test('a day that is over is compared with a whole one', async () => {
  const { data, previous, meta } = await ask(`/v1/revenue?from=${yesterday}&to=${yesterday}&compare=week`);
  expect(data).toMatchObject({ revenue: 925 });
  expect(data.series).toHaveLength(96);
  expect(previous.revenue).toBe(0);
  expect(meta.compared_until.slice(0, 16)).toBe(`${dayAgo(7, timeZone)}T00:00`);
});

test('each value of a dimension says what it had, also where it stood elsewhere in the list or in none', async () => {
  const { data } = await ask('/v1/breakdowns/city?compare=yesterday&rank_by=revenue');
  expect(data).toEqual([
    expect.objectContaining({ city: 'Pune', revenue: 40, previous_rank: 2 }),
    // What has nothing now is in no list.
  ]);
  expect(data[0].previous).toMatchObject({ orders: 1, revenue: 10, sessions: 1 });
});

test('what it can be compared with stands in the refusal of all else', async () => {
  const response = await system.request('/v1/revenue?compare=month');
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('yesterday');
});
