import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eventually, type Json, startSystem, type TestSystem } from '../support/system/system.ts';
import { type Served, serveSystem } from './browser.ts';
import {
  choosePeriod,
  csvOf,
  dayAgo,
  figure,
  goTo,
  namesIn,
  numberIn,
  type OpenShop,
  openShop,
  rowsOf,
} from './open-shop.ts';
import { seed } from './seed.ts';

let shop: OpenShop;
let system: TestSystem;
beforeAll(async () => {
  shop = await openShop();
  ({ system } = shop);
  await seed(system);
});
afterAll(() => shop.close());

const [today, yesterday] = [dayAgo(0), dayAgo(1)];

const openCarts = async (page: Page): Promise<string> =>
  (await page.locator('[data-panel=kpis] [data-figure=open_carts] .move').textContent()) ?? '';

describe('the page', () => {
  test('shows the numbers of the API, with no complaint of the browser', async () => {
    const { page, errors } = await shop.open(`?from=${yesterday}&to=${today}`);
    const range = `from=${yesterday}&to=${today}`;
    const revenue: Json = await system.get(`/v1/revenue?${range}`);
    const sessions: Json = await system.get(`/v1/sessions?${range}`);
    expect(numberIn(await figure(page, 'kpis', 'revenue'))).toBe(revenue.revenue);
    expect(numberIn(await figure(page, 'kpis', 'orders'))).toBe(revenue.orders);
    expect(numberIn(await figure(page, 'kpis', 'average'))).toBeCloseTo(revenue.average_order_value, 2);
    expect(numberIn(await figure(page, 'kpis', 'sessions'))).toBe(sessions.sessions);
    const bought = sessions.by_stage.at(-1).reached / sessions.sessions;
    expect(numberIn(await figure(page, 'kpis', 'conversion'))).toBeCloseTo(100 * bought, 1);
    await goTo(page, 'Sales');
    expect(numberIn(await figure(page, 'revenue', 'revenue'))).toBe(revenue.revenue);
    expect(numberIn(await figure(page, 'revenue', 'orders'))).toBe(revenue.orders);
    await goTo(page, 'Visitors');
    expect(numberIn(await figure(page, 'sessions', 'sessions'))).toBe(sessions.sessions);
    expect(numberIn(await figure(page, 'sessions', 'new_users'))).toBe(sessions.new_users);
    const channels: Json = await system.get(`/v1/breakdowns/channel?${range}&limit=15`);
    const ranked = await rowsOf(page, 'ranking').locator('th').allTextContents();
    expect(ranked).toEqual(channels.map((row: Json) => row.channel));
    await goTo(page, 'Carts');
    const carts: Json = await system.get(`/v1/abandonment?${range}`);
    expect(numberIn(await figure(page, 'abandonment', 'abandoned'))).toBe(carts.abandoned);
    await goTo(page, 'Funnel');
    await page.locator('[data-panel=funnel] button', { hasText: 'Table' }).click();
    const funnel: Json = await system.get(`/v1/funnel?${range}`);
    const counts = await rowsOf(page, 'funnel').locator('td:nth-child(2)').allTextContents();
    expect(counts.map(numberIn)).toEqual(funnel.stages.map((stage: Json) => stage.count));
    await goTo(page, 'Products');
    const products: Json = await system.get(`/v1/products?${range}&sort=views&limit=10`);
    const names = await rowsOf(page, 'popular-products').locator('th').allTextContents();
    expect(names).toEqual(namesIn(products));
    await goTo(page, 'Health');
    const pipeline: Json = await system.get('/v1/pipeline');
    expect(numberIn(await figure(page, 'pipeline', 'lag'))).toBe(pipeline.lag_events);
    expect(errors).toEqual([]);
    await page.close();
  });

  test('has a section for each part of the shop, at an address of its own', async () => {
    const { page, errors } = await shop.open(`?from=${yesterday}&to=${today}`);
    const sections = {
      Now: ['leaderboard', 'rising-now'],
      Sales: ['payment-types', 'revenue-by'],
      Funnel: ['funnel-by'],
      Products: ['popular-products'],
      Visitors: ['searches', 'ranking', 'by-city', 'by-device'],
      Carts: ['carts', 'abandoned-items'],
      Stock: ['inventory'],
      Health: ['pipeline', 'dead-letters'],
    };
    for (const [name, panels] of Object.entries(sections)) {
      await goTo(page, name);
      expect(await page.title()).toBe(`${name} · cartpulse`);
      expect(await page.locator('nav.tabs [aria-current=page]').textContent()).toBe(name);
      for (const panel of panels) expect([panel, await rowsOf(page, panel).count()]).not.toEqual([panel, 0]);
    }
    expect(new URL(page.url()).searchParams.get('tab')).toBe('health');
    await page.goBack();
    await page.waitForSelector('[data-panel=inventory]');
    const { page: shared } = await shop.open(new URL(page.url()).search);
    expect(await shared.locator('nav.tabs [aria-current=page]').textContent()).toBe('Stock');
    expect(errors).toEqual([]);
    await Promise.all([page.close(), shared.close()]);
  });

  test('moves when events arrive, by itself', async () => {
    const { page, errors } = await shop.open();
    const before = numberIn(await figure(page, 'now', 'orders_today'));
    const cart = numberIn(await openCarts(page));
    await system.post([
      { name: 'purchase', user_id: 'live-1', transaction_id: `t${Date.now()}`, value: 10 },
      { name: 'add_to_cart', user_id: `live-${Date.now()}`, items: [{ item_id: 'SKU-0001', price: 3 }] },
    ]);
    await eventually(
      'the order',
      async () => numberIn(await figure(page, 'now', 'orders_today')) === before + 1,
      8_000,
    );
    await eventually('the cart', async () => numberIn(await openCarts(page)) === cart + 1);
    expect(errors).toEqual([]);
    await page.close();
  });

  test('follows a city that is chosen, keeps it in the URL, and goes back', async () => {
    const { page } = await shop.open(`?tab=visitors&breakdown=city&from=${yesterday}&to=${today}`);
    const city = await rowsOf(page, 'ranking').nth(1).locator('th').textContent();
    await rowsOf(page, 'ranking').nth(1).locator('th button').click();
    await page.waitForURL((url) => url.searchParams.get('filter') === `city:${city}`);
    const revenue: Json = await system.get(
      `/v1/revenue?from=${yesterday}&to=${today}&city=${encodeURIComponent(city ?? '')}`,
    );
    await goTo(page, 'Sales');
    await eventually(
      'the city’s orders',
      async () => numberIn(await figure(page, 'revenue', 'orders')) === revenue.orders,
    );
    expect(await page.locator('.filter').textContent()).toContain(city);
    // A link of an earlier version says the same.
    const { page: shared } = await shop.open(`?from=${yesterday}&to=${today}&city=${encodeURIComponent(city ?? '')}`);
    expect(await shared.locator('.filter').textContent()).toContain(city);
    await page.goBack();
    await page.goBack();
    await eventually('all again', async () => (await page.locator('.filter').count()) === 0);
    await Promise.all([page.close(), shared.close()]);
  });

  test('presets, dates and the comparison stand in the URL and change the numbers', async () => {
    const { page } = await shop.open('?tab=sales');
    await choosePeriod(page, 'Yesterday');
    await page.waitForURL(
      (url) => url.searchParams.get('from') === yesterday && url.searchParams.get('to') === yesterday,
    );
    const revenue: Json = await system.get(`/v1/revenue?from=${yesterday}&to=${yesterday}`);
    await eventually(
      'yesterday’s orders',
      async () => numberIn(await figure(page, 'revenue', 'orders')) === revenue.orders,
    );
    await page.waitForSelector('[data-panel=revenue] .change');
    await page.getByLabel('Compared').selectOption('none');
    await page.waitForURL((url) => url.searchParams.get('compare') === 'none');
    await page.waitForSelector('[data-panel=revenue]:not(:has(.change))');
    await choosePeriod(page, 'Today');
    await page.waitForURL((url) => url.searchParams.get('from') === null);
    await page.close();
  });

  test('a product has a view of its own: performance, stock, price changes with their impact', async () => {
    const { page, errors } = await shop.open(`?from=${yesterday}&to=${today}`);
    await page.goto(`${shop.served.url}/?from=${yesterday}&to=${today}&product=SKU-0001`);
    await page.waitForSelector('[data-panel=product][data-state=loaded]');
    await page.waitForSelector('[data-panel=price-changes][data-state=loaded]');
    const impact: Json = await system.get(`/v1/inventory/SKU-0001/price-impact?from=${yesterday}&to=${today}&limit=20`);
    expect(await rowsOf(page, 'price-changes').count()).toBe(impact.length);
    expect(impact.length).toBeGreaterThanOrEqual(2);
    await page.waitForSelector('[data-panel=stock-of-the-product] .chart svg');
    await page.locator('dialog button', { hasText: 'Close' }).click();
    await page.waitForURL((url) => url.searchParams.get('product') === null);
    expect(errors).toEqual([]);
    await page.close();
  });

  test('of a price that has just changed nothing is said before an hour is over', async () => {
    const { page } = await shop.open('');
    await page.route('**/SKU-0001/price-impact*', async (route) => {
      const response = await route.fetch();
      const answer: Json = await response.json();
      Object.assign(answer.data[0], { after: { hours: 0, orders: 0, units: 0, revenue: 0 } });
      await route.fulfill({ response, json: answer });
    });
    await page.goto(`${shop.served.url}/?from=${yesterday}&to=${today}&product=SKU-0001`);
    await rowsOf(page, 'price-changes').first().waitFor();
    const cells = await rowsOf(page, 'price-changes').first().locator('td, th').allTextContents();
    expect([cells[4], cells[6], cells[7]]).toEqual(['–', '–', '0']);
    await page.close();
  });

  test('every chart has its data as a table and as CSV', { timeout: 90_000 }, async () => {
    const { page } = await shop.open(`?from=${yesterday}&to=${today}`);
    const asked: string[] = [];
    for (const tab of ['Now', 'Sales', 'Funnel', 'Visitors', 'Carts']) {
      await goTo(page, tab);
      const charts = await page
        .locator('.panel:has(.chart)[data-panel]')
        .evaluateAll((all) => all.map((one) => one.getAttribute('data-panel') ?? ''));
      for (const name of charts.filter((one) => one !== 'now')) {
        asked.push(name);
        const csv = await csvOf(page, name);
        await page.locator(`[data-panel="${name}"] button`, { hasText: 'Table' }).click();
        expect([name, csv.length]).toEqual([name, (await rowsOf(page, name).count()) + 1]);
      }
    }
    expect(asked.length).toBeGreaterThanOrEqual(6);
    await page.close();
  });

  test('says that the connection is lost, keeps the last numbers, and comes back', { timeout: 60_000 }, async () => {
    const { page } = await shop.open();
    const orders = await figure(page, 'now', 'orders_today');
    await shop.served.stop();
    await page.waitForSelector('[data-connection=lost]');
    expect(await page.locator('[data-connection]').textContent()).toContain('Connection lost');
    expect(await figure(page, 'now', 'orders_today')).toBe(orders);
    await shop.served.start();
    await page.waitForSelector('[data-connection=live]', { timeout: 30_000 });
    await page.close();
  });

  test('says what to do where there is nothing', async () => {
    const { page } = await shop.open('?tab=funnel&from=2020-01-01&to=2020-01-02');
    await page.waitForSelector('[data-panel=funnel][data-state=empty]');
    expect(await page.locator('[data-panel=funnel] .state').textContent()).toContain('Choose a longer one');
    await page.close();
  });

  test('a day by itself is a point in a chart over time', async () => {
    const day = (ago: number): string => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
    await system.post({ name: 'view_item', user_id: 'long-ago', timestamp: `${day(20)}T12:00:00Z` });
    await system.settled();
    const { page } = await shop.open(`?tab=funnel&from=${day(22)}&to=${day(18)}`);
    const points = page.locator('[data-panel=conversion-over-time] svg path[d^="M1 0A1 1"]');
    await eventually('a point for each stage behind the visit', async () => (await points.count()) === 4);
    await page.close();
  });

  test('can be used by keyboard: skip link, sections, menus, presets', async () => {
    const { page } = await shop.open();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toContain('Skip to the numbers');
    const opener = page.locator('.menu.period > .opener');
    await opener.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Today');
    await page.keyboard.press('Escape');
    await eventually('the focus back', () => opener.evaluate((one) => one === one.ownerDocument.activeElement));
    expect(await opener.getAttribute('aria-expanded')).toBe('false');
    // A key may come before the browser has drawn the menu that it closes.
    await page.evaluate(`(async () => {
      const opener = document.querySelector('.menu.period > .opener');
      opener.click();
      await Promise.resolve().then(() => undefined);
      opener.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    })()`);
    await eventually('closed', async () => (await opener.getAttribute('aria-expanded')) === 'false');
    await page.keyboard.press('Enter');
    await page.locator('.menu.period button', { hasText: '7 days' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.has('from'));
    await page.close();
  });
});

describe('with keys', () => {
  let guarded: TestSystem;
  let guardedServer: Served;
  beforeEach(async () => {
    guarded = await startSystem(shop.redis.url, { READ_KEYS: 'reader', ADMIN_KEYS: 'root', KEY_PREFIX: system.prefix });
    guardedServer = await serveSystem(guarded);
    return async () => {
      await guardedServer.stop();
      await guarded.close();
    };
  });

  const enter = async (key: string): Promise<Page> => {
    const page = await shop.browser.newPage();
    await page.goto(guardedServer.url);
    await page.waitForSelector('#key-title');
    await page.locator('input[type=password]').fill(key);
    await page.locator('button[type=submit]').click();
    await page.waitForSelector('[data-connection=live]');
    await goTo(page, 'Health');
    return page;
  };

  test('a read key is asked for once; dead letters are not shown to it', async () => {
    const page = await enter('reader');
    await eventually('no dead letters', async () => (await page.locator('[data-panel=dead-letters]').count()) === 0);
    await page.reload();
    await page.waitForSelector('[data-connection=live]');
    expect(await page.locator('#key-title').count()).toBe(0);
    await page.close();
  });

  test('a wrong key says so, and a right one that went out of use', async () => {
    const page = await shop.browser.newPage();
    await page.goto(guardedServer.url);
    await page.waitForSelector('#key-title');
    const problem = page.locator('#key-problem');
    expect(await problem.textContent()).toBe('');
    await page.locator('input[type=password]').fill('guess');
    await page.locator('button[type=submit]').click();
    await problem.filter({ hasText: 'does not know this key' }).waitFor();
    expect(await page.evaluate('localStorage.length')).toBe(0);
    await page.evaluate('localStorage.setItem("cartpulse-key", "old")');
    await page.reload();
    await problem.filter({ hasText: 'not known to the server any more' }).waitFor();
    await page.close();
  });

  test('an admin key sees dead letters', async () => {
    const page = await enter('root');
    await page.waitForSelector('[data-panel=dead-letters][data-state=loaded]');
    expect(await rowsOf(page, 'dead-letters').first().textContent()).toContain('not JSON');
    await page.close();
  });
});
