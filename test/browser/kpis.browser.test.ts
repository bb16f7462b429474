import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { zoneAtNoon } from '../support/core/zone-at-noon.ts';
import { eventually, type Json } from '../support/system/system.ts';
import {
  answered,
  choosePeriod,
  dayAgo,
  figure,
  goTo,
  numberIn,
  type OpenShop,
  openShop,
  order,
  plot,
  rowsOf,
} from './open-shop.ts';

const timeZone = zoneAtNoon();
const [today, yesterday] = [dayAgo(0, timeZone), dayAgo(1, timeZone)];

let shop: OpenShop;
beforeAll(async () => {
  shop = await openShop({ STORE_TIMEZONE: timeZone });
  // A visit that goes all the way, beside orders that came without one.
  const whole = ['page_view', 'view_item', 'add_to_cart', 'begin_checkout'].map((name, i) => ({
    ...order(yesterday, 2, i, timeZone, { user_id: 'whole', items: [{ item_id: 'A', price: 1 }] }),
    name,
  }));
  await shop.system.post([
    ...whole,
    order(yesterday, 2, 0, timeZone, { user_id: 'whole' }),
    order(yesterday, 3, 50, timeZone),
    order(yesterday, 4, 50, timeZone),
    order(yesterday, 20, 900, timeZone),
    order(today, 5, 40, timeZone),
    { ...order(today, 6, 1, timeZone), name: 'page_view' },
    { name: 'add_to_cart', user_id: 'c', items: [{ item_id: 'A', price: 7 }] },
  ]);
  await shop.system.settled();
});
afterAll(() => shop.close());

const url = (page: Page): URLSearchParams => new URL(page.url()).searchParams;
const moveOf = (name: string): string => `[data-panel=kpis] [data-figure=${name}] .move`;

test('each key number says how it moved against the same hours before, and whether that is good', async () => {
  const { page, errors } = await shop.open();
  // By this hour there were orders of 0, 50 and 50 yesterday; the one of the evening is no part of it.
  expect(await page.locator(moveOf('revenue')).textContent()).toMatch(/^▼ 60% vs yesterday by 1[123]:\d\d$/);
  expect(await page.locator(`${moveOf('revenue')} .bad`).count()).toBe(1);
  expect(await page.locator(moveOf('orders')).textContent()).toMatch(/^▼ 66\.7% vs yesterday/);
  // Its course ends with the last quarter of an hour that is over.
  const [, hours, minutes] =
    /by (\d\d):(\d\d)$/.exec((await page.locator(moveOf('revenue')).textContent()) ?? '') ?? [];
  const course = page.locator('[data-panel=kpis] [data-figure=revenue] .sparkline path').last();
  const points = ((await course.getAttribute('d')) ?? '').match(/[ML]/g)?.length;
  expect(points).toBe(4 * Number(hours) + Number(minutes) / 15);
  // One of three sessions went all the way yesterday, and none today.
  expect(await page.locator(moveOf('conversion')).textContent()).toMatch(/^▼ 33\.3 pp vs yesterday/);
  expect(await figure(page, 'kpis', 'open_carts')).toBe('$7.00');
  await choosePeriod(page, 'Yesterday');
  await eventually('yesterday', async () => (await figure(page, 'kpis', 'revenue')) === '$1,000.00');
  expect(await page.locator(moveOf('revenue')).textContent()).toContain('new vs the day before');
  await page.getByLabel('Compared').selectOption('none');
  await eventually('nothing compared', async () => (await page.locator(moveOf('revenue')).textContent()) === '');
  expect(errors).toEqual([]);
  await page.close();
});

test('a key number that is chosen is the chart below, with what it is compared with in its table', async () => {
  const { page } = await shop.open('?interval=hour');
  await page.locator('[data-panel=kpis] [data-figure=orders] .kpi').click();
  await page.waitForURL((url) => url.searchParams.get('kpi') === 'orders');
  const panel = 'orders-over-time';
  await page.locator(`[data-panel="${panel}"] button`, { hasText: 'Table' }).click();
  const revenue: Json = await shop.system.get('/v1/revenue?interval=hour&compare=previous');
  const cells = (n: number): Promise<string[]> => rowsOf(page, panel).locator(`td:nth-child(${n})`).allTextContents();
  const [values, before] = [await cells(2), await cells(3)];
  const ordersOf = (answer: Json): number[] => answer.series.map(({ orders }: Json) => orders);
  expect(values.map(numberIn)).toEqual(ordersOf(revenue).slice(0, values.length));
  expect(before.map(numberIn).slice(3, 5)).toEqual([1, 1]);
  await page.goBack();
  await page.waitForSelector('[data-panel=revenue-over-time]');
  await page.close();
});

test('days that are drawn over are looked at closer, by mouse and by keyboard, and the back button leads back', async () => {
  const { page, errors } = await shop.open(`?from=${dayAgo(6, timeZone)}&to=${today}`);
  const before = page.url();
  const chart = plot(page, 'revenue-over-time');
  const box = await chart.boundingBox();
  if (box === null) throw new Error('no chart');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.75, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.9, y);
  await page.mouse.move(box.x + box.width * 0.97, y);
  expect(await page.locator('.brush').count()).toBe(1);
  await page.mouse.up();
  await page.waitForURL((url) => url.searchParams.get('from') === yesterday);
  await answered(page);
  await page.goBack();
  expect(page.url()).toBe(before);
  await answered(page);
  await page.locator('[data-panel=revenue-over-time] button', { hasText: 'Table' }).click();
  await rowsOf(page, 'revenue-over-time').nth(5).locator('button').press('Enter');
  await page.waitForURL(
    (url) => url.searchParams.get('from') === yesterday && url.searchParams.get('to') === yesterday,
  );
  for (const tab of ['Sales', 'Funnel', 'Visitors', 'Carts']) {
    await choosePeriod(page, '7 days');
    await goTo(page, tab);
    const bars = page.locator('.brushed .chart').first();
    const size = await bars.boundingBox();
    // About the third of seven days.
    await bars.click({ position: { x: (size?.width ?? 0) * 0.4, y: (size?.height ?? 0) / 2 } });
    await page.waitForURL((url) => url.searchParams.get('from') === url.searchParams.get('to'));
    expect([tab, url(page).get('from')]).toEqual([tab, expect.stringMatching(/^\d{4}-/)]);
  }
  expect(errors).toEqual([]);
  await page.close();
});

test('what needs attention is said with its number, and leads to where it is seen', async () => {
  const searches = Array.from({ length: 6 }, (_, i) => ({
    name: 'search',
    user_id: `s${i}`,
    search_term: 'unicorn',
    results_count: 0,
  }));
  await shop.system.post(searches);
  await shop.system.settled();
  const { page, errors } = await shop.open();
  const finding = page.locator('[data-panel=attention] [data-finding=searches]');
  expect(await finding.locator('a').textContent()).toBe('“unicorn” finds nothing');
  expect(await finding.textContent()).toContain('6 of 6 searches');
  await finding.locator('a').click();
  await page.waitForURL((url) => url.searchParams.get('tab') === 'visitors');
  await answered(page);
  expect(await page.locator('[data-panel=searches]').textContent()).toContain('unicorn');
  expect(errors).toEqual([]);
  await page.close();
});

test('a question mark says what a number counts, by mouse and by keyboard', async () => {
  const { page } = await shop.open();
  const help = page.locator('[data-panel=kpis] [data-figure=conversion] .help');
  await help.locator('button').press('Enter');
  await help.locator('.definition', { hasText: 'The share of visits that went all the way' }).waitFor();
  const [mark, box] = [await help.locator('button').boundingBox(), await help.locator('.definition').boundingBox()];
  expect(Math.abs((box?.y ?? 0) - (mark?.y ?? 0))).toBeLessThan(60);
  await page.keyboard.press('Escape');
  await help.locator('.definition').waitFor({ state: 'hidden' });
  await page.locator('nav.tabs a', { hasText: 'Carts' }).click();
  const rate = page.locator('[data-panel=abandonment] [data-figure=abandonment_rate] .help');
  await rate.locator('button').click();
  await rate.locator('.definition', { hasText: 'no sign of the visitor for an hour' }).waitFor();
  await page.close();
});
