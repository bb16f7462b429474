import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Json, startSystem } from '../support/system/system.ts';
import { complaintsOfAxe, serveSystem } from './browser.ts';
import { answered, dayAgo, goTo, type OpenShop, openMenu, openShop } from './open-shop.ts';
import { seed } from './seed.ts';

let shop: OpenShop;
beforeAll(async () => {
  shop = await openShop();
  await seed(shop.system, 2_000);
});
afterAll(() => shop.close());

test('what is shown is kept for the shop under a name, opened as it was by others, replaced and deleted', async () => {
  const kept = `?from=${dayAgo(1)}&to=${dayAgo(0)}&tab=visitors&compare=week&rank_by=revenue&breakdown=device`;
  const { page, errors } = await shop.open(kept);
  await openMenu(page, 'views');
  const name = page.getByLabel('Name of this view');
  const keep = page.locator('[data-kept=cartpulse-views] button', { hasText: 'Keep' });
  expect(await keep.isDisabled()).toBe(true);
  await name.fill('Monday’s look <b>');
  await name.press('Enter');
  const opener = page.getByLabel('Open the view Monday’s look <b>');
  await opener.waitFor();
  await page.locator('[data-place=shop]', { hasText: 'Kept for the shop' }).waitFor();
  // Another browser has it too, which has kept nothing.
  const other = await shop.open();
  await openMenu(other.page, 'views');
  await other.page.getByLabel('Open the view Monday’s look <b>').waitFor();
  expect(await other.page.evaluate('localStorage.length')).toBe(0);
  await other.page.close();
  await page.goto(`${shop.served.url}/?tab=stock`);
  await answered(page);
  await openMenu(page, 'views');
  await opener.click();
  await page.waitForURL((url) => url.searchParams.get('tab') === 'visitors');
  const sorted = (search: string) => [...new URLSearchParams(search)].toSorted();
  expect(sorted(new URL(page.url()).search)).toEqual(sorted(kept));
  await answered(page);
  // The same name takes the place of what had it.
  await goTo(page, 'Carts');
  await openMenu(page, 'views');
  await name.fill('Monday’s look <b>');
  await keep.click();
  await expect.poll(() => name.inputValue()).toBe('');
  expect(await opener.count()).toBe(1);
  await goTo(page, 'Now');
  await openMenu(page, 'views');
  await opener.click();
  await page.waitForURL((url) => url.searchParams.get('tab') === 'carts');
  expect(await complaintsOfAxe(page)).toEqual([]);
  await page.getByLabel('Delete the view Monday’s look <b>').click();
  await expect.poll(() => opener.count()).toBe(0);
  await page.reload();
  await answered(page);
  await openMenu(page, 'views');
  expect(await opener.count()).toBe(0);
  expect(errors).toEqual([]);
  await page.close();
});

test('a key that may only read keeps views in its browser, beside those of the shop, and says so', async () => {
  const [body, headers] = [
    JSON.stringify({ name: 'Ours', query: 'tab=stock' }),
    { 'Content-Type': 'application/json' },
  ];
  await shop.system.request('/v1/views', { method: 'POST', headers, body });
  const guarded = await startSystem(shop.redis.url, { READ_KEYS: 'reader', KEY_PREFIX: shop.system.prefix });
  const served = await serveSystem(guarded);
  const page = await shop.browser.newPage({ locale: 'en-US', viewport: { width: 1_440, height: 900 } });
  await page.addInitScript("localStorage.setItem('cartpulse-key', 'reader')");
  await page.goto(`${served.url}/?tab=carts`);
  await answered(page);
  await openMenu(page, 'views');
  await page.locator('[data-place=browser]', { hasText: 'for the shop it takes an admin key' }).waitFor();
  await page.getByLabel('Name of this view').fill('Mine');
  await page.getByLabel('Name of this view').press('Enter');
  await page.getByLabel('Open the view Mine').waitFor();
  const rows = await page.locator('[data-kept=cartpulse-views] li').allTextContents();
  expect(rows).toEqual(['Oursshop', 'Minethis browser✕']);
  expect((await shop.system.get('/v1/views')).map(({ name }: Json) => name)).toEqual(['Ours']);
  await page.getByLabel('Open the view Ours').click();
  await page.waitForURL((url) => url.searchParams.get('tab') === 'stock');
  await page.close();
  await served.stop();
  await guarded.close();
});

test('what stands in the browser’s store and is none is passed over', async () => {
  const { page, errors } = await shop.open();
  await page.evaluate(
    `localStorage.setItem('cartpulse-views', '[7, {"name": "old", "text": "tab=stock"}, {"name": 3}]')`,
  );
  await page.reload();
  await answered(page);
  await openMenu(page, 'views');
  await page.getByLabel('Open the view old').click();
  await page.waitForURL((url) => url.searchParams.get('tab') === 'stock');
  await page.evaluate(`localStorage.setItem('cartpulse-views', 'nonsense')`);
  await page.reload();
  await answered(page);
  expect(errors).toEqual([]);
  await page.close();
});

test.each([320, 390])('the menu of views lies within a screen of %i pixels', async (width) => {
  const { page } = await shop.open('', { viewport: { width, height: 844 } });
  await openMenu(page, 'views');
  const box = await page.locator('.menu.views .menu-body').boundingBox();
  expect(box?.x).toBeGreaterThanOrEqual(0);
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  await page.close();
});

test('a link for others shows the view without a key of theirs: numbers, no people, and the key is seen by no server', async () => {
  const guarded = await startSystem(shop.redis.url, { ADMIN_KEYS: 'root', KEY_PREFIX: shop.system.prefix });
  const served = await serveSystem(guarded);
  const mine = await shop.browser.newContext({ locale: 'en-US', viewport: { width: 1_440, height: 900 } });
  await mine.addInitScript("localStorage.setItem('cartpulse-key', 'root')");
  const page = await mine.newPage();
  await page.goto(`${served.url}/?tab=sales&compare=week`);
  await answered(page);
  await openMenu(page, 'views');
  await page.locator('button', { hasText: 'Make a link' }).click();
  const link = await page.getByLabel('Link to copy').inputValue();
  expect((await page.getByLabel('Link to copy').boundingBox())?.width).toBeGreaterThan(250);
  await mine.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.locator('button[aria-label="Copy link"]').click();
  await page.locator('button', { hasText: 'Copied' }).waitFor();
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(link);
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?(tab=sales&compare=week|compare=week&tab=sales)#key=sk_/);
  const theirs = await shop.browser.newContext({ locale: 'en-US', viewport: { width: 1_440, height: 900 } });
  const other = await theirs.newPage();
  const asked: string[] = [];
  other.on('request', (request) => asked.push(request.url()));
  await other.goto(link);
  await answered(other);
  expect(new URL(other.url()).hash).toBe('');
  expect(asked.filter((url) => url.includes('sk_'))).toEqual([]);
  expect(await other.locator('nav.tabs [aria-current=page]').textContent()).toBe('Sales');
  await other.reload();
  await answered(other);
  await other.goto(`${served.url}/?tab=carts`);
  await other
    .locator('[data-panel=carts] [role=alert]', {
      hasText: 'The key does not allow this. It takes a key that may do this: read what names people.',
    })
    .waitFor();
  // Who has a key of their own keeps it.
  expect(await other.evaluate("localStorage.getItem('cartpulse-key')")).toBe(null);
  await openMenu(other, 'views');
  await other.locator('button', { hasText: 'Make a link' }).click();
  await other.locator('.menu.views [role=alert]', { hasText: 'An admin key is needed for this.' }).waitFor();
  await mine.close();
  await theirs.close();
  await served.stop();
  await guarded.close();
});
