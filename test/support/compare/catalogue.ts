import { expect } from 'vitest';
import type { Json } from '../system/system.ts';
import { type Comparison, inCents, sorted } from './answers.ts';
import { expectGroups } from './groups.ts';

const COUNTS = ['views', 'carts', 'removes', 'orders'] as const;
const MONEY = ['revenue', 'refunds'] as const;

/** Items: popular ones, the performance of each, their names, stock and prices. */
export async function expectCatalogue(compared: Comparison): Promise<void> {
  await expectPopular(compared);
  await expectPerformance(compared);
  await expectStock(compared);
  await expectGroups(compared);
}

async function expectPopular({ get, range, under }: Comparison): Promise<void> {
  for (const by of ['views', 'carts', 'orders', 'units']) {
    const rows: Json = await get(`/v1/products/popular?by=${by}&${range}&limit=1000`);
    const ranked = sorted(under(`item:${by}|`)).slice(0, 1_000);
    const shown = ranked.map(([item, n]) => [item, by === 'units' ? n / 1_000 : n]);
    expect(rows.map((row: Json) => [row.item_id, row.score])).toEqual(shown);
  }
  for (const currency of ['USD', 'EUR']) {
    const rows: Json = await get(`/v1/products/popular?by=revenue&${range}&limit=1000&currency=${currency}`);
    expect(rows.map((row: Json) => [row.item_id, inCents(row.score)])).toEqual(
      sorted(under(`item:revenue:${currency}|`)).slice(0, 1_000),
    );
  }
}

async function expectPerformance({ get, range, sum, under, units, oracle }: Comparison): Promise<void> {
  const items = new Set([
    ...[...COUNTS, 'units'].flatMap((column) => [...under(`item:${column}|`).keys()]),
    ...MONEY.flatMap((column) => [...under(`item:${column}:USD|`).keys()]),
  ]);
  const rows: Json = await get(`/v1/products?${range}&limit=1000&sort=units`);
  expect(new Set(rows.map((row: Json) => row.item_id))).toEqual(new Set([...items].slice(0, 1_000)));
  const check = (row: Json): void => {
    for (const column of COUNTS)
      expect([row.item_id, column, row[column]]).toEqual([row.item_id, column, sum(`item:${column}|${row.item_id}`)]);
    for (const column of MONEY) expect(inCents(row[column])).toBe(sum(`item:${column}:USD|${row.item_id}`));
    expect(row).toMatchObject({
      units: units(`item:units|${row.item_id}`),
      item_name: oracle.names.get(row.item_id),
      stock_level: oracle.stock.get(row.item_id),
      price: oracle.prices.get(`USD|${row.item_id}`),
      view_to_cart_rate: row.views === 0 ? null : row.carts / row.views,
      cart_to_order_rate: row.carts === 0 ? null : row.orders / row.carts,
    });
  };
  for (const row of rows) check(row);
  const [first] = rows;
  if (first !== undefined) check(await get(`/v1/products/${encodeURIComponent(first.item_id)}?${range}`));
}

async function expectStock({ get, range, sum, units, oracle }: Comparison): Promise<void> {
  const levels = [...oracle.stock.values].map(([item, { value }]): [string, number] => [item, value]);
  const ascending = levels.sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
  const rows: Json = await get(`/v1/inventory?${range}&limit=1000`);
  expect(rows.map((row: Json) => [row.item_id, row.stock_level])).toEqual(ascending);
  for (const row of rows)
    expect(row).toMatchObject({ views: sum(`item:views|${row.item_id}`), units: units(`item:units|${row.item_id}`) });
  const low: Json = await get(`/v1/inventory?${range}&limit=1000&status=low&threshold=5`);
  expect(low.map((row: Json) => row.item_id)).toEqual(ascending.filter(([, n]) => n > 0 && n <= 5).map(([id]) => id));
  const out: Json = await get(`/v1/inventory?${range}&limit=1000&status=out`);
  expect(out.map((row: Json) => row.item_id)).toEqual(ascending.filter(([, n]) => n === 0).map(([id]) => id));
}
