import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser } from './browser.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const EARLY =
  '<script>window.cartpulse=window.cartpulse||function(){(cartpulse.q=cartpulse.q||[]).push(arguments)}</script>';

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());

/** What a guide's code puts into a page of the shop. */
function pasted(guide: string, part: RegExp): string {
  const [, html = ''] = part.exec(readFileSync(resolve(ROOT, `docs/connect/${guide}.md`), 'utf8')) ?? [];
  expect(html).toContain('cartpulse.id()');
  return html;
}
const SHOPIFY = /^ {4}(<script>\n[\s\S]+?<\/script>)/m;
const WOOCOMMERCE = /echo '([\s\S]+?)';/;

/** A page of a shop with the snippet, which comes later than all else, as it may. */
async function open(html: string, attributes = ''): Promise<{ page: Page; posted: Request[]; errors: string[] }> {
  const page = await browser.newPage();
  const [posted, errors]: [Request[], string[]] = [[], []];
  page.on('pageerror', (error) => errors.push(error.message));
  const script = `<script async src="https://cartpulse.example/cartpulse.js" data-key="pk_shop" ${attributes}></script>`;
  await page.route('**/*', async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/cartpulse.js') {
      await sleep(500);
      return route.fulfill({ path: resolve(ROOT, 'dist/snippet/cartpulse.js') });
    }
    if (pathname === '/cart/update.js') posted.push(route.request());
    const isPage = pathname === '/';
    return route.fulfill(
      isPage
        ? { contentType: 'text/html', body: `<!doctype html><title>Shop</title>${EARLY}${script}${html}` }
        : { body: '{}' },
    );
  });
  await page.goto('https://shop.example/', { waitUntil: 'load' });
  return { page, posted, errors };
}

test('Shopify’s cart gets the visitor by the guide’s script, however late the snippet comes', async () => {
  const { page, posted, errors } = await open(pasted('shopify', SHOPIFY));
  await expect.poll(() => posted.length).toBe(1);
  const visitor = await page.evaluate('cartpulse.id()');
  expect(visitor).toMatch(/^\w{10,}$/);
  expect(posted[0]?.postDataJSON()).toEqual({ attributes: { _cartpulse_id: visitor } });
  expect(errors).toEqual([]);
});

test.each([
  ['has the visitor', '', 'cartpulse.id()'],
  ['names nobody without consent, who would be one visitor of all', 'data-consent="required"', '""'],
])('WooCommerce’s checkout %s, by the guide’s code', async (_, attributes, expected) => {
  const { page, errors } = await open(pasted('woocommerce', WOOCOMMERCE), attributes);
  expect(await page.locator('[name=cartpulse_id]').inputValue()).toBe(await page.evaluate(expected));
  expect(errors).toEqual([]);
});
