import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answered, dayAgo, goTo, type OpenShop, openShop, rowsOf } from './open-shop.ts';
import { seed } from './seed.ts';

let shop: OpenShop;
beforeAll(async () => {
  shop = await openShop({}, { archives: true });
  await seed(shop.system, 3_000, 2);
});
afterAll(() => shop.close());

const period = `from=${dayAgo(1)}&to=${dayAgo(0)}`;
/** Of a channel that nobody came by, what is filtered has no rows. */
const NOBODY = 'filter=channel:Nobody';
const SAYS = 'Not filtered: the whole shop';
/** About the machine, or what the filter itself is made of: there is nothing in them to filter. */
const NO_SHOP = ['pipeline', 'dead-letters', 'books', 'funnel-steps', 'last-requests'];

const PLACES = [
  ...['now', 'sales', 'funnel', 'products', 'visitors', 'carts', 'stock'].map((tab) => `tab=${tab}`),
  'tab=products&group=category',
  'tab=products&group=brand',
  'tab=products&product=SKU-0001',
  'tab=explore&explore=retention',
  'tab=explore&explore=customers',
  'tab=explore&explore=together',
  'tab=explore&explore=funnel&cut=city&steps=[{"name":"view_item"},{"name":"add_to_cart"}]',
  'tab=health&check=accuracy',
];

interface Seen {
  readonly panel: string;
  readonly says: boolean;
  readonly isFull: boolean;
}

const seenOn = (page: Page): Promise<readonly Seen[]> =>
  page.evaluate(`[...document.querySelectorAll('[data-panel]')].map((panel) => ({
    panel: panel.dataset.panel,
    says: [...panel.querySelectorAll('.unfiltered')].some((one) => one.textContent === '${SAYS}'),
    isFull: panel.querySelector('tbody tr, .feed li, .chart li, [data-finding]') !== null,
  }))`);

test('what a filter leaves as it is says so, and all else follows it', { timeout: 120_000 }, async () => {
  const { page, errors } = await shop.open('');
  const wrong: string[] = [];
  let unfiltered = 0;
  for (const place of PLACES) {
    await page.goto(`${shop.served.url}/?${place}&${period}&${NOBODY}`);
    await answered(page);
    const seen = (await seenOn(page)).filter(({ panel }) => !NO_SHOP.includes(panel));
    unfiltered += seen.filter(({ says }) => says).length;
    wrong.push(...seen.filter(({ says, isFull }) => isFull && !says).map(({ panel }) => `${place}: ${panel}`));
  }
  expect(wrong).toEqual([]);
  expect(unfiltered).toBeGreaterThan(25);
  await page.goto(`${shop.served.url}/?tab=sales&${period}&${NOBODY}`);
  await answered(page);
  const silent = (await seenOn(page)).filter(({ says }) => !says).map(({ panel }) => panel);
  expect(silent).toEqual(['revenue', 'payment-types']);
  expect(errors).toEqual([]);
  await page.close();
});

test('without a filter nothing is said of it, and no panel speaks of all cities', async () => {
  const { page } = await shop.open(`?${period}`);
  for (const tab of ['Now', 'Products', 'Visitors', 'Carts', 'Stock']) {
    await goTo(page, tab);
    expect([tab, await page.locator('.unfiltered').count()]).toEqual([tab, 0]);
    const hints = (await page.locator('[data-panel] .hint').allTextContents()).join('\n');
    expect([tab, hints]).not.toEqual([tab, expect.stringMatching(/all cities/i)]);
  }
  await page.close();
});

test.each([
  ['en-US', 'unknown'],
  ['de-DE', 'unbekannt'],
])('a value that is not known is called so in the language that is read, in %s', async (locale, called) => {
  await shop.system.post({ name: 'purchase', user_id: 'x', transaction_id: 'x', value: 9, city: 'Leeds' });
  await shop.system.settled();
  const { page } = await shop.open('?tab=visitors&breakdown=channel', { locale });
  const row = rowsOf(page, 'by-device').locator('th', { hasText: called });
  await row.locator('button').click();
  await page.waitForURL((url) => url.searchParams.get('filter') === 'device:unknown');
  expect(await page.locator('.filter .cut').textContent()).toBe(called);
  await page.close();
});
