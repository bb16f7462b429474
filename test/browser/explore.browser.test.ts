import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, type Json, startSystem, type TestSystem } from '../support/system/system.ts';
import { complaintsOfAxe, serveSystem } from './browser.ts';
import {
  answered,
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

const [today, start] = [dayAgo(0), dayAgo(9)];
const period = `from=${start}&to=${today}`;

let shop: OpenShop;
let system: TestSystem;
beforeAll(async () => {
  shop = await openShop({}, { archives: true });
  ({ system } = shop);
  await seed(system, 8_000, 9);
});
afterAll(() => shop.close());

const open = (explore: string, more = '') => shop.open(`?tab=explore&explore=${explore}&${period}${more}`);
const state = (panel: string, is: string): string => `[data-panel=${panel}][data-state=${is}]`;
const parameter = (page: Page, name: string): string => new URL(page.url()).searchParams.get(name) ?? '';

/** What of the archive a page asks for from now on. */
function asksOf(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (/explore|bought-together|accuracy|reconciliations/.test(pathname)) asked.push(pathname);
  });
  return asked;
}

describe('who comes again', () => {
  test('has each group with the share of the API, at an address of its own', async () => {
    const { page, errors } = await open('retention', '&cohort_by=day');
    await page.waitForSelector(state('retention', 'loaded'));
    const cohorts: Json = await system.get(`/v1/explore/retention?${period}&interval=day`);
    const sizes = await page.locator('[data-panel=retention] tbody td:nth-child(2)').allTextContents();
    expect(sizes.map(numberIn)).toEqual(cohorts.map(({ size }: Json) => size));
    const [first] = cohorts;
    const share = await page.locator('[data-panel=retention] tbody tr:first-child td:nth-child(3)').textContent();
    expect(numberIn(share ?? '')).toBeCloseTo((100 * first.returned[1]) / first.size, 1);
    expect((await csvOf(page, 'retention')).length).toBe(cohorts.length + 1);
    await page.locator('[aria-label="Grouped by"]').selectOption('order');
    await page.waitForURL((url) => url.searchParams.get('cohort') === 'order');
    await answered(page);
    const orders: Json = await system.get(`/v1/explore/retention?${period}&interval=day&cohort=order`);
    const buyers = await page.locator('[data-panel=retention] tbody td:nth-child(2)').allTextContents();
    expect(buyers.map(numberIn)).toEqual(orders.map(({ size }: Json) => size));
    expect(errors).toEqual([]);
    await page.close();
  });

  test('is asked only when it is opened, once, and given up when it is left', async () => {
    const { page } = await shop.open(`?${period}`);
    const asked = asksOf(page);
    for (const tab of ['Now', 'Products', 'Health']) await goTo(page, tab);
    expect(asked.filter((path) => !path.startsWith('/assets/') && path !== '/v1/reconciliations')).toEqual([]);
    const left: string[] = [];
    page.on('requestfailed', (request) => left.push(new URL(request.url()).pathname));
    await page.route('**/v1/explore/retention*', () => undefined);
    await page.locator('nav.tabs a', { hasText: 'Explore' }).click();
    await page.locator('[data-panel=retention] .state', { hasText: 'The archive is read' }).waitFor();
    await page.locator('.questions a', { hasText: 'Customers' }).click();
    await page.waitForSelector(state('customers', 'loaded'));
    expect(left).toContain('/v1/explore/retention');
    const asksThen = asked.filter((path) => path === '/v1/explore/customers').length;
    await page.waitForTimeout(6_000);
    expect(asked.filter((path) => path === '/v1/explore/customers').length).toBe(asksThen);
    await page.close();
  });

  test('waits for its turn where another question runs, and says in a shop’s words where there is no archive', async () => {
    const { page } = await shop.open(`?tab=stock&${period}`);
    let refusals = 0;
    await page.route('**/v1/explore/retention*', (route) => {
      refusals += 1;
      return refusals === 1 ? route.fulfill({ status: 429, json: { detail: 'one at a time' } }) : route.continue();
    });
    await page.locator('nav.tabs a', { hasText: 'Explore' }).click();
    await eventually('a refusal', () => refusals === 1);
    await page.locator('[data-panel=retention] .state', { hasText: 'The archive is read' }).waitFor();
    await page.waitForSelector(state('retention', 'loaded'));
    await page.close();
    const without = await startSystem(shop.redis.url, { KEY_PREFIX: system.prefix });
    const served = await serveSystem(without);
    const other = await shop.browser.newPage();
    await other.goto(`${served.url}/?tab=explore`);
    await other.locator('[data-panel=retention] .state', { hasText: 'There is no archive yet' }).waitFor();
    await other.close();
    await served.stop();
    await without.close();
  });
});

describe('customers and what they buy', () => {
  test('customers come in fifths, and by where their first order came from', async () => {
    const { page, errors } = await open('customers', '&first=device');
    await page.waitForSelector(state('lifetime', 'loaded'));
    const data: Json = await system.get(`/v1/explore/customers?${period}&first=device`);
    expect(numberIn(await figure(page, 'customers', 'customers'))).toBe(data.customers);
    const cells = await page.locator('[data-panel=customers] .heated').allTextContents();
    expect(cells.length).toBe(25);
    expect(cells.reduce((sum, text) => sum + Number(text.replaceAll(/\D/g, '')), 0)).toBe(data.customers);
    const rows = await rowsOf(page, 'lifetime').locator('td:nth-child(1)').allTextContents();
    expect(rows).toEqual(data.lifetime.map(({ value }: Json) => value));
    expect(errors).toEqual([]);
    await page.close();
  });

  test('what is bought together is there for a chosen product, and in a product’s own view when it is wished', async () => {
    const { page, errors } = await open('together');
    const products: Json = await system.get(`/v1/products?${period}&sort=orders&limit=3`);
    const item = products[2].item_id;
    await page.locator('[aria-label=Product]').selectOption(item);
    await page.waitForURL((url) => url.searchParams.get('item') === item);
    await answered(page);
    const url = `/v1/products/${item}/bought-together?${period}&limit=50`;
    const together: Json = await system.get(url);
    const names = (rows: Json): string[] => namesIn(rows);
    expect(together.length).toBeGreaterThan(0);
    expect(await rowsOf(page, 'together').locator('th').allTextContents()).toEqual(names(together));
    await goTo(page, 'Products');
    const asked = asksOf(page);
    await page.goto(`${shop.served.url}/?tab=products&${period}&product=${item}`);
    await page.waitForSelector(state('product', 'loaded'));
    expect(asked).toEqual([]);
    await page.locator('dialog button', { hasText: 'Show what is bought with it' }).click();
    await page.waitForSelector(`dialog ${state('together', 'loaded')}`);
    expect(await rowsOf(page, 'together').locator('th').allTextContents()).toEqual(names(together));
    expect(errors).toEqual([]);
    await page.close();
  });
});

describe('a funnel that is built', () => {
  const counts = async (page: Page): Promise<number[]> => {
    await page.waitForSelector(state('own-funnel', 'loaded'));
    await answered(page);
    return (await page.locator('[data-panel=own-funnel] li .value').allTextContents()).map(numberIn);
  };
  const counted = async (steps: readonly object[], more = ''): Promise<number[]> => {
    const asked = `/v1/explore/funnel?${period}&steps=${encodeURIComponent(JSON.stringify(steps))}${more}`;
    return (await system.get(asked)).steps.map(({ count }: Json) => count);
  };
  const names = (page: Page) =>
    page.locator('.steps > li').evaluateAll((all) => all.map((one) => one.getAttribute('data-step')));
  const focused = (page: Page) => page.evaluate('document.activeElement.getAttribute("aria-label")');

  test('takes steps and conditions by keyboard alone, and stands in the URL', { timeout: 90_000 }, async () => {
    const { page, errors } = await open('funnel');
    expect(await names(page)).toEqual(['view_item', 'add_to_cart', 'purchase']);
    expect(await counts(page)).toEqual(
      await counted([{ name: 'view_item' }, { name: 'add_to_cart' }, { name: 'purchase' }]),
    );
    const press = async (label: string, ...keys: string[]): Promise<void> => {
      await page.getByLabel(label, { exact: true }).focus();
      for (const key of keys) await page.keyboard.press(key);
    };
    await press('Remove step 2', 'Enter');
    expect(await focused(page)).toBe('What step 2 is');
    await page.locator('.add-step').focus();
    await page.keyboard.press('Enter');
    expect(await focused(page)).toBe('What step 3 is');
    await page.keyboard.type('searched');
    await eventually('a search', async () => (await names(page))[2] === 'search');
    await press('Move step 3 up', 'Enter');
    expect(await focused(page)).toBe('Move step 2 up');
    await page.keyboard.press('Enter');
    expect(await names(page)).toEqual(['search', 'view_item', 'purchase']);
    // It is the first now, so that the focus stands on the way back.
    expect(await focused(page)).toBe('Move step 1 down');
    await press('Add a condition to step 3', 'Enter');
    await page.getByLabel('Condition of step 3').focus();
    await page.keyboard.type('device');
    await press('device of step 3', ...'mobile', 'Enter');
    await page.getByLabel('Within').selectOption('24h');
    await page.getByLabel('Broken down').selectOption('channel');
    const steps = [{ name: 'search' }, { name: 'view_item' }, { name: 'purchase', where: { device: 'mobile' } }];
    await eventually('all in the URL', () => parameter(page, 'steps') === JSON.stringify(steps));
    expect(await counts(page)).toEqual(await counted(steps, '&window=24h'));
    expect(await rowsOf(page, 'own-funnel-by').count()).toBeGreaterThan(2);
    await page.reload();
    await answered(page);
    expect(await counts(page)).toEqual(await counted(steps, '&window=24h'));
    await press('Remove device from step 3', 'Enter');
    await eventually('one condition less', () => !parameter(page, 'steps').includes('mobile'));
    await page.goBack();
    await eventually('it is back', () => parameter(page, 'steps').includes('mobile'));
    // Who presses faster than the archive answers waits for the turn.
    expect(errors.filter((text) => !text.includes('429'))).toEqual([]);
    await page.close();
  });

  test('is kept by name for the shop, opened with the period as it stands, and deleted', async () => {
    const { page } = await open('funnel', '&window=1h&counted=session');
    await page.getByLabel('Remove step 2').click();
    await page.getByLabel('Name of this funnel').fill('Straight to it');
    await page.locator('[data-kept=cartpulse-funnels] [data-place=shop]').waitFor();
    await page.locator('[data-kept=cartpulse-funnels] button', { hasText: 'Keep' }).click();
    await page.getByLabel('Open the funnel Straight to it').waitFor();
    const [kept] = await shop.system.get('/v1/views');
    expect(kept.query).toMatch(/^(?!.*from=).*explore=funnel/);
    await page.goto(`${shop.served.url}/?tab=explore&explore=funnel&${period}`);
    await page.getByLabel('Open the funnel Straight to it').click();
    expect(parameter(page, 'from')).toBe(new URLSearchParams(period).get('from') ?? '');
    await eventually('its steps', async () => (await names(page)).join() === 'view_item,purchase');
    expect([parameter(page, 'window'), parameter(page, 'counted')]).toEqual(['1h', 'session']);
    await page.getByLabel('Delete the funnel Straight to it').click();
    await eventually('it is gone', async () => (await shop.system.get('/v1/views')).length === 0);
    await page.reload();
    await answered(page);
    expect(await page.getByLabel('Open the funnel Straight to it').count()).toBe(0);
    await page.close();
  });

  test('a link that says nonsense opens the usual steps, and a refusal is said', async () => {
    const { page } = await shop.open(
      `?tab=explore&explore=funnel&${period}&steps=%5B7,%7B%22name%22:%22x%20y%22%7D%5D`,
    );
    await page.locator('[data-panel=own-funnel] .failed', { hasText: 'The archive does not answer this' }).waitFor();
    await page.goto(`${shop.served.url}/?tab=explore&explore=funnel&${period}&steps=nonsense`);
    await page.waitForSelector(state('own-funnel', 'loaded'));
    expect(await names(page)).toEqual(['view_item', 'add_to_cart', 'purchase']);
    await page.close();
  });
});

describe('accuracy', () => {
  const days = (page: Page) =>
    page.locator('.checked > li').evaluateAll((all) => all.map((one) => one.getAttribute('data-state')));

  test('has a green line for each day whose recount is the same, and names what differs', async () => {
    const { page, errors } = await shop.open(`?tab=health&from=${dayAgo(3)}&to=${dayAgo(1)}`);
    const asked = asksOf(page);
    await page.waitForTimeout(500);
    expect(asked).not.toContain('/v1/accuracy');
    await page.locator('button.recount').click();
    await page.waitForSelector(state('accuracy', 'loaded'));
    expect(await days(page)).toEqual(['right', 'right', 'right']);
    expect(parameter(page, 'check')).toBe('accuracy');
    // What an answer would look like that is wrong.
    await page.route('**/v1/accuracy*', async (route) => {
      const response = await route.fetch();
      const answer: Json = await response.json();
      answer.data.days[0].metrics.find(({ metric }: Json) => metric === 'orders').stream += 3;
      answer.data.days[0].metrics.find(({ metric }: Json) => metric === 'orders').error_percent = 7.5;
      Object.assign(answer.data.days[1], { fetched: 12, left_out: ['carts'] });
      answer.data.missing = [{ log: 'a', partition: 'events-1', from: 100, to: 130 }];
      await route.fulfill({ response, json: answer });
    });
    await page.reload();
    await page.waitForSelector(state('accuracy', 'loaded'));
    // The newest stands first.
    expect(await days(page)).toEqual(['right', 'right', 'wrong']);
    const said = await page.locator('.checked > li').last().textContent();
    expect(said).toMatch(/✗ 1 of \d+ numbers differs \(7\.5%\)/);
    expect(said).toMatch(/orders: \d+, recounted \d+/);
    const ofSecond = await page.locator('.checked > li').nth(1).textContent();
    expect(ofSecond).toMatch(/12 rows were lost with a machine and fetched from the log again.*without carts/);
    const missing = await page.locator('[data-panel=accuracy] [data-state=missing]').textContent();
    expect(missing).toContain('no rows of 30 records of the log (events-1)');
    expect(errors).toEqual([]);
    await page.close();
  });

  test('today, which goes on while it is recounted, has no fault; days that are over have theirs', async () => {
    const { page } = await shop.open('');
    await page.route('**/v1/accuracy*', async (route) => {
      const response = await route.fetch();
      const answer: Json = await response.json();
      for (const day of answer.data.days) Object.assign(day.metrics[0], { stream: 9, batch: 8, error_percent: 12.5 });
      await route.fulfill({ response, json: answer });
    });
    await page.goto(`${shop.served.url}/?tab=health&check=accuracy&${period}`);
    await page.waitForSelector(state('accuracy', 'loaded'));
    expect((await days(page)).slice(0, 2)).toEqual(['so-far', 'wrong']);
    const today = await page.locator('.checked > li').first().textContent();
    expect(today).toMatch(
      / goes on: 1 of \d+ numbers .* not of one moment yet\. Days that are over are compared exactly\.$/,
    );
    await page.locator('[data-panel=accuracy] button', { hasText: 'Table' }).click();
    const ofToday = rowsOf(page, 'accuracy').filter({ hasText: 'goes on' });
    expect((await ofToday.locator('td.number').allTextContents()).slice(1, 3)).toEqual(['–', '–']);
    await page.close();
  });

  test('a file of the shop’s own orders is compared, order by order, with the reasons', async () => {
    const { page, errors } = await shop.open(`?tab=health&${period}`);
    const at = new Date(Date.now() - 60_000).toISOString();
    const order = (id: string, value: number) => ({
      name: 'purchase',
      user_id: `books-${id}`,
      transaction_id: id,
      value,
      currency: 'USD',
      timestamp: at,
    });
    await system.post([order('B-1', 10), order('B-2', 20)]);
    await system.settled();
    const csv = `order_id,created_at,total,currency\nB-1,${at},10,USD\nB-2,${at},25,USD\nB-3,${at},30,USD\n`;
    await page
      .getByLabel('Orders as CSV')
      .setInputFiles({ name: 'orders.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    await page.locator('.upload button').click();
    await page.waitForSelector(state('different-orders', 'loaded'));
    const id = parameter(page, 'reconciliation');
    const { rows }: Json = await system.get(`/v1/reconciliations/${id}?limit=1000`);
    const listed = await rowsOf(page, 'different-orders').allTextContents();
    expect(listed.length).toBe(rows.length);
    expect(listed.find((text) => text.startsWith('B-3'))).toMatch(/missing here.*it never arrived here/);
    expect(listed.find((text) => text.startsWith('B-2'))).toMatch(/another amount.*\$25\.00.*\$20\.00/);
    expect(listed.some((text) => text.startsWith('B-1'))).toBe(false);
    await eventually('it is in the list', async () => (await rowsOf(page, 'books').count()) === 1);
    expect(errors).toEqual([]);
    await page
      .getByLabel('Orders as CSV')
      .setInputFiles({ name: 'wrong.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n') });
    await page.locator('.upload button').click();
    await page.locator('#books-problem', { hasText: 'Nothing was compared' }).waitFor();
    await page.close();
  });
});

test.each(['light', 'dark'] as const)(
  'axe finds nothing and nothing scrolls sideways, theme %s',
  { timeout: 120_000 },
  async (colorScheme) => {
    // A theme changes no width.
    for (const width of colorScheme === 'dark' ? [1_440] : [320, 390, 1_440]) {
      for (const place of [
        'explore=retention',
        'explore=customers',
        'explore=together',
        'explore=funnel&cut=channel',
      ]) {
        const viewport = { width, height: 900 };
        const { page } = await shop.open(`?tab=explore&${place}&${period}`, { viewport, colorScheme });
        expect([place, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([place, width]);
        if (width === 1_440) expect([place, ...(await complaintsOfAxe(page))]).toEqual([place]);
        await page.close();
      }
      const query = `?tab=health&check=accuracy&${period}`;
      const { page } = await shop.open(query, { viewport: { width, height: 900 }, colorScheme });
      await rowsOf(page, 'books').first().locator('button').click();
      await answered(page);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      if (width === 1_440) expect(await complaintsOfAxe(page)).toEqual([]);
      await page.close();
    }
  },
);
