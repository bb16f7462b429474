import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { zoneAtNoon } from '../support/core/zone-at-noon.ts';
import { eventually, type Json, startSystem } from '../support/system/system.ts';
import { complaintsOfAxe, serveSystem } from './browser.ts';
import { answered, dayAgo, goTo, type OpenShop, openShop, order, plot, pointAt } from './open-shop.ts';

const timeZone = zoneAtNoon();
const days = [6, 5, 4, 3, 2, 1, 0].map((back) => dayAgo(back, timeZone));
const [first = '', , , third = '', , yesterday = '', today = ''] = days;
const week = `from=${first}&to=${today}`;
const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';

let shop: OpenShop;
beforeAll(async () => {
  shop = await openShop({ STORE_TIMEZONE: timeZone });
  const visits = days.flatMap((day) => {
    const at = (name: string, more: object = {}) => ({ ...order(day, 5, 20, timeZone), name, ...more });
    const items = [{ item_id: 'A', item_name: 'Mug', price: 20 }];
    return [at('page_view'), at('view_item', { items }), at('add_to_cart', { items }), at('purchase', { items })];
  });
  const moment = (day: string, hour: number) => order(day, hour, 1, timeZone).timestamp;
  const stock = days.map((day, i) => ({
    name: 'stock_update',
    item_id: 'A',
    stock_level: 40 - i,
    timestamp: moment(day, 6),
  }));
  const prices = [20, 17].map((price, i) => ({
    name: 'price_change',
    item_id: 'A',
    price,
    timestamp: moment(i === 0 ? first : third, 7 + i),
  }));
  await shop.system.post([...visits, ...stock, ...prices]);
  const rows = ['1,B,Old,1,2010-12-01 09:00,5,1,UK', '2,B,Old,1,2010-12-03 11:00,5,1,UK'];
  await shop.system.importFile('online-retail', [HEADER, ...rows, ''].join('\n'));
  await shop.system.settled();
});
afterAll(() => shop.close());
beforeEach(async () => {
  for (const { id } of await shop.system.get('/v1/notes'))
    await shop.system.request(`/v1/notes/${id}`, { method: 'DELETE' });
});

async function note(at: string, text: string, more: object = {}): Promise<void> {
  const init = { method: 'POST', headers: { 'Content-Type': 'application/json' } };
  const response = await shop.system.request('/v1/notes', { ...init, body: JSON.stringify({ at, text, ...more }) });
  expect(response.status).toBe(201);
}

const marks = (page: Page, panel: string) => page.locator(`[data-panel="${panel}"] .mark button`);
const said = (page: Page) => page.locator('.mark-says');
const labels = (page: Page, panel: string): Promise<string[]> =>
  marks(page, panel).evaluateAll((found) => found.map((one) => one.getAttribute('aria-label') ?? ''));

/** Where a mark is, as a share of the chart's width. */
async function shareOf(page: Page, panel: string): Promise<number> {
  const [mark, chart] = [await marks(page, panel).first().boundingBox(), await plot(page, panel).boundingBox()];
  return ((mark?.x ?? 0) + (mark?.width ?? 0) / 2 - (chart?.x ?? 0)) / (chart?.width ?? 1);
}

describe('a note', () => {
  test('is made and removed at a chart, and stands on every chart over time, at its day', async () => {
    const { page, errors } = await shop.open(`?tab=sales&${week}`);
    await page.getByRole('button', { name: 'Notes on Revenue' }).click();
    const dialog = page.locator('dialog');
    expect(await dialog.getByLabel('When').inputValue()).toMatch(new RegExp(`^${today}T\\d\\d:\\d\\d$`));
    expect(await dialog.getByRole('button', { name: 'Add' }).isDisabled()).toBe(true);
    await dialog.getByLabel('When').fill(`${yesterday}T10:30`);
    await dialog.getByLabel('What happened').fill('Newsletter <b>');
    await dialog.getByLabel('Colour').selectOption('orange');
    await dialog.getByRole('button', { name: 'Add' }).click();
    await dialog.locator('li', { hasText: 'Newsletter <b>' }).waitFor();
    const [kept]: Json = await shop.system.get('/v1/notes');
    expect([kept.at.slice(0, 16), kept.text, kept.color]).toEqual([`${yesterday}T10:30`, 'Newsletter <b>', 'orange']);
    await page.keyboard.press('Escape');
    for (const [tab, panel] of [
      ['Sales', 'revenue'],
      ['Funnel', 'conversion-over-time'],
      ['Visitors', 'sessions'],
      ['Carts', 'abandonment'],
      ['Now', 'revenue-over-time'],
    ] as const) {
      await goTo(page, tab);
      await eventually(`the mark in ${panel}`, async () => (await marks(page, panel).count()) === 1);
      expect((await labels(page, panel))[0]).toMatch(/10:30: Newsletter <b>$/);
      // Of seven days it is the sixth.
      const share = await shareOf(page, panel);
      expect([panel, share > 0.7, share < 0.9]).toEqual([panel, true, true]);
    }
    await page.getByRole('button', { name: 'Notes on Revenue' }).click();
    await page.getByRole('button', { name: 'Remove the note Newsletter <b>' }).click();
    await page.locator('dialog', { hasText: 'No notes in this period.' }).waitFor();
    await page.keyboard.press('Escape');
    expect(await marks(page, 'revenue-over-time').count()).toBe(0);
    expect(await shop.system.get('/v1/notes')).toEqual([]);
    expect(errors).toEqual([]);
    await page.close();
  });

  test('is read by pointing at it, by keyboard, and in the chart’s own tooltip; a press zooms nowhere', async () => {
    await note(`${yesterday}T10:30`, 'Sale began');
    const { page, errors } = await shop.open(`?tab=sales&${week}`);
    const mark = marks(page, 'revenue').first();
    expect(await said(page).count()).toBe(0);
    await mark.hover();
    expect(await said(page).textContent()).toMatch(/10:30 Sale began$/);
    // What it says may be pointed at as well, to be read or copied.
    await said(page).hover();
    expect(await said(page).count()).toBe(1);
    await page.keyboard.press('Escape');
    expect(await said(page).count()).toBe(0);
    await page.mouse.move(5, 5);
    await page.getByRole('button', { name: 'CSV of Revenue', exact: true }).focus();
    const isFocused = (): Promise<boolean> => mark.evaluate((one) => one.ownerDocument.activeElement === one);
    // Behind what explains the figures.
    for (let i = 0; i < 8 && !(await isFocused()); i++) await page.keyboard.press('Tab');
    expect(await isFocused()).toBe(true);
    expect(await said(page).textContent()).toContain('Sale began');
    await page.keyboard.press('Tab');
    expect(await said(page).count()).toBe(0);
    await mark.click();
    expect(new URL(page.url()).searchParams.get('from')).toBe(first);
    await pointAt(page, 'revenue', await shareOf(page, 'revenue'));
    await page.locator('[data-panel=revenue] .chart .tip-note', { hasText: 'Sale began' }).waitFor();
    expect(errors).toEqual([]);
    await page.close();
  });

  test('is read by touch, and leaves when something else is touched', async () => {
    await note(`${today}T00:30`, 'Ads switched on');
    const viewport = { width: 390, height: 844 };
    const { page, errors } = await shop.open(`?tab=sales&${week}`, { viewport, hasTouch: true, isMobile: true });
    await marks(page, 'revenue').first().tap();
    await said(page).waitFor();
    const box = await said(page).boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(390);
    await page.locator('h3', { hasText: 'Revenue' }).first().tap();
    expect(await said(page).count()).toBe(0);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(errors).toEqual([]);
    await page.close();
  });

  test('of another hour than the last is not on the chart of the last hour', async () => {
    await note(`${today}T23:59`, 'later');
    const { page } = await shop.open(`?${week}`);
    await eventually('the mark', async () => (await marks(page, 'revenue-over-time').count()) === 1);
    expect(await page.locator('[data-panel=now] .mark').count()).toBe(0);
    await page.close();
  });

  test('among many is one mark with their number, which tells the first of them', async () => {
    for (let i = 0; i < 9; i++) await note(`${yesterday}T1${i}:00`, `Step ${i}`);
    const { page, errors } = await shop.open(`?tab=sales&${week}`);
    expect(await marks(page, 'revenue').count()).toBe(1);
    expect(await marks(page, 'revenue').textContent()).toBe('9');
    await marks(page, 'revenue').hover();
    const told = await said(page).locator('p').allTextContents();
    expect(told).toHaveLength(7);
    for (const [i, text] of told.slice(0, 6).entries()) expect(text).toMatch(new RegExp(`1${i}:00 Step ${i}$`));
    expect(told[6]).toBe('… and 3 more');
    // By hours there is room for each.
    await page.goto(`${shop.served.url}/?tab=sales&from=${yesterday}&to=${yesterday}&interval=hour`);
    await answered(page);
    expect(await marks(page, 'revenue').count()).toBe(9);
    expect(errors).toEqual([]);
    await page.close();
  });

  test.each(['light', 'dark'] as const)(
    'axe finds nothing where it is made and read, in the %s theme',
    async (scheme) => {
      for (const color of ['gray', 'red', 'orange', 'green', 'blue', 'purple'])
        await note(`${yesterday}T10:00`, color, { color });
      await note(`${third}T10:00`, 'alone');
      const { page } = await shop.open(`?tab=sales&${week}`, { colorScheme: scheme });
      await marks(page, 'revenue').first().focus();
      expect(await complaintsOfAxe(page)).toEqual([]);
      await page.getByRole('button', { name: 'Notes on Revenue' }).click();
      expect(await complaintsOfAxe(page)).toEqual([]);
      await page.close();
    },
  );

  test('is made in German by who reads German', async () => {
    const { page, errors } = await shop.open(`?tab=sales&${week}`, { locale: 'de-DE' });
    await page.getByRole('button', { name: 'Notizen zu Umsatz' }).click();
    const words = (await page.locator('dialog').textContent()) ?? '';
    expect(words).toContain('Keine Notizen in diesem Zeitraum.');
    expect(words).not.toMatch(/\b(the|and|with|of|is|what|note|add|when)\b/i);
    await page.getByLabel('Was geschah').fill('Rundbrief');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Notiz Rundbrief entfernen' }).waitFor();
    await page.keyboard.press('Escape');
    await eventually(
      'the mark',
      async () => (await labels(page, 'revenue'))[0]?.startsWith('Auf diesem Diagramm') === true,
    );
    expect(errors).toEqual([]);
    await page.close();
  });

  test('moves nothing on the page when it comes', async () => {
    await note(`${yesterday}T10:30`, 'Sale began');
    const page = await shop.browser.newPage({ locale: 'en-US', viewport: { width: 1_440, height: 900 } });
    await page.addInitScript(`window.shifts = 0; new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.shifts += entry.value;
    }).observe({ type: 'layout-shift', buffered: true })`);
    await page.goto(`${shop.served.url}/?tab=sales&${week}`);
    await answered(page);
    await marks(page, 'revenue').first().waitFor();
    await page.waitForTimeout(500);
    expect(await page.evaluate('window.shifts')).toBeLessThanOrEqual(0.05);
    await page.close();
  });
});

test('a file that was imported is marked where what it holds begins and ends', async () => {
  const { page } = await shop.open('?tab=sales&from=2010-11-28&to=2010-12-08&currency=GBP&compare=none');
  await eventually('both marks', async () => (await marks(page, 'revenue').count()) === 2);
  const told = await labels(page, 'revenue');
  expect(told[0]).toContain('Dec 1, 2010, 09:00: Imported data begin (online-retail, 2 events)');
  expect(told[1]).toContain('Dec 3, 2010, 11:00: Imported data end (online-retail, 2 events)');
  await page.goto(`${shop.served.url}/?tab=sales&${week}`);
  await answered(page);
  expect(await marks(page, 'revenue').count()).toBe(0);
  await page.close();
});

test('a product’s view marks its prices beside its stock', async () => {
  const { page, errors } = await shop.open(`?tab=products&product=A&${week}`);
  await eventually('both marks', async () => (await marks(page, 'stock-of-the-product').count()) === 2);
  const [was, is] = await labels(page, 'stock-of-the-product');
  expect(was).toMatch(/: Price \$20\.00$/);
  expect(is).toMatch(/: Price \$20\.00 → \$17\.00$/);
  await marks(page, 'stock-of-the-product').last().hover();
  expect(await said(page).textContent()).toContain('Price $20.00 → $17.00');
  // What is read is closed first, and the drawer stays.
  await page.keyboard.press('Escape');
  expect(await said(page).count()).toBe(0);
  expect(await page.locator('dialog').count()).toBe(1);
  expect(errors).toEqual([]);
  await page.close();
});

test('who may only read sees notes and no way to change them', async () => {
  await note(`${yesterday}T10:30`, 'Sale began');
  const environment = {
    ADMIN_KEYS: 'root',
    READ_KEYS: 'reader',
    KEY_PREFIX: shop.system.prefix,
    STORE_TIMEZONE: timeZone,
  };
  const guarded = await startSystem(shop.redis.url, environment);
  const served = await serveSystem(guarded);
  for (const [key, buttons] of [
    ['reader', 0],
    ['root', 1],
  ] as const) {
    const context = await shop.browser.newContext({ locale: 'en-US', viewport: { width: 1_440, height: 900 } });
    await context.addInitScript(`localStorage.setItem('cartpulse-key', '${key}')`);
    const page = await context.newPage();
    await page.goto(`${served.url}/?tab=sales&${week}`);
    await answered(page);
    await eventually('the mark', async () => (await marks(page, 'revenue').count()) === 1);
    expect([key, await page.getByRole('button', { name: 'Notes on Revenue' }).count()]).toEqual([key, buttons]);
    await context.close();
  }
  await served.stop();
  await guarded.close();
});
