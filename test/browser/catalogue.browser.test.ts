import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Json } from '../support/system/system.ts';
import { complaintsOfAxe } from './browser.ts';
import { answered, csvOf, dayAgo, type OpenShop, openShop, rowsOf } from './open-shop.ts';

const today = dayAgo(0);
/** Items by their category, from its first level on. */
const TREE = [
  ['Clothing', 'Shirts', 'Linen'],
  ['Clothing', 'Shirts', 'Cotton'],
  ['Clothing', 'Trousers'],
  ['Clothing'],
  ['Kitchen, dining', 'Mugs'],
  [],
];

let shop: OpenShop;
beforeAll(async () => {
  shop = await openShop();
  const events = TREE.flatMap((path, i) => {
    const levels = Object.fromEntries(
      path.map((name, level) => [`item_category${level === 0 ? '' : level + 1}`, name]),
    );
    const brand = i % 2 === 0 ? 'Fjell & Co' : i === 1 ? 'Orla' : undefined;
    const item = {
      item_id: `i${i}`,
      item_name: `Item ${i}`,
      price: i === 2 ? 50 : 10 * (i + 1),
      ...levels,
      ...(brand && { item_brand: brand }),
    };
    const by = { user_id: `u${i}`, items: [item] };
    const views = Array.from({ length: 10 - i }, () => ({ ...by, name: 'view_item' }));
    return [...views, { ...by, name: 'add_to_cart' }, { ...by, name: 'purchase', transaction_id: `t${i}` }];
  });
  await shop.system.post(events);
  await shop.system.settled();
});
afterAll(() => shop.close());

const namesIn = (page: Page, panel: string): Promise<string[]> => rowsOf(page, panel).locator('th').allTextContents();
const choose = (page: Page, panel: string, name: string): Promise<void> =>
  rowsOf(page, panel).getByRole('button', { name, exact: true }).click();
const list = (page: Page, what: string) => page.getByLabel('What is listed').selectOption({ label: what });
const paramsOf = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);

test('categories lead level by level to their products, and the back button leads back', async () => {
  const { page, errors } = await shop.open('?tab=products');
  await list(page, 'Categories');
  await answered(page);
  expect(await namesIn(page, 'categories')).toEqual(['Clothing', 'Kitchen, dining', 'without a category']);
  await choose(page, 'categories', 'Clothing');
  await answered(page);
  expect(await namesIn(page, 'categories')).toEqual(['Shirts', 'Trousers', 'without a category']);
  await choose(page, 'categories', 'Shirts');
  await answered(page);
  expect(await namesIn(page, 'categories')).toEqual(['Linen', 'Cotton']);
  await choose(page, 'categories', 'Linen');
  // It has no levels below it.
  await page.locator('[data-panel=popular-products][data-state=loaded]').waitFor();
  expect(await namesIn(page, 'popular-products')).toEqual(['Item 0']);
  expect(paramsOf(page)).toEqual({
    tab: 'products',
    group: 'category',
    category: 'Clothing',
    category2: 'Shirts',
    category3: 'Linen',
  });
  expect(await page.locator('nav.trail').textContent()).toBe('All categoriesClothingShirtsLinen');
  const { page: shared } = await shop.open(new URL(page.url()).search);
  await shared.locator('[data-panel=popular-products][data-state=loaded]').waitFor();
  expect(await namesIn(shared, 'popular-products')).toEqual(['Item 0']);
  await shared.close();
  for (const names of [
    ['Linen', 'Cotton'],
    ['Shirts', 'Trousers', 'without a category'],
    ['Clothing', 'Kitchen, dining', 'without a category'],
  ]) {
    await page.goBack();
    await page.locator('[data-panel=categories][data-state=loaded]').waitFor();
    await expect.poll(() => namesIn(page, 'categories')).toEqual(names);
  }
  await page.goBack();
  await page.locator('[data-panel=popular-products][data-state=loaded]').waitFor();
  expect(errors).toEqual([]);
  await page.close();
});

test('numbers are those of the API, in the table and in the file, in the order that is asked for', async () => {
  const { page, errors } = await shop.open('?tab=products&group=category&category=Clothing&by=revenue');
  const rows: Json = await shop.system.get(`/v1/categories?from=${today}&level=2&category=Clothing&sort=revenue`);
  expect(rows.map(({ category }: Json) => category)).toEqual(['Trousers', '(none)', 'Shirts']);
  const views = await rowsOf(page, 'categories').locator('td:nth-child(2)').allTextContents();
  expect(views.map(Number)).toEqual(rows.map((row: Json) => row.views));
  const file = await csvOf(page, 'categories');
  expect(file[0]?.[0]).toMatch(/Category$/);
  expect(file.slice(1).map((row) => [row[0], Number(row[1]), Number(row[5])])).toEqual(
    rows.map((row: Json) => [row.category.replace('(none)', 'without a category'), row.views, row.revenue]),
  );
  await page.locator('[data-panel=categories] th button', { hasText: 'Views' }).click();
  await answered(page);
  expect(await namesIn(page, 'categories')).toEqual(['Shirts', 'Trousers', 'without a category']);
  expect(errors).toEqual([]);
  await page.close();
});

test('what has no category is found, and the trail leads to the whole of a category and back to all', async () => {
  const { page, errors } = await shop.open('?tab=products&group=category&category=Clothing');
  await choose(page, 'categories', 'without a category');
  await page.locator('[data-panel=popular-products][data-state=loaded]').waitFor();
  expect(await namesIn(page, 'popular-products')).toEqual(['Item 3']);
  await page.locator('.trail').getByRole('button', { name: 'Clothing' }).click();
  await page.locator('[data-panel=categories][data-state=loaded]').waitFor();
  await page.getByRole('button', { name: 'Its products' }).click();
  await page.locator('[data-panel=popular-products][data-state=loaded]').waitFor();
  await expect.poll(() => namesIn(page, 'popular-products')).toEqual(['Item 0', 'Item 1', 'Item 2', 'Item 3']);
  expect((await csvOf(page, 'popular-products')).length).toBe(5);
  await page.getByRole('button', { name: 'All products' }).click();
  await expect.poll(async () => (await namesIn(page, 'popular-products')).length).toBe(6);
  expect(paramsOf(page)).toEqual({ tab: 'products' });
  expect(errors).toEqual([]);
  await page.close();
});

test('brands lead to their products', async () => {
  const { page, errors } = await shop.open('?tab=products&group=brand');
  expect(await namesIn(page, 'brands')).toEqual(['Fjell & Co', 'without a brand', 'Orla']);
  await choose(page, 'brands', 'Fjell & Co');
  await page.locator('[data-panel=popular-products][data-state=loaded]').waitFor();
  expect(await namesIn(page, 'popular-products')).toEqual(['Item 0', 'Item 2', 'Item 4']);
  expect(await page.locator('.trail').first().textContent()).toContain('Fjell & Co');
  await choose(page, 'popular-products', 'Item 2');
  await page.locator('dialog [data-panel=product][data-state=loaded]').waitFor();
  await page.goBack();
  await page.goBack();
  await page.locator('[data-panel=brands][data-state=loaded]').waitFor();
  expect(errors).toEqual([]);
  await page.close();
});

test.each([320, 390, 1_440])('axe finds nothing, and nothing scrolls sideways, at %i pixels', async (width) => {
  for (const place of [
    'group=category&category=Clothing',
    'group=brand',
    'brand=Orla&category=Clothing&category2=Shirts',
  ]) {
    const { page } = await shop.open(`?tab=products&${place}`, { viewport: { width, height: 844 }, locale: 'de-DE' });
    expect([place, await complaintsOfAxe(page)]).toEqual([place, []]);
    expect([place, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([place, width]);
    await page.close();
  }
});
