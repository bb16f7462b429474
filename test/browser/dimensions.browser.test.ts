import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { zoneAtNoon } from '../support/core/zone-at-noon.ts';
import { eventually, type Json } from '../support/system/system.ts';
import {
  answered,
  csvOf,
  dayAgo,
  figure,
  goTo,
  numberIn,
  type OpenShop,
  openShop,
  order,
  pointAt,
  rowsOf,
  tooltip,
} from './open-shop.ts';

const timeZone = zoneAtNoon();
const [today, yesterday, weekAgo] = [0, 1, 7].map((days) => dayAgo(days, timeZone));

let shop: OpenShop;
beforeAll(async () => {
  shop = await openShop({ STORE_TIMEZONE: timeZone, DIMENSIONS: 'city,device,channel,plan:params.plan' });
  const sold = (day: string | undefined, hour: number, value: number, plan: string, medium: string) =>
    order(day ?? '', hour, value, timeZone, { params: { plan }, utm_source: 'letter', utm_medium: medium, city: plan });
  await shop.system.post([
    sold(today, 2, 40, 'gold', 'email'),
    sold(today, 3, 20, 'free', 'social'),
    sold(yesterday, 2, 10, 'gold', 'email'),
    sold(yesterday, 4, 30, 'free', 'email'),
    sold(yesterday, 20, 900, 'gold', 'email'),
    sold(weekAgo, 3, 5, 'gold', 'email'),
    sold(weekAgo, 22, 500, 'gold', 'email'),
  ]);
  await shop.system.settled();
});
afterAll(() => shop.close());

const params = (page: Page): URLSearchParams => new URL(page.url()).searchParams;
const move = (page: Page) => page.locator('[data-panel=kpis] [data-figure=revenue] .move');

describe('with what it is compared', () => {
  test('is chosen in the bar, stands in the URL, and holds for key numbers, charts, tooltips and tables', async () => {
    const { page, errors } = await shop.open('?interval=hour');
    expect(await move(page).textContent()).toMatch(/^▲ 50% vs yesterday by 1[123]:00$/);
    await page.getByLabel('Compared').selectOption('week');
    await page.waitForURL((url) => url.searchParams.get('compare') === 'week');
    await answered(page);
    await eventually('the week before', async () =>
      /▲ 1,100% vs a week before/.test((await move(page).textContent()) ?? ''),
    );
    const { previous, meta }: Json = await (await shop.system.request('/v1/revenue?compare=week&interval=hour')).json();
    expect(previous.revenue).toBe(5);
    expect(meta.compared_until.slice(0, 10)).toBe(weekAgo);
    const panel = 'revenue-over-time';
    await eventually('the tooltip', async () => {
      await pointAt(page, panel, 3.5 / 24);
      return (await tooltip(page, panel).allTextContents()).some((row) => row.startsWith('A week before'));
    });
    await page.locator(`[data-panel="${panel}"] button`, { hasText: 'Table' }).click();
    expect(await page.locator(`[data-panel="${panel}"] thead`).textContent()).toContain('A week before');
    const cells = await rowsOf(page, panel).nth(3).locator('td').allTextContents();
    expect(cells.slice(1)).toEqual(['$20.00', '$5.00', '▲ 300%']);
    // Hours that lie ahead are shown as such, and those of the other day end with it.
    expect(await rowsOf(page, panel).count()).toBeLessThan(15);
    await page.reload();
    await answered(page);
    expect(await page.getByLabel('Compared').locator('option:checked').textContent()).toBe('vs a week before');
    expect(errors).toEqual([]);
    await page.close();
  });

  test('a year before of which no hours are kept is no number at all, and days are compared as the server cuts them', async () => {
    const { page } = await shop.open('?compare=year');
    expect(await move(page).textContent()).toBe('too early to compare');
    await page.goto(`${shop.served.url}/?from=${yesterday}&to=${today}`);
    await answered(page);
    const { data, previous, meta }: Json = await (
      await shop.system.request(`/v1/revenue?from=${yesterday}&to=${today}&compare=previous`)
    ).json();
    expect([data.revenue, previous.revenue]).toEqual([1_000, 0]);
    const said = (await move(page).textContent()) ?? '';
    expect(said).toContain('vs the 2 days before, by');
    expect(said.slice(-5)).toBe(meta.compared_until.slice(11, 16));
    await page.close();
  });
});

describe('dimensions', () => {
  test('of one’s own are offered with all others, and break numbers down as the API does', async () => {
    const { page, errors } = await shop.open('?tab=sales');
    const choice = page.getByLabel('Revenue broken down');
    expect(await choice.locator('option').allTextContents()).toEqual(['by city', 'by device', 'by channel', 'by plan']);
    await choice.selectOption('plan');
    await page.waitForURL((url) => url.searchParams.get('breakdown') === 'plan');
    await answered(page);
    const rows = await rowsOf(page, 'revenue-by').allTextContents();
    expect(rows).toEqual([expect.stringMatching(/^gold.*\$40\.00/), expect.stringMatching(/^free.*\$20\.00/)]);
    expect((await csvOf(page, 'revenue-by')).map(([name]) => name)).toEqual(['plan', 'gold', 'free']);
    await goTo(page, 'Funnel');
    expect(await rowsOf(page, 'funnel-by').locator('th').allTextContents()).toEqual(['free', 'gold']);
    await goTo(page, 'Visitors');
    expect(await rowsOf(page, 'ranking').locator('th').allTextContents()).toEqual(['free', 'gold']);
    for (const name of ['city', 'device', 'channel']) await page.waitForSelector(`[data-panel=by-${name}]`);
    expect(errors).toEqual([]);
    await page.close();
  });

  test('a value that is clicked is followed by the whole page, as a chip, and taken off again', async () => {
    const { page, errors } = await shop.open('?tab=visitors');
    await rowsOf(page, 'by-plan').locator('button', { hasText: 'gold' }).click();
    await page.waitForURL((url) => url.searchParams.get('filter') === 'plan:gold');
    await goTo(page, 'Now');
    await eventually('gold', async () => numberIn(await figure(page, 'kpis', 'revenue')) === 40);
    expect(await move(page).textContent()).toContain('▲ 300%');
    expect(await page.locator('.filter').textContent()).toContain('plan gold');
    await page.getByLabel('Show all values of plan').click();
    await page.waitForURL((url) => !url.searchParams.has('filter'));
    await page.getByLabel('Filter by').selectOption('channel');
    await page.getByLabel('Channel', { exact: true }).selectOption('Organic Social');
    await page.waitForURL((url) => url.searchParams.get('filter') === 'channel:Organic Social');
    await eventually('social', async () => numberIn(await figure(page, 'kpis', 'revenue')) === 20);
    await page.goBack();
    await eventually('all again', async () => numberIn(await figure(page, 'kpis', 'revenue')) === 60);
    expect(params(page).has('filter')).toBe(false);
    expect(errors).toEqual([]);
    await page.close();
  });

  test('each row says how it moved against the period that is compared with', async () => {
    const { page } = await shop.open('?tab=visitors&breakdown=plan&rank_by=revenue');
    const rows: Json = await shop.system.get('/v1/breakdowns/plan?compare=previous&rank_by=revenue');
    expect(rows.map((row: Json) => [row.plan, row.previous.revenue])).toEqual([
      ['gold', 10],
      ['free', 30],
    ]);
    expect(await rowsOf(page, 'ranking').first().textContent()).toContain('▲ 300%');
    expect(await rowsOf(page, 'ranking').nth(1).textContent()).toContain('▼ 33.3%');
    await page.getByLabel('Compared').selectOption('none');
    await eventually(
      'not compared',
      async () => !(await page.locator('[data-panel=ranking]').textContent())?.includes('▲'),
    );
    await page.close();
  });
});
