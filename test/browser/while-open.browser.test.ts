import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { zoneAtNoon } from '../support/core/zone-at-noon.ts';
import { eventually, type TestSystem } from '../support/system/system.ts';
import { answered, figure, numberIn, type OpenShop, openShop, plot, pointAt, tooltip } from './open-shop.ts';
import { seed } from './seed.ts';

let shop: OpenShop;
let system: TestSystem;
beforeAll(async () => {
  // At noon the day has something to show.
  shop = await openShop({ STORE_TIMEZONE: zoneAtNoon() });
  ({ system } = shop);
  await seed(system);
});
afterAll(() => shop.close());

describe('several tabs', () => {
  test('share one stream, so that none is left without answers', { timeout: 120_000 }, async () => {
    const context = await shop.browser.newContext({ locale: 'en-US' });
    const streams: Page[] = [];
    for (let i = 0; i < 7; i++) {
      const page = await context.newPage();
      page.on('request', (request) => {
        if (request.url().endsWith('/v1/live')) streams.push(page);
      });
      await page.goto(shop.served.url);
    }
    await answered(context);
    expect(streams.length).toBe(1);
    // The one that reads goes, and another reads for all.
    await streams[0]?.close();
    await eventually('another reads', () => streams.length === 2);
    const [page] = context.pages();
    if (page === undefined) throw new Error('no tab is left');
    const before = numberIn(await figure(page, 'now', 'orders_today'));
    await system.post({ name: 'purchase', user_id: 'tab', transaction_id: 'tab', value: 1 });
    for (const one of context.pages())
      await eventually('the order', async () => numberIn(await figure(one, 'now', 'orders_today')) === before + 1);
    await context.close();
  });
});

describe('the network', () => {
  test('carries less than 250 kB for the page, and nothing from elsewhere', async () => {
    const page = await shop.browser.newPage();
    const sizes: number[] = [];
    const hosts = new Set<string>();
    page.on('response', (response) => {
      const url = new URL(response.url());
      hosts.add(url.host);
      if (url.pathname === '/' || url.pathname.startsWith('/assets/') || url.pathname.endsWith('.svg'))
        sizes.push(Number(response.headers()['content-length'] ?? 0));
    });
    await page.goto(shop.served.url);
    await page.waitForSelector('[data-connection=live]');
    expect([...hosts]).toEqual([new URL(shop.served.url).host]);
    expect(sizes.length).toBeGreaterThanOrEqual(3);
    expect(Math.min(...sizes)).toBeGreaterThan(0);
    expect(sizes.reduce((a, b) => a + b, 0)).toBeLessThan(250_000);
    const policy = (await (await system.request('/')).headers.get('Content-Security-Policy')) ?? '';
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain("script-src 'self' 'unsafe");
    await page.close();
  });
});

describe('while events come', () => {
  test('a chart that is read stays, nothing moves, and little is asked and reckoned', {
    timeout: 90_000,
  }, async () => {
    const page = await shop.browser.newPage({ viewport: { width: 1_440, height: 900 } });
    await page.addInitScript(COUNT_MOVES);
    const spent = await mainThread(page);
    await page.goto(`${shop.served.url}/`);
    await answered(page);
    await page.waitForTimeout(1_000);
    const drawn = await spent();
    expect(await page.evaluate('moved')).toBeLessThan(0.05);
    const legend = plot(page, 'revenue-over-time').locator('text', { hasText: 'Yesterday' });
    const fill = await legend.getAttribute('fill');
    await legend.click();
    await eventually('the legend’s entry is off', async () => (await legend.getAttribute('fill')) !== fill);
    await pointAt(page, 'revenue-over-time', 0.1);
    await tooltip(page, 'revenue-over-time').first().waitFor();
    await page.waitForTimeout(2_000);
    const carried = traffic(page);
    const movedBefore = Number(await page.evaluate('moved'));
    const before = await spent();
    for (let i = 0; i < SOAK_SECONDS; i++) {
      const event = { name: 'purchase', user_id: `soak-${i}`, transaction_id: `soak-${i}`, value: 1 };
      await system.post([event, { name: 'view_item', user_id: `soak-${i}`, items: [{ item_id: 'SKU-0001' }] }]);
      await page.waitForTimeout(1_000);
      expect(await tooltip(page, 'revenue-over-time').first().isVisible()).toBe(true);
    }
    expect(await legend.getAttribute('fill')).not.toBe(fill);
    // How fast the machine is differs from hour to hour: five minutes cost no more than to draw the page 22 times.
    expect((await spent()) - before).toBeLessThan((22 * drawn * SOAK_SECONDS) / 300);
    expect(carried.paths).toContain('/v1/revenue');
    expect(carried.paths).not.toContain('/v1/inventory');
    expect(carried.paths).not.toContain('/v1/products/rising');
    // Nothing was put into a cart.
    expect(carried.paths).not.toContain('/v1/abandonment/carts');
    // Uncompressed, of 850 kB a minute that it once was.
    expect(carried.bytes).toBeLessThan((200_000 * SOAK_SECONDS) / 60);
    // At most 0.05 in 5 minutes.
    expect(Number(await page.evaluate('moved')) - movedBefore).toBeLessThan((0.05 * SOAK_SECONDS) / 300);
    await page.locator('[data-panel=rising-now]').scrollIntoViewIfNeeded();
    await eventually('what is scrolled to is asked for', () => carried.paths.includes('/v1/products/rising'));
    await page.close();
  });

  test('carts are asked for when something is put into one, and only while they are in sight', {
    timeout: 60_000,
  }, async () => {
    const page = await shop.browser.newPage({ viewport: { width: 1_440, height: 900 } });
    await page.goto(`${shop.served.url}/`);
    await answered(page);
    const feed = page.locator('[data-panel=feed]');
    await feed.scrollIntoViewIfNeeded();
    const carried = traffic(page);
    const fill = (visitor: string) => {
      const items = [{ item_id: 'SKU-0001', price: 7, quantity: 1 }];
      return system.post({ name: 'add_to_cart', user_id: visitor, currency: 'USD', city: visitor, items });
    };
    await fill('Atown');
    await feed.locator('li', { hasText: 'from Atown' }).waitFor();
    await page.evaluate('scrollTo(0, 0)');
    await page.setViewportSize({ width: 1_440, height: 500 });
    await page.waitForTimeout(6_000);
    carried.paths.length = 0;
    await fill('Btown');
    await page.waitForTimeout(12_000);
    expect(carried.paths).not.toContain('/v1/abandonment/carts');
    await feed.scrollIntoViewIfNeeded();
    await feed.locator('li', { hasText: 'from Btown' }).waitFor();
    await page.close();
  });
});

const SOAK_SECONDS = 20;

const COUNT_MOVES = `
  globalThis.moved = 0;
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) globalThis.moved += value;
  }).observe({ type: 'layout-shift', buffered: true });`;

/** CPU time of the page's main thread, in seconds; what the test asks of it is not the page's. */
async function mainThread(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const of = (metric: string) => metrics.find(({ name }) => name === metric)?.value ?? Number.NaN;
    return of('TaskDuration') - of('DevToolsCommandDuration');
  };
}

/** What a page asks for from now on, but for the stream. */
function traffic(page: Page): { readonly paths: string[]; bytes: number } {
  const carried = { paths: [] as string[], bytes: 0 };
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (pathname === '/v1/live') return;
    carried.paths.push(pathname);
    const count = (body: Buffer): void => {
      carried.bytes += body.length;
    };
    response.body().then(count, () => undefined);
  });
  return carried;
}
