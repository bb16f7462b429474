import { expect } from 'vitest';
import type { Json, TestSystem } from '../system/system.ts';
import { expectNear } from './answers.ts';
import { duck, ONLINE_RETAIL, REES46, retailOf } from './duckdb.ts';

export const DECEMBER = 'from=2010-12-01&to=2010-12-31';
export const OCTOBER = 'from=2019-10-01&to=2019-10-01';

/** What the file of an online shop's invoices gives, or its first lines, against an exact count of it. */
export async function checkRetail({ get }: TestSystem, file = ONLINE_RETAIL): Promise<void> {
  const retail = retailOf(file);
  const [total] = await duck(
    `${retail} SELECT count(DISTINCT invoice) AS orders, sum(quantity) AS units, sum(pence) AS pence FROM lines WHERE NOT refund`,
  );
  const [returned] = await duck(`${retail} SELECT sum(pence) AS pence FROM lines WHERE refund`);
  const revenue: Json = await get(`/v1/revenue?${DECEMBER}&currency=GBP&interval=day`);
  expect(total?.['orders']).toBeGreaterThan(100);
  expect(revenue).toMatchObject({ currency: 'GBP', orders: total?.['orders'], units: total?.['units'] });
  expect(Math.round(revenue.revenue * 100)).toBe(total?.['pence']);
  expect(Math.round(revenue.refunds * 100)).toBe(returned?.['pence']);

  const columns = { revenue: 'sum(pence)', units: 'sum(quantity)', orders: 'count(DISTINCT invoice)' };
  for (const [by, score] of Object.entries(columns)) {
    const exact = await duck(
      `${retail} SELECT item, ${score} AS score FROM lines WHERE NOT refund GROUP BY item ORDER BY score DESC, item LIMIT 20`,
    );
    const top: Json = await get(`/v1/products/popular?by=${by}&currency=GBP&limit=20&${DECEMBER}`);
    const scale = by === 'revenue' ? 100 : 1;
    expect(top.map((row: Json) => [row.item_id, Math.round(row.score * scale)])).toEqual(
      exact.map((row) => [String(row['item']), row['score']]),
    );
    expect(top.every((row: Json) => row.item_name !== null)).toBe(true);
  }

  const countries = await duck(
    `${retail} SELECT country, count(DISTINCT invoice) AS orders FROM lines WHERE NOT refund GROUP BY country ORDER BY orders DESC, country`,
  );
  const cities: Json = await get(`/v1/cities?rank_by=orders&limit=1000&currency=GBP&${DECEMBER}`);
  expect(cities.filter((row: Json) => row.orders > 0).map((row: Json) => [row.city, row.orders])).toEqual(
    countries.map((row) => [row['country'], row['orders']]),
  );

  const [users] = await duck(`${retail} SELECT count(DISTINCT customer) AS users FROM lines`);
  const engagement: Json = await get(`/v1/engagement?${DECEMBER}`);
  expect(Math.abs(engagement.active_users - Number(users?.['users']))).toBeLessThanOrEqual(
    0.03 * Number(users?.['users']),
  );
}

/** What the file of an open clickstream gives, against an exact count of it. */
export async function checkRees46({ get }: TestSystem): Promise<void> {
  const rows = `read_csv('${REES46}', header = true, all_varchar = true)`;
  const types = await duck(
    `SELECT event_type AS type, count(*) AS n FROM (SELECT DISTINCT ON (event_type, product_id, user_session, event_time, CASE WHEN event_type = 'purchase' THEN 0 ELSE rowid END) event_type FROM (SELECT *, row_number() OVER () AS rowid FROM ${rows})) GROUP BY type`,
  );
  const counts = new Map(types.map((row) => [row['type'], row['n']]));
  const frequencies: Json = await get(`/v1/events/frequencies?${OCTOBER}`);
  const named = new Map(frequencies.map((row: Json) => [row.name, row.count]));
  expect(['view_item', 'add_to_cart', 'purchase'].map((name) => named.get(name))).toEqual(
    ['view', 'cart', 'purchase'].map((type) => counts.get(type)),
  );

  // Plain walk over the file in its order: how far did each session get?
  const events = await duck(`SELECT event_type AS type, user_id || '/' || user_session AS session FROM ${rows}`);
  const stages = ['view', 'cart', 'purchase'];
  const reached = new Map<unknown, number>();
  for (const { type, session } of events) {
    const at = reached.get(session) ?? 0;
    reached.set(session, stages[at] === type ? at + 1 : at);
  }
  const atLeast = (n: number): number => [...reached.values()].filter((far) => far >= n).length;
  const funnel: Json = await get(`/v1/funnel?funnel=quick&${OCTOBER}`);
  expect(funnel.stages.map((stage: Json) => stage.count)).toEqual([0, 1, 2, 3].map(atLeast));
  expect(atLeast(1)).toBeGreaterThan(300);
  // When the import closes, carts still open move to the live lane, whose time is far beyond their deadline.
  const actions = await duck(`SELECT event_type AS type, user_id AS user FROM ${rows}`);
  const open = new Set<unknown>();
  const carts = { carts: 0, purchased: 0 };
  for (const { type, user } of actions) {
    if (type === 'cart' && !open.has(user)) carts.carts += 1;
    if (type === 'cart') open.add(user);
    if (type === 'purchase' && open.delete(user)) carts.purchased += 1;
  }
  expect(await get(`/v1/abandonment?${OCTOBER}`)).toMatchObject({
    ...carts,
    open: 0,
    abandoned: carts.carts - carts.purchased,
  });
  expect(carts.carts).toBeGreaterThan(0);

  const [sums] = await duck(
    `SELECT count(DISTINCT user_id) AS users, count(DISTINCT user_session) AS sessions FROM ${rows}`,
  );
  const engagement: Json = await get(`/v1/engagement?${OCTOBER}`);
  expect(engagement.sessions).toBe(sums?.['sessions']);
  expectNear(engagement.active_users, Number(sums?.['users']));
  const top = await duck(
    `SELECT product_id AS item, count(*) AS n FROM ${rows} WHERE event_type = 'view' GROUP BY item ORDER BY n DESC, item LIMIT 20`,
  );
  const popular: Json = await get(`/v1/products/popular?limit=20&${OCTOBER}`);
  expect(popular.map((row: Json) => [row.item_id, row.score])).toEqual(
    top.map((row) => [String(row['item']), row['n']]),
  );
}
