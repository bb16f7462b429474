import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, type Json } from '../support/system/system.ts';
import { complaints } from './browser.ts';
import {
  answered,
  choosePeriod,
  csvOf,
  dayAgo,
  figure,
  goTo,
  numberIn,
  type OpenShop,
  openMenu,
  openShop,
  order,
} from './open-shop.ts';

/** Another day than in UTC, whose end is an hour away at least: a guess at the store's day would be wrong. */
const timeZone = new Date().getUTCHours() < 11 ? 'Etc/GMT+12' : 'Etc/GMT-14';
const today = dayAgo(0, timeZone);

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const invoice = (no: number): string =>
  `${536_365 + no},85123${no},LANTERN ${no},6,2010-12-0${(no % 8) + 1} 08:26:00,2.55,178${no},United Kingdom`;

let shop: OpenShop;
beforeAll(async () => {
  shop = await openShop({ STORE_TIMEZONE: timeZone, STORE_CURRENCY: 'INR' });
  const csv = [HEADER, ...Array.from({ length: 12 }, (_, i) => invoice(i))].join('\n');
  const imported = await shop.system.importFile('online-retail', csv);
  expect(imported.status).toBe(200);
  await shop.system.post([
    order(today, 0, 500, timeZone, { user_id: 'a' }),
    order(dayAgo(1, timeZone), 3, 40, timeZone, { currency: 'EUR' }),
  ]);
  await shop.system.settled();
});
afterAll(() => shop.close());

const HISTORY = '?from=2010-12-01&to=2010-12-31';
const SALES = '&tab=sales';

describe('the first answer', () => {
  test('tells the store’s day and currency before anything else is asked', async () => {
    const page = await shop.browser.newPage({ locale: 'en-US', timezoneId: 'UTC' });
    const asked: string[] = [];
    page.on('request', (request) => {
      const { pathname, searchParams } = new URL(request.url());
      if (pathname.startsWith('/v1/') && pathname !== '/v1/live') asked.push(`${pathname}?${searchParams}`);
    });
    await page.goto(shop.served.url);
    await page.waitForSelector('[data-panel=kpis]');
    expect(await page.locator('body').textContent()).not.toContain('$');
    await answered(page);
    expect(asked[0]).toBe('/v1/revenue?interval=day');
    const days = asked.flatMap((url) => /(?:from|to)=([^&]+)/.exec(url)?.[1] ?? []);
    // What needs attention is told by the week before, and by prices that were changed lately.
    const ago = (n: number): string => new Date(Date.parse(today) - n * 86_400_000).toISOString().slice(0, 10);
    expect([...new Set(days)].filter((day) => day !== ago(7) && day !== ago(3))).toEqual([today]);
    expect(asked.length).toBe(new Set(asked).size);
    expect(await figure(page, 'kpis', 'revenue')).toBe('₹500.00');
    expect(await page.locator('main').textContent()).not.toContain('$');
    await page.close();
  });
});

describe('amounts', () => {
  test('of imported history are found: a banner offers the currency that has orders', async () => {
    const { page, errors } = await shop.open(`${HISTORY}${SALES}`);
    expect(await figure(page, 'revenue', 'revenue')).toBe('₹0.00');
    const banner = page.locator('[data-note=currency]');
    expect(await banner.textContent()).toContain('12 in GBP');
    await banner.locator('button', { hasText: 'Show GBP' }).click();
    await page.waitForURL((url) => url.searchParams.get('currency') === 'GBP');
    const revenue: Json = await shop.system.get(`/v1/revenue${HISTORY}&currency=GBP`);
    expect(revenue.revenue).toBeGreaterThan(0);
    await eventually('pounds', async () => numberIn(await figure(page, 'revenue', 'revenue')) === revenue.revenue);
    expect(await figure(page, 'revenue', 'revenue')).toContain('£');
    await answered(page);
    expect(await banner.count()).toBe(0);
    expect(await page.locator('main').textContent()).not.toMatch(/GBP.*INR/);
    const [head, first] = await csvOf(page, 'revenue');
    expect(head?.at(-1)).toBe('Currency');
    expect(first?.at(-1)).toBe('GBP');
    // A view can be shared, and the store's own currency stands for itself.
    const { page: shared } = await shop.open(new URL(page.url()).search);
    await goTo(page, 'Products');
    expect(await page.locator('[data-panel=popular-products] tbody').textContent()).toContain('£15.30');
    expect(await figure(shared, 'revenue', 'revenue')).toContain('£');
    await shared.getByLabel('Currency').selectOption('INR');
    await shared.waitForURL((url) => !url.searchParams.has('currency'));
    expect(errors).toEqual([]);
    await Promise.all([page.close(), shared.close()]);
  });

  test('of a period in several currencies say what they leave out', async () => {
    const { page } = await shop.open(`?from=${dayAgo(1, timeZone)}&to=${today}`);
    expect(await page.locator('[data-note=currency]').textContent()).toContain(
      'those of one order in INR; beside it are 1 in EUR',
    );
    await page.close();
  });
});

describe('dates', () => {
  test('can be typed: nothing is asked before they are whole, and nothing that is refused', async () => {
    const { page, errors } = await shop.open();
    const asked = new Set<string>();
    page.on('request', (request) => asked.add(new URL(request.url()).searchParams.get('from') ?? ''));
    const keys = { delay: 60 };
    await openMenu(page, 'period');
    await page.getByLabel('From', { exact: true }).focus();
    await page.keyboard.type('12012010', keys);
    await page.getByLabel('To', { exact: true }).focus();
    await page.keyboard.type('12312010', keys);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.search === HISTORY);
    await answered(page);
    asked.delete(today);
    asked.delete('');
    expect([...asked]).toEqual(['2010-12-01']);
    expect(await page.locator('.controls').textContent()).toContain('vs 31 days before');
    expect(errors).toEqual([]);
    await page.close();
  });

  test('that can’t be shown are said to be wrong, and what was shown stays', async () => {
    const { page, errors } = await shop.open();
    await openMenu(page, 'period');
    await page.getByLabel('From', { exact: true }).fill('2010-12-01');
    await page.locator('#period-problem', { hasText: 'At most 1,100 days' }).waitFor({ state: 'detached' });
    await page.locator('.controls button', { hasText: 'Show' }).click();
    expect(await page.locator('#period-problem').textContent()).toContain('At most 1,100 days');
    await page.getByLabel('To', { exact: true }).fill('2010-11-01');
    await page.keyboard.press('Enter');
    expect(await page.locator('#period-problem').textContent()).toContain('lies behind the last');
    expect(new URL(page.url()).search).toBe('');
    expect(errors).toEqual([]);
    await page.close();
  });

  test('offer only intervals that they have', async () => {
    const { page, errors } = await shop.open('?tab=sales&from=2010-12-02&to=2010-12-02&interval=hour&compare=none');
    const interval = page.getByLabel('Interval');
    expect(await interval.locator('option').allTextContents()).toEqual(['automatic steps']);
    expect(await page.locator('[data-state=failed]').count()).toBe(0);
    await choosePeriod(page, '7 days');
    await eventually('days', async () => (await interval.locator('option').count()) === 3);
    await interval.selectOption('day');
    await choosePeriod(page, 'Today');
    await eventually('a day', async () => (await interval.locator('option').count()) === 2);
    expect(await interval.locator('option:checked').textContent()).toBe('automatic steps');
    await answered(page);
    expect(await page.locator('[data-panel=revenue] .hint').textContent()).toContain('By 15 minutes');
    expect(errors).toEqual([]);
    await page.close();
  });
});

test('what can’t be asked is said once, with a way out', async () => {
  const page = await shop.browser.newPage();
  complaints(page);
  await page.goto(`${shop.served.url}/?from=2026-01-05&to=2026-01-01`);
  await page.waitForSelector('[data-panel=trouble]');
  expect(await page.locator('[role=alert]').allTextContents()).toEqual([
    'It can’t be answered as it was asked. The last day lies before the first.',
  ]);
  await page.locator('button', { hasText: 'Show today' }).click();
  await answered(page);
  expect(new URL(page.url()).search).toBe('');
  await page.close();
});
