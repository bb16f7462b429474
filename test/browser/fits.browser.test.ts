import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answered, dayAgo, type OpenShop, openShop } from './open-shop.ts';
import { seed } from './seed.ts';

let shop: OpenShop;
beforeAll(async () => {
  shop = await openShop();
  await seed(shop.system, 3_000, 2);
  await shop.system.post({ name: 'purchase', user_id: 'p', transaction_id: 'p', value: 9, currency: 'GBP' });
  // Amounts of a shop that sells well, in the columns of most rows.
  const sold = {
    name: 'purchase',
    value: 16_123.45,
    currency: 'USD',
    city: 'Bengaluru',
    country: 'IN',
    device: 'mobile',
  };
  await shop.system.post(
    Array.from({ length: 10 }, (_, i) => ({ ...sold, user_id: `much-${i}`, transaction_id: `much-${i}` })),
  );
  await shop.system.settled();
});
afterAll(() => shop.close());

/** Controls of the bar whose text, or one of whose choices, is wider than they are. */
const cutIn = (page: Page): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll('.top a, .top button, .top select, .top .filter, .top .cut')]
    .filter((one) => one.checkVisibility())
    .flatMap((one) => {
      const has = one.getBoundingClientRect().width;
      if (one.tagName !== 'SELECT') return one.scrollWidth > one.clientWidth ? [one.textContent] : [];
      const chosen = one.value;
      const needs = [...one.options].map(({ value, text }) => {
        one.style.cssText = 'field-sizing: content; width: auto; max-width: none; flex: none';
        one.value = value;
        return [text, one.getBoundingClientRect().width];
      });
      one.style.cssText = '';
      one.value = chosen;
      return needs.filter(([, width]) => width > has + 1).map(([text]) => text);
    })`);

/** The lines that the bar's controls stand in, but for the tabs. */
const linesOf = (page: Page): Promise<number> =>
  page.evaluate(`new Set([...document.querySelectorAll('.controls > *, .filters select')]
    .filter((one) => one.checkVisibility())
    .map((one) => Math.round(one.getBoundingClientRect().y + one.getBoundingClientRect().height / 2))).size`);

/** Tables and choices of the panels of which something is out of sight to the right. */
const cutBelow = (page: Page): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll('main .scroll, main .tools button, main h3:not(.hidden)')]
    .filter((one) => one.scrollWidth > one.clientWidth)
    .map((one) => one.closest('[data-panel]')?.dataset.panel + ': ' + one.textContent.slice(0, 40))`);

const TABS = ['now', 'sales', 'funnel', 'products', 'visitors', 'carts', 'stock', 'health'];
test.each([
  [1_280, 'en-US'],
  [1_280, 'de-DE'],
  [1_440, 'en-US'],
  [1_440, 'de-DE'],
] as const)(
  'at %i pixels no table of a section ends out of sight, in %s',
  { timeout: 120_000 },
  async (width, locale) => {
    const { page } = await shop.open('', { viewport: { width, height: 900 }, locale });
    for (const tab of TABS) {
      await page.goto(`${shop.served.url}/?tab=${tab}`);
      await answered(page);
      expect([tab, await cutBelow(page)]).toEqual([tab, []]);
    }
    await page.close();
  },
);

test.each(['products', 'visitors'])(
  'on a phone a table of %s that goes on says so at its edge, and keeps what its rows are about in sight',
  async (tab) => {
    const { page } = await shop.open(`?tab=${tab}`, { viewport: { width: 390, height: 844 } });
    const panel = tab === 'products' ? 'popular-products' : 'ranking';
    const table = page.locator(`[data-panel=${panel}] .scroll`);
    await table.scrollIntoViewIfNeeded();
    const row = table.locator('tbody .lead').first();
    await row.waitFor();
    const image: string = await page.evaluate(
      `getComputedStyle(document.querySelector('[data-panel=${panel}] .scroll')).backgroundImage`,
    );
    expect(image.match(/gradient/g)).toHaveLength(4);
    const [width, shown] = await table.evaluate((one) => [one.scrollWidth, one.clientWidth]);
    expect(width).toBeGreaterThan(shown ?? 0);
    await table.evaluate((one) => one.scrollBy({ left: 1_000, behavior: 'instant' }));
    const [at, edge] = [await row.boundingBox(), await table.boundingBox()];
    expect(Math.round(at?.x ?? 0)).toBe(Math.round(edge?.x ?? -1));
    await page.close();
  },
);

const places = [
  '',
  '?filter=channel:Paid%20Search',
  `?from=${dayAgo(12)}&to=${dayAgo(0)}&filter=country:DE`,
  `?from=${dayAgo(380)}&to=${dayAgo(370)}`,
];
test.each([1_280, 1_440, 2_000].flatMap((width) => [[width, 'en-US'] as const, [width, 'de-DE'] as const]))(
  'at %i pixels the bar is one row in which nothing is cut, in %s',
  async (width, locale) => {
    const { page, errors } = await shop.open('', { viewport: { width, height: 900 }, locale });
    for (const place of places) {
      await page.goto(`${shop.served.url}/${place}`);
      await answered(page);
      expect([place, await cutIn(page), await linesOf(page)]).toEqual([place, [], 1]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    }
    expect(errors).toEqual([]);
    await page.close();
  },
);
