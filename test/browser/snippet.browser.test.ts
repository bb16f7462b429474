import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { type Json, startSystem, type TestSystem } from '../support/system/system.ts';
import { PERSON, type Served, serveSystem, startBrowser } from './browser.ts';
import { type SmallShop, startSmallShop } from './small-shop.ts';

let redis: TestRedis;
let system: TestSystem;
let served: Served;
let shop: SmallShop;
let browser: Browser;

beforeAll(async () => {
  shop = await startSmallShop(() => served.url);
  redis = await startRedis();
  system = await startSystem(redis.url, { PUBLIC_KEYS: `pk_shop@${shop.origin}` });
  await system.startCounting();
  served = await serveSystem(system);
  browser = await startBrowser(['--host-resolver-rules=MAP *.example 127.0.0.1', PERSON]);
});
afterAll(async () => {
  await browser.close();
  shop.close();
  await served.stop();
  await system.close();
  await redis.close();
});

/** As pages call it. */
const call = (page: Page, ...args: unknown[]): Promise<Json> => page.evaluate(`cartpulse(...${JSON.stringify(args)})`);
const idOf = async (page: Page): Promise<string> => {
  await page.waitForFunction('typeof window.cartpulse?.id === "function"');
  return page.evaluate('cartpulse.id()');
};

interface Seen {
  readonly name: string;
  readonly timestamp: string;
}
const seenOf = async (visitor: string): Promise<Seen[]> => {
  const response = await system.request(`/v1/users/${encodeURIComponent(visitor)}/interactions`);
  const body: Json = await response.json();
  return body.data;
};
const namesOf = async (visitor: string): Promise<string[]> => (await seenOf(visitor)).map(({ name }) => name).sort();

const cart = (id: string) => ({ items: [{ item_id: id, item_name: 'Tee', price: 9.5, quantity: 2 }] });
const RUNS_WITHIN_MS = 45_000;
const SOON = { timeout: RUNS_WITHIN_MS, interval: 200 };

const ahead = (minutes: number) => (context: BrowserContext) =>
  context.addInitScript(`const now = Date.now; Date.now = () => now() + ${minutes * 60_000};`);

/** Every fifth request does not arrive, or its answer does not, in turns. */
const cut = (context: BrowserContext): Promise<unknown> => {
  let requests = 0;
  return context.route('**/v1/events*', async (route) => {
    requests += 1;
    if (requests % 5 !== 1) return route.continue();
    if (requests % 10 === 6) await route.fetch();
    return route.abort();
  });
};

describe('a visitor who adds, leaves, comes back, signs in and buys is counted right', () => {
  test.each([
    ['as it goes', async () => undefined],
    ['with a clock 10 minutes ahead', ahead(10)],
    ['with a clock 10 minutes behind', ahead(-10)],
    ['with every fifth request cut', cut],
  ] as const)('%s', async (how, prepare) => {
    const item = how.replaceAll(' ', '-');
    const context = await browser.newContext();
    await prepare(context);
    const page = await context.newPage();
    await page.goto(`${shop.origin}/item/${item}`);
    const guest = await idOf(page);
    await call(page, 'add_to_cart', cart(item));
    // Leaves before a second is over: a beacon brings what waits.
    await page.close();
    const back = await context.newPage();
    await back.goto(`${shop.origin}/`);
    expect(await idOf(back)).toBe(guest);
    const user = `u-${item}`;
    await call(back, 'user', user);
    expect(await idOf(back)).toBe(user);
    await call(back, 'begin_checkout', cart(item));
    await back.goto(`${shop.origin}/thanks?bought=${item}`);
    // The last page does not know the user's name any more: its session says whose it is.
    const expected = [
      [],
      ['add_to_cart', 'begin_checkout', 'page_view', 'page_view', 'page_view', 'purchase', 'view_item'],
    ];
    await expect.poll(async () => [await namesOf(guest), await namesOf(user)], SOON).toEqual(expected);
    expect(await system.get(`/v1/products/${item}`)).toMatchObject({ views: 1, carts: 1, orders: 1, revenue: 19 });
    const offMs = (await seenOf(user)).map(({ timestamp }) => Math.abs(Date.parse(timestamp) - Date.now()));
    expect(Math.max(...offMs)).toBeLessThan(RUNS_WITHIN_MS);
    await context.close();
  });
});

test('what happens while the network is away is sent when it is back, at the time at which it happened', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${shop.origin}/item/offline`);
  const guest = await idOf(page);
  await expect.poll(() => namesOf(guest), SOON).toEqual(['page_view', 'view_item']);
  await context.setOffline(true);
  const addedMs = Date.now();
  await call(page, 'add_to_cart', cart('offline'));
  const calledMs = Date.now();
  await page.waitForTimeout(4_000);
  expect(await namesOf(guest)).toEqual(['page_view', 'view_item']);
  await context.setOffline(false);
  await expect.poll(() => namesOf(guest), SOON).toEqual(['add_to_cart', 'page_view', 'view_item']);
  const added = (await seenOf(guest)).find(({ name }) => name === 'add_to_cart');
  const atMs = Date.parse(added?.timestamp ?? '');
  expect(atMs).toBeGreaterThan(addedMs - 1_000);
  expect(atMs).toBeLessThan(calledMs + 1_000);
  await context.close();
});

test('what no request could bring waits in the page’s storage, and is sent by the next page, when it happened', async () => {
  const context = await browser.newContext();
  // Nothing arrives, not even the beacon.
  await context.addInitScript('navigator.sendBeacon = () => false;');
  await context.route('**/v1/events*', (route) => route.abort());
  const page = await context.newPage();
  await page.goto(`${shop.origin}/item/kept`);
  const guest = await idOf(page);
  const addedMs = Date.now();
  await call(page, 'add_to_cart', cart('kept'));
  await page.waitForTimeout(2_500);
  await page.close();
  expect(await namesOf(guest)).toEqual([]);
  await context.unroute('**/v1/events*');
  const next = await context.newPage();
  await next.goto(`${shop.origin}/`);
  await expect.poll(() => namesOf(guest), SOON).toEqual(['add_to_cart', 'page_view', 'page_view', 'view_item']);
  const added = (await seenOf(guest)).find(({ name }) => name === 'add_to_cart');
  expect(Math.abs(Date.parse(added?.timestamp ?? '') - addedMs)).toBeLessThan(1_500);
  await expect.poll(() => next.evaluate(`localStorage.getItem('cartpulse.waiting')`), SOON).toBe('[]');
  await context.close();
});

test('leaving sends a beacon at once, and what it brought is not counted again by the next page', async () => {
  const context = await browser.newContext();
  await context.addInitScript(`
    const send = navigator.sendBeacon.bind(navigator);
    navigator.sendBeacon = (url, body) => { localStorage.setItem('beacon', body); return send(url, body); };`);
  const page = await context.newPage();
  await page.goto(`${shop.origin}/item/left`);
  const guest = await idOf(page);
  await call(page, 'add_to_cart', cart('left'));
  await page.goto('about:blank');
  await expect.poll(() => namesOf(guest), SOON).toEqual(['add_to_cart', 'page_view', 'view_item']);
  await page.goto(`${shop.origin}/`);
  expect(await page.evaluate(`localStorage.getItem('beacon')`)).toContain('add_to_cart');
  await expect.poll(() => namesOf(guest), SOON).toEqual(['add_to_cart', 'page_view', 'page_view', 'view_item']);
  await context.close();
});

test('in a shop of one page who adds, leaves, comes back, signs in and buys is counted right', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${shop.origin}/app`);
  const guest = await idOf(page);
  await page.evaluate(`history.pushState({}, '', '/app/item')`);
  await call(page, 'view_item', cart('single'));
  await call(page, 'add_to_cart', cart('single'));
  await page.close();
  const back = await context.newPage();
  await back.goto(`${shop.origin}/app`);
  expect(await idOf(back)).toBe(guest);
  await call(back, 'user', 'u-single');
  await call(back, 'begin_checkout', cart('single'));
  await back.evaluate(`history.pushState({}, '', '/app/thanks')`);
  await call(back, 'purchase', { ...cart('single'), transaction_id: 't-single', value: 19, currency: 'USD' });
  const did = ['add_to_cart', 'begin_checkout', ...Array(4).fill('page_view'), 'purchase', 'view_item'];
  await expect.poll(async () => [await namesOf(guest), await namesOf('u-single')], SOON).toEqual([[], did]);
  expect(await system.get('/v1/products/single')).toMatchObject({ views: 1, carts: 1, orders: 1, revenue: 19 });
  await context.close();
});

test('a page that loads but once has a view for each address, none for an anchor or the same address', async () => {
  const page = await browser.newPage();
  await page.goto(`${shop.origin}/app`);
  const guest = await idOf(page);
  await page.evaluate(`
    history.pushState({}, '', '/app/item');
    history.replaceState({}, '', '/app/item');
    location.hash = 'reviews';
    history.pushState({}, '', '/app#/cart');`);
  await page.goBack();
  await call(page, 'search', { search_term: 'tee' });
  const views = ['/app', '/app/item', '/app#/cart', '/app/item'].map(() => 'page_view');
  await expect.poll(() => namesOf(guest), SOON).toEqual([...views, 'search']);
  await page.close();
});

test('gtag’s own calls are picked up, but for page views, which the snippet has already', async () => {
  const page = await browser.newPage();
  await page.goto(`${shop.origin}/`);
  const guest = await idOf(page);
  await page.evaluate(`(() => {
    function gtag() { dataLayer.push(arguments); }
    gtag('js', new Date());
    gtag('event', 'page_view', {});
    gtag('event', 'add_to_wishlist', { currency: 'USD', items: [{ item_id: 'gtag-1' }] });
  })()`);
  await expect.poll(() => namesOf(guest), SOON).toEqual(['add_to_wishlist', 'page_view']);
  await page.close();
});

test('without consent nothing is sent and nothing kept; given, what the page saw goes out; withdrawn, all is gone', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const sent: string[] = [];
  page.on('request', (request) => request.url().includes('/v1/events') && sent.push(request.url()));
  await page.goto(`${shop.origin}/item/asked?consent=required`);
  await page.waitForFunction('typeof window.cartpulse?.id === "function"');
  await page.waitForTimeout(1_500);
  const kept = (): Promise<unknown[]> => page.evaluate('[Object.keys(localStorage), document.cookie, cartpulse.id()]');
  expect([sent, await kept()]).toEqual([[], [[], '', undefined]]);
  await call(page, 'consent', true);
  const guest = await idOf(page);
  await expect.poll(() => namesOf(guest), SOON).toEqual(['page_view', 'view_item']);
  await call(page, 'consent', false);
  expect(await kept()).toEqual([[], '', undefined]);
  await context.close();
});

test('pasted into a page twice, it counts once', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${shop.origin}/item/twice`);
  const guest = await idOf(page);
  await page.addScriptTag({ url: `${served.url}/cartpulse.js` });
  await call(page, 'add_to_cart', cart('twice'));
  await page.evaluate(`history.pushState({}, '', '/item/other')`);
  const expected = ['add_to_cart', 'page_view', 'page_view', 'view_item'];
  await expect.poll(() => namesOf(guest), SOON).toEqual(expected);
  await context.close();
});

test('what a page pushes that is no JSON disturbs neither the page nor what comes after it', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${shop.origin}/item/loop`);
  const guest = await idOf(page);
  const pushed = await page.evaluate(`
    const loop = { event: 'view_cart', ecommerce: {} };
    loop.ecommerce.self = loop;
    dataLayer.push(loop);
    dataLayer.push({ event: 'begin_checkout', ecommerce: {} });
    dataLayer.at(-2) === loop`);
  expect(pushed).toBe(true);
  await expect.poll(() => namesOf(guest), SOON).toEqual(['begin_checkout', 'page_view', 'view_item']);
  await context.close();
});

test('what happened before a visitor said no is never sent, also where they say yes later', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${shop.origin}/item/no?consent`);
  await page.waitForFunction('typeof window.cartpulse?.id === "function"');
  await call(page, 'consent', false);
  await call(page, 'consent', true);
  await call(page, 'add_to_cart', cart('no'));
  const guest = await idOf(page);
  await expect.poll(() => namesOf(guest), SOON).toEqual(['add_to_cart']);
  await context.close();
});

test.each(['{"a":[null]}', 'null', '[null, 7]', 'no JSON'])(
  'a page sends although something else wrote %s where its events wait',
  async (written) => {
    const context = await browser.newContext();
    await context.addInitScript(`localStorage.setItem('cartpulse.waiting', ${JSON.stringify(written)})`);
    const page = await context.newPage();
    await page.goto(`${shop.origin}/`);
    const guest = await idOf(page);
    await expect.poll(() => namesOf(guest), SOON).toEqual(['page_view']);
    await context.close();
  },
);

test('no cookie is set', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${shop.origin}/`);
  await idOf(page);
  expect(await context.cookies()).toEqual([]);
  await context.close();
});

test('the snippet has at most 2 kB compressed, and pages of every origin may load it', async () => {
  const path = resolve(import.meta.dirname, '../../dist/snippet/cartpulse.js');
  expect(gzipSync(readFileSync(path), { level: 9 }).length).toBeLessThanOrEqual(2_048);
  const response = await system.request('/cartpulse.js', { headers: { 'Sec-Fetch-Site': 'cross-site' } });
  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': expect.stringContaining('text/javascript'),
    'cross-origin-resource-policy': 'cross-origin',
    'access-control-allow-origin': '*',
    'cache-control': 'public, max-age=3600',
  });
});
