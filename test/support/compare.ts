import { expect } from 'vitest';
import type { Oracle } from './oracle.ts';
import type { Json, TestSystem } from './system.ts';

const sorted = (counter: ReadonlyMap<string, number>, prefix: string): [string, number][] =>
  [...counter]
    .filter(([key, n]) => key.startsWith(`${prefix}|`) && n !== 0)
    .map(([key, n]): [string, number] => [key.slice(prefix.length + 1), n])
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));

/** Every exact answer of the API for the period equals the oracle's; users lie within the standard error's reach. */
export async function expectAnswers({ get }: TestSystem, oracle: Oracle, range: string): Promise<void> {
  const count = (counter: ReadonlyMap<string, number>, key: string): number => counter.get(key) ?? 0;
  const frequencies: Json = await get(`/v1/events/frequencies?${range}&limit=1000`);
  expect(new Map(frequencies.map((row: Json) => [row.name, row.count]))).toEqual(oracle.frequencies);

  for (const funnel of ['shop', 'quick']) {
    const closed: Json = await get(`/v1/funnel?funnel=${funnel}&${range}&breakdown=city&limit=1000`);
    expect(closed.stages.map((s: Json) => s.count)).toEqual(
      closed.stages.map((_: Json, i: number) => count(oracle.closed, `${funnel}|${i}`)),
    );
    for (const row of closed.breakdown) {
      expect(row.stages.map((s: Json) => s.count)).toEqual(
        row.stages.map((_: Json, i: number) => count(oracle.closed, `${funnel}|${i}|${row.city}`)),
      );
    }
  }
  const open: Json = await get(`/v1/funnel?mode=open&${range}`);
  const names = ['*', 'view_item', 'add_to_cart', 'begin_checkout', 'purchase'];
  for (const [i, stage] of open.stages.entries()) expectNear(stage.count, oracle.users.get(names[i] ?? '')?.size ?? 0);

  const engagement: Json = await get(`/v1/engagement?${range}`);
  const sessions = count(oracle.engagement, 'sessions');
  expect(engagement.sessions).toBe(sessions);
  expect(engagement.events).toBe(count(oracle.engagement, 'events'));
  if (sessions > 0) {
    expect(engagement.bounce_rate).toBeCloseTo(count(oracle.engagement, 'bounces') / sessions, 12);
    expect(engagement.average_session_seconds).toBeCloseTo(count(oracle.engagement, 'ms') / 1_000 / sessions, 9);
  }
  expectNear(engagement.active_users, oracle.users.get('*')?.size ?? 0);

  for (const by of ['views', 'carts', 'orders', 'units']) {
    const rows: Json = await get(`/v1/products/popular?by=${by}&${range}&limit=1000`);
    expect(rows.map((row: Json) => [row.item_id, row.score])).toEqual(sorted(oracle.products, by).slice(0, 1_000));
  }
  const byRevenue: Json = await get(`/v1/products/popular?by=revenue&${range}&limit=1000`);
  expect(byRevenue.map((row: Json) => [row.item_id, Math.round(row.score * 100)])).toEqual(
    sorted(oracle.products, 'revenue:USD').slice(0, 1_000),
  );

  const revenue: Json = await get(`/v1/revenue?${range}&interval=day`);
  expect(revenue).toMatchObject({ orders: count(oracle.money, 'orders'), units: count(oracle.money, 'units') });
  expect(Math.round(revenue.revenue * 100)).toBe(count(oracle.money, 'revenue|USD'));
  expect(Math.round(revenue.refunds * 100)).toBe(count(oracle.money, 'refunds|USD'));

  const cities: Json = await get(`/v1/cities?${range}&limit=1000`);
  expect(cities.map((row: Json) => [row.city, row.engagement_score])).toEqual(
    [...new Set([...oracle.cities.keys()].map((key) => key.slice(key.indexOf('|') + 1)))]
      .map((city): [string, number] => [city, count(oracle.cities, `score|${city}`)])
      .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)),
  );
  for (const row of cities) {
    expect(row).toMatchObject({
      events: count(oracle.cities, `events|${row.city}`),
      sessions: count(oracle.cities, `sessions|${row.city}`),
      orders: count(oracle.cities, `orders|${row.city}`),
    });
    expect(Math.round(row.revenue * 100)).toBe(count(oracle.cities, `revenue:USD|${row.city}`));
  }

  const abandonment: Json = await get(`/v1/abandonment?${range}&breakdown=city&limit=1000`);
  const steps = {
    carts: 'opened',
    purchased: 'purchased',
    emptied: 'emptied',
    abandoned: 'abandoned',
    recovered: 'recovered',
  };
  for (const [field, step] of Object.entries(steps))
    expect([field, abandonment[field]]).toEqual([field, count(oracle.carts, step)]);
  expect(Math.round(abandonment.abandoned_value * 100)).toBe(count(oracle.carts, 'abandoned_value:USD'));
  expect(Math.round(abandonment.recovered_value * 100)).toBe(count(oracle.carts, 'recovered_value:USD'));
  for (const row of abandonment.breakdown) {
    for (const [field, step] of Object.entries(steps))
      expect([row.city, field, row[field]]).toEqual([row.city, field, count(oracle.carts, `${step}|${row.city}`)]);
  }
}

/** Five standard errors of a HyperLogLog, and a little for small numbers. */
export function expectNear(actual: number, exact: number): void {
  expect(Math.abs(actual - exact)).toBeLessThanOrEqual(Math.max(3, exact * 0.0405));
}
