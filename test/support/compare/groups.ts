import { expect } from 'vitest';
import type { Json } from '../system/system.ts';
import { type Comparison, inCents, sorted } from './answers.ts';

const COUNTS = ['views', 'carts', 'removes', 'orders', 'units'] as const;
const COLUMNS = [...COUNTS, 'revenue', 'refunds'] as const;
const NONE = '(none)';

type NameOf = (item: string) => string;

/** Items put together by category and by brand: rows, filters, and that they add up to what products do. */
export async function expectGroups(compared: Comparison): Promise<void> {
  const { oracle } = compared;
  const atLevel =
    (level: number): NameOf =>
    (item) =>
      oracle.categories.get(item)?.[level - 1] ?? NONE;
  const brandOf: NameOf = (item) => oracle.brands.get(item) ?? NONE;
  for (const level of [1, 2, 5])
    await expectRows(compared, `/v1/categories?level=${level}`, 'category', atLevel(level));
  await expectRows(compared, '/v1/brands?', 'brand', brandOf);
  await expectWithin(compared, atLevel);
  for (const category of ['Kitchen', NONE]) {
    const wanted = (item: string): boolean => atLevel(1)(item) === category;
    await expectFiltered(compared, `category=${encodeURIComponent(category)}`, wanted);
  }
  const both = (item: string): boolean => brandOf(item) === 'Fjell' && atLevel(2)(item) === 'Mugs';
  await expectFiltered(compared, 'brand=Fjell&category2=Mugs', both);
}

/** Sums of the items' sums, under the names of their groups. */
function together({ under }: Comparison, nameOf: NameOf, wanted: (item: string) => boolean = () => true) {
  const names = new Map<string, Map<string, number>>();
  for (const column of COLUMNS) {
    const money = column === 'revenue' || column === 'refunds';
    for (const [item, n] of under(`item:${column}${money ? ':USD' : ''}|`)) {
      if (!wanted(item)) continue;
      const name = nameOf(item);
      const sums = names.get(name) ?? new Map<string, number>();
      names.set(name, sums.set(column, (sums.get(column) ?? 0) + n));
    }
  }
  return names;
}

function expectSums(row: Json, sums: ReadonlyMap<string, number> | undefined): void {
  const of = (column: string): number => sums?.get(column) ?? 0;
  expect(Object.fromEntries(COUNTS.map((column) => [column, row[column]]))).toEqual({
    ...Object.fromEntries(COUNTS.map((column) => [column, of(column)])),
    units: of('units') / 1_000,
  });
  expect([inCents(row.revenue), inCents(row.refunds)]).toEqual([of('revenue'), of('refunds')]);
  expect(row.view_to_cart_rate).toBe(of('views') === 0 ? null : of('carts') / of('views'));
}

async function expectRows(compared: Comparison, path: string, field: string, nameOf: NameOf): Promise<void> {
  const { get, range } = compared;
  const expected = together(compared, nameOf);
  const rows: Json = await get(`${path}&${range}&limit=1000&sort=carts`);
  expect(rows.map((row: Json) => row[field])).toEqual(
    sorted(new Map([...expected].map(([name, sums]) => [name, sums.get('carts') ?? 0]))).map(([name]) => name),
  );
  for (const row of rows) expectSums(row, expected.get(row[field]));
  const products: Json = await get(`/v1/products?${range}&limit=1000`);
  const total = (of: Json, column: string): number =>
    of.reduce((sum: number, row: Json) => sum + Math.round(row[column] * 1_000), 0);
  for (const column of COLUMNS) expect([column, total(rows, column)]).toEqual([column, total(products, column)]);
}

/** One level within another. */
async function expectWithin(compared: Comparison, atLevel: (level: number) => NameOf): Promise<void> {
  const expected = together(compared, atLevel(2), (item) => atLevel(1)(item) === 'Kitchen');
  const rows: Json = await compared.get(`/v1/categories?level=2&category=Kitchen&${compared.range}&limit=1000`);
  expect(new Set(rows.map((row: Json) => row.category))).toEqual(new Set(expected.keys()));
  for (const row of rows) expectSums(row, expected.get(row.category));
}

async function expectFiltered(compared: Comparison, ask: string, wanted: (item: string) => boolean): Promise<void> {
  const { get, range, under, oracle } = compared;
  const every = together(compared, (item) => item, wanted);
  for (const sort of ['views', 'item_name', 'view_to_cart_rate']) {
    const rows: Json = await get(`/v1/products?${ask}&${range}&limit=1000&sort=${sort}`);
    expect(new Set(rows.map((row: Json) => row.item_id))).toEqual(new Set(every.keys()));
    for (const row of rows) {
      expectSums(row, every.get(row.item_id));
      const [category, category2, category3, category4, category5] = oracle.categories.get(row.item_id) ?? [];
      const levels = { category, category2, category3, category4, category5 };
      const described = { ...levels, brand: oracle.brands.get(row.item_id), variant: oracle.variants.get(row.item_id) };
      for (const [field, value] of Object.entries(described))
        expect([field, row[field]]).toEqual([field, value ?? null]);
    }
  }
  const popular: Json = await get(`/v1/products/popular?by=carts&${ask}&${range}&limit=1000`);
  const carts = new Map([...under('item:carts|')].filter(([item]) => wanted(item)));
  expect(popular.map((row: Json) => [row.item_id, row.score])).toEqual(sorted(carts));
}
