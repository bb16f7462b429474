import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { zoneAtNoon } from '../support/core/zone-at-noon.ts';
import { eventually, type Json } from '../support/system/system.ts';
import {
  changeIn,
  choosePeriod,
  dayAgo,
  figure,
  goTo,
  numberIn,
  type OpenShop,
  openShop,
  order,
  plot,
  pointAt,
  rowsOf,
  tooltip,
} from './open-shop.ts';

const timeZone = zoneAtNoon();
const [today, yesterday] = [dayAgo(0, timeZone), dayAgo(1, timeZone)];

let shop: OpenShop;
beforeAll(async () => {
  shop = await openShop({ STORE_TIMEZONE: timeZone });
  const visits = Array.from({ length: 11 }, (_, hour) =>
    ['page_view', 'view_item', 'add_to_cart'].map((name) => ({
      ...order(today, hour, 0, timeZone),
      name,
      items: [{ item_id: 'A', price: 5 }],
    })),
  ).flat();
  await shop.system.post([
    ...visits,
    order(yesterday, 3, 10, timeZone),
    order(yesterday, 4, 10, timeZone),
    order(yesterday, 20, 100, timeZone),
    order(today, 5, 30, timeZone),
  ]);
  await shop.system.settled();
});
afterAll(() => shop.close());

describe('a chart', () => {
  test('leaves hours to come out, and says which is not over', async () => {
    const { page } = await shop.open('?tab=sales&interval=hour&compare=none');
    await pointAt(page, 'revenue', 0.95);
    await page.waitForTimeout(300);
    expect(await tooltip(page, 'revenue').count()).toBe(0);
    await goTo(page, 'Visitors');
    await pointAt(page, 'sessions', 0.2);
    await tooltip(page, 'sessions').first().waitFor();
    const charts = {
      Now: 'revenue-over-time',
      Sales: 'revenue',
      Visitors: 'sessions',
      Carts: 'abandonment',
      Funnel: 'conversion-over-time',
    };
    for (const [tab, panel] of Object.entries(charts)) {
      await goTo(page, tab);
      await page.locator(`[data-panel="${panel}"] button`, { hasText: 'Table' }).click();
      const hours = await rowsOf(page, panel).locator('td:first-child').allTextContents();
      expect([panel, hours.at(-1)]).toEqual([panel, expect.stringMatching(/1[23]:00$/)]);
      expect(hours.length).toBe(Number(hours.at(-1)?.slice(-5, -3)) + 1);
    }
    await page.close();
  });

  test('names days where it shows more than one', async () => {
    const { page } = await shop.open(`?tab=sales&from=${yesterday}&to=${today}&interval=hour`);
    const written = new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric', timeZone: 'UTC' });
    for (const [tab, panel] of Object.entries({ Visitors: 'sessions', Sales: 'revenue' })) {
      await goTo(page, tab);
      const labels = await plot(page, panel).locator('text').allTextContents();
      for (const day of [yesterday, today]) expect(labels).toContain(written.format(new Date(day)));
      expect(labels).toContain('12:00');
    }
    await pointAt(page, 'revenue', 0.2);
    const title = page.locator('[data-panel=revenue] .chart :has(> .tip-row) > div').first();
    expect(await title.textContent()).toMatch(/^\w{3}, \w{3} \d+, \d{4}, \d\d:00$/);
    await page.close();
  });
});

test('today is compared with the same hours of yesterday', async () => {
  const { page } = await shop.open('?tab=sales&interval=hour');
  const hint = page.locator('[data-panel=revenue] .hint');
  const until = /changes up to (1[23]):00,/.exec((await hint.textContent()) ?? '')?.[1];
  const { series } = await shop.system.get('/v1/revenue?interval=hour');
  const byNow: number = series.slice(0, Number(until)).reduce((sum: number, { revenue }: Json) => sum + revenue, 0);
  expect(byNow).toBeGreaterThanOrEqual(30);
  // Yesterday at this hour there were two orders of 10; the one of the evening is no part of it.
  const change = await changeIn(page, 'revenue', 'revenue');
  expect(numberIn(change)).toBeCloseTo((100 * (byNow - 20)) / 20, 0);
  await choosePeriod(page, 'Yesterday');
  await eventually('yesterday’s revenue', async () => (await figure(page, 'revenue', 'revenue')) === '$120.00');
  expect(await hint.textContent()).not.toContain('changes up to');
  await page.close();
});

test('a stage that nobody reached has no bar', async () => {
  const { page } = await shop.open('?tab=funnel&interval=hour');
  const stage = (name: string) => page.locator(`[data-panel=funnel] [data-stage="${name}"]`);
  expect(await stage('cart').locator('.fill').count()).toBe(1);
  expect(await stage('checkout').locator('.value').textContent()).toBe('0');
  expect(await stage('checkout').locator('.fill').count()).toBe(0);
  await page.close();
});
