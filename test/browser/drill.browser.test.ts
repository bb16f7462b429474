import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, type Json } from '../support/system/system.ts';
import { answered, dayAgo, namesIn, numberIn, type OpenShop, openShop, rowsOf } from './open-shop.ts';
import { seed } from './seed.ts';

const [today, yesterday] = [dayAgo(0), dayAgo(1)];
const period = `from=${yesterday}&to=${today}`;

let shop: OpenShop;
beforeAll(async () => {
  shop = await openShop();
  await seed(shop.system, 12_000, 4);
});
afterAll(() => shop.close());

describe('the funnel', () => {
  test('shows who left as hatched, how long it took, and the period before as a dashed line', async () => {
    const { page } = await shop.open(`?tab=funnel&${period}`);
    const stage = (name: string) => page.locator(`[data-panel=funnel] [data-stage="${name}"]`);
    const { stages }: Json = await shop.system.get(`/v1/funnel?${period}`);
    const [first, view, cart] = stages;
    const width = async (of: string): Promise<number> => (await stage('cart').locator(of).boundingBox())?.width ?? 0;
    const track = await width('.track');
    expect((await width('.fill')) / track).toBeCloseTo(cart.count / first.count, 2);
    expect((await width('.left')) / track).toBeCloseTo((view.count - cart.count) / first.count, 2);
    expect(await stage('cart').locator('.quiet').textContent()).toMatch(
      / of the stage before, half of them within [^;]+; [\d,]+ left$/,
    );
    expect(await stage('cart').locator('.ghost').count()).toBe(1);
    expect(await stage('visit').locator('.left').count()).toBe(0);
    await page.close();
  });

  test('a stage that is chosen tells where those who reached it are from', async () => {
    const { page, errors } = await shop.open(`?tab=funnel&${period}`);
    await page.locator('[data-panel=funnel] [data-stage=purchase] button').click();
    await page.waitForURL((url) => url.searchParams.get('stage') === 'purchase');
    const shares = await rowsOf(page, 'funnel-by').locator('td:last-child').allTextContents();
    const sorted = shares.map(numberIn).toSorted((a, b) => b - a);
    expect(shares.length).toBeGreaterThan(3);
    expect(shares.map(numberIn)).toEqual(sorted);
    await page.goBack();
    await page.waitForURL((url) => !url.searchParams.has('stage'));
    expect(errors).toEqual([]);
    await page.close();
  });
});

describe('a list', () => {
  test('is sorted by the head that is pressed, by the server, and goes on', async () => {
    const { page, errors } = await shop.open(`?tab=products&${period}`);
    const panel = page.locator('[data-panel=popular-products]');
    await panel.locator('th button', { hasText: 'Revenue' }).click();
    await page.waitForURL((url) => url.searchParams.get('by') === 'revenue');
    await answered(page);
    const names = (): Promise<string[]> => rowsOf(page, 'popular-products').locator('th').allTextContents();
    const all: Json = await shop.system.get(`/v1/products?${period}&sort=revenue&limit=50`);
    expect(await names()).toEqual(namesIn(all.slice(0, 10)));
    expect(await panel.locator('[aria-sort=descending]').textContent()).toBe('Revenue');
    await panel.locator('button', { hasText: 'Show more' }).click();
    await eventually('more rows', async () => (await names()).length === 50);
    expect(await names()).toEqual(namesIn(all));
    expect(errors).toEqual([]);
    await page.close();
  });

  test('that is whole is sorted by the page', async () => {
    const { page } = await shop.open(`?tab=sales&${period}`);
    const panel = page.locator('[data-panel=revenue]');
    await panel.locator('button', { hasText: 'Table' }).click();
    await panel.locator('th button', { hasText: 'Orders' }).click();
    const orders = await rowsOf(page, 'revenue').locator('td:nth-child(5)').allTextContents();
    expect(orders.map(numberIn)).toEqual(orders.map(numberIn).toSorted((a, b) => b - a));
    await page.close();
  });
});

test('a cart leads to its visitor’s way through the shop, and on to a product', async () => {
  const { page, errors } = await shop.open(`?tab=carts&${period}`);
  const cart = rowsOf(page, 'carts').first().locator('button');
  const visitor = (await cart.textContent()) ?? '';
  await cart.click();
  await page.waitForURL((url) => url.searchParams.get('visitor') === visitor);
  await answered(page);
  const done: Json = await shop.system.get(`/v1/users/${visitor}/interactions?${period}&limit=50`);
  expect(await rowsOf(page, 'way-through-the-shop').count()).toBe(done.length);
  expect(await page.locator('dialog').textContent()).toContain('put into the cart');
  await rowsOf(page, 'way-through-the-shop').locator('button').first().click();
  await page.waitForSelector('[data-panel=product][data-state=loaded]');
  await page.goBack();
  await page.waitForSelector('[data-panel=way-through-the-shop]');
  await page.goBack();
  await page.waitForSelector('dialog', { state: 'detached' });
  expect(errors).toEqual([]);
  await page.close();
});
