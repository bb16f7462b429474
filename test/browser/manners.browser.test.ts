import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, type Json, type TestSystem } from '../support/system/system.ts';
import { complaintsOfAxe } from './browser.ts';
import { answered, csvOf, dayAgo, goTo, type OpenShop, openMenu, openShop, rowsOf } from './open-shop.ts';
import { seed } from './seed.ts';

/** A zone away from UTC, in which a time that was not moved is seen. */
const timeZone = 'Asia/Kolkata';
const [today, yesterday] = [dayAgo(0, timeZone), dayAgo(1, timeZone)];
const TABS = ['Now', 'Sales', 'Funnel', 'Products', 'Visitors', 'Carts', 'Stock', 'Explore', 'Health'];
const period = `?from=${yesterday}&to=${today}`;

let shop: OpenShop;
let system: TestSystem;
beforeAll(async () => {
  shop = await openShop({ STORE_TIMEZONE: timeZone }, { archives: true });
  ({ system } = shop);
  await seed(system);
});
afterAll(() => shop.close());

describe('for everybody', () => {
  test.each(['light', 'dark'] as const)(
    'axe finds nothing in the %s theme',
    { timeout: 120_000 },
    async (colorScheme) => {
      const { page } = await shop.open(period, { colorScheme });
      const look = async (where: string): Promise<void> => {
        expect([where, ...(await complaintsOfAxe(page))]).toEqual([where]);
      };
      for (const tab of TABS) {
        await goTo(page, tab);
        await look(tab);
      }
      await openMenu(page, 'period');
      await look('the menu of periods');
      await page.keyboard.press('Escape');
      await goTo(page, 'Products');
      await rowsOf(page, 'popular-products').first().locator('button').click();
      await answered(page);
      await look('a product');
      const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor');
      expect(ground).toBe(colorScheme === 'dark' ? 'rgb(16, 23, 30)' : 'rgb(244, 246, 248)');
      await page.close();
    },
  );

  test('forced colours show which button is pressed', async () => {
    const { page } = await shop.open('', { forcedColors: 'active' });
    const colour = (pressed: boolean): Promise<string> =>
      page.evaluate(
        `getComputedStyle(document.querySelector('.period button[aria-pressed=${pressed}]')).backgroundColor`,
      );
    expect(await colour(true)).not.toBe(await colour(false));
    await page.close();
  });

  test('what a tab alone is drawn with comes when the tab is opened; where it can’t, that is said', async () => {
    const { page } = await shop.open(period);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.route('**/assets/explore-*.js', (route) => route.abort());
    await page.locator('nav.tabs a', { hasText: 'Explore' }).click();
    const lacking = page.locator('main [role=alert]', { hasText: 'load the page again' });
    await expect.poll(() => lacking.count()).toBe(1);
    await goTo(page, 'Health');
    await expect.poll(() => asked.some((url) => url.includes('/assets/accuracy-'))).toBe(true);
    expect(await lacking.count()).toBe(0);
    await page.close();
  });

  test.each([320, 390, 768, 1_280])('a screen of %i pixels needs no scrolling sideways', async (width) => {
    const { page, errors } = await shop.open(period, { viewport: { width, height: 844 } });
    for (const tab of TABS) {
      await goTo(page, tab);
      const widths = await page.evaluate('[document.documentElement.scrollWidth, innerWidth]');
      expect([tab, widths]).toEqual([tab, [width, width]]);
    }
    expect(errors).toEqual([]);
    await page.close();
  });

  test('on a screen of 1,280 pixels no time is broken', async () => {
    await system.post(Array.from({ length: 20 }, (_, i) => ({ name: 'add_shipping_info', user_id: `now-${i}` })));
    const { page } = await shop.open('', { viewport: { width: 1_280, height: 900 } });
    const heights = await rowsOf(page, 'leaderboard')
      .locator('td:first-child')
      .evaluateAll((cells) =>
        cells.map((cell) => {
          const words = cell.ownerDocument.createRange();
          words.selectNodeContents(cell);
          return words.getClientRects().length;
        }),
      );
    expect(new Set(heights)).toEqual(new Set([1]));
    await page.close();
  });
});

describe('what is written', () => {
  test('times are those of the store, never a raw text', async () => {
    const { page } = await shop.open(period);
    for (const tab of TABS) {
      await goTo(page, tab);
      expect([tab, await page.locator('body').textContent()]).not.toEqual([
        tab,
        expect.stringMatching(/\d{4}-\d\d-\d\d/),
      ]);
    }
    const [letter] = await system.get('/v1/dead-letters?limit=1');
    const clock = new Intl.DateTimeFormat('sv-SE', { timeStyle: 'short', timeZone }).format(Date.parse(letter.at));
    expect(await rowsOf(page, 'dead-letters').first().locator('td').first().textContent()).toContain(clock);
    await page.close();
  });

  test('a ratio that can pass 100 % is not called a conversion', async () => {
    const { page } = await shop.open(`${period}&tab=visitors`);
    const heads = await page.locator('[data-panel=ranking] th[scope=col]').allTextContents();
    expect(heads).toContain('Orders per 100 sessions');
    expect(heads.filter((head) => /conver/i.test(head))).toEqual([]);
    await goTo(page, 'Funnel');
    expect(await page.locator('[data-panel=funnel] .hint').textContent()).toContain('sessions that reached each stage');
    await page.close();
  });

  test('files hold dates, the currency, and all rows', async () => {
    const { page } = await shop.open(`${period}&tab=sales&interval=hour`);
    const [head, ...hours] = await csvOf(page, 'revenue');
    expect(head).toEqual(['From', 'Revenue', 'Refunds', 'Net', 'Orders', 'Units', 'Average order', 'Currency']);
    expect(new Set(hours.map(([start]) => start)).size).toBe(hours.length);
    expect(hours[0]?.[0]).toBe(`${yesterday}T00:00:00+05:30`);
    expect(hours[0]?.at(-1)).toBe('USD');
    const products: Json = await system.get(`/v1/products${period}&limit=1000`);
    expect(products.length).toBeGreaterThan(10);
    await goTo(page, 'Products');
    expect((await csvOf(page, 'popular-products')).length).toBe(products.length + 1);
    await page.close();
  });
});

test('a product that is chosen anywhere opens in sight, and closing it leads back', async () => {
  const { page } = await shop.open(`${period}&tab=stock`);
  await page.locator('[aria-label="Which stock"]').selectOption('');
  const row = rowsOf(page, 'inventory').last().locator('button');
  const isFocused = (): Promise<boolean> => row.evaluate((one) => one === one.ownerDocument.activeElement);
  await row.click();
  await page.waitForSelector('[data-panel=product][data-state=loaded]');
  const box = await page.locator('[data-panel=product] h3').boundingBox();
  expect(box?.y).toBeGreaterThanOrEqual(0);
  expect(box?.y).toBeLessThan(900);
  expect(await page.evaluate('document.querySelector("dialog").contains(document.activeElement)')).toBe(true);
  await page.locator('dialog button', { hasText: 'Close' }).click();
  await eventually('back at the row', isFocused);
  await row.click();
  await page.waitForSelector('dialog[open]');
  await page.keyboard.press('Escape');
  await eventually('back at the row', isFocused);
  await row.click();
  await page.waitForSelector('dialog[open]');
  await page.goBack();
  await page.waitForSelector('dialog', { state: 'detached' });
  await page.close();
});
