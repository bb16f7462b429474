import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, type Json } from '../support/system/system.ts';
import { answered, figure, numberIn, type OpenShop, openShop } from './open-shop.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let shop: OpenShop;
beforeAll(async () => {
  shop = await openShop();
  await shop.system.post([
    {
      name: 'purchase',
      user_id: 'a',
      transaction_id: 't1',
      value: 30,
      city: 'Pune',
      items: [{ item_id: 'A', item_name: 'Mug', price: 30 }],
    },
    {
      name: 'purchase',
      user_id: 'b',
      transaction_id: 't2',
      value: 10,
      city: 'Oslo',
      items: [{ item_id: 'B', item_name: 'Lamp', price: 10 }],
    },
  ]);
  await shop.system.settled();
});
afterAll(() => shop.close());

const sizeOf = (selector: string): string =>
  `parseFloat(getComputedStyle(document.querySelector(${JSON.stringify(selector)})).fontSize)`;

test('f opens a screen that is read from three metres, and leaves it; where somebody types it is a letter', async () => {
  const { page, errors } = await shop.open('', { viewport: { width: 1_920, height: 1_080 } });
  await page.keyboard.press('f');
  await page.waitForURL((url) => url.searchParams.get('screen') === 'second');
  await page.waitForSelector('[data-panel=second-screen]');
  const { revenue, orders }: Json = await shop.system.get('/v1/revenue');
  await eventually('the numbers', async () => numberIn(await figure(page, 'second-screen', 'revenue')) === revenue);
  expect(numberIn(await figure(page, 'second-screen', 'orders'))).toBe(orders);
  // Twenty-five arc minutes at three metres are 22 mm: on a screen of a metre's width about 42 of 1,920 pixels.
  expect(Number(await page.evaluate(sizeOf('.second .fact .value')))).toBeGreaterThan(70);
  expect(Number(await page.evaluate(sizeOf('.second .feed')))).toBeGreaterThan(30);
  await eventually('products', async () =>
    (await page.locator('.second [aria-labelledby=second-products] li').allTextContents())
      .join()
      .startsWith('Mug$30.00'),
  );
  expect(await page.locator('.second [aria-labelledby=second-cities] li').first().textContent()).toBe('Pune$30.00');
  expect(await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')).toEqual([1_920, 1_920]);
  await page.evaluate(axe);
  const found: Json = await page.evaluate('axe.run(document, { resultTypes: ["violations"] })');
  expect(found.violations.map((one: Json) => `${one.id}: ${one.nodes[0]?.html}`)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.waitForSelector('nav.tabs');
  await page.locator('.menu.period > .opener').click();
  await page.getByLabel('From', { exact: true }).press('f');
  expect(new URL(page.url()).searchParams.has('screen')).toBe(false);
  expect(errors).toEqual([]);
  await page.close();
});

test('orders and carts are told as they come, with names and amounts', async () => {
  const { page, errors } = await shop.open('?screen=second', { viewport: { width: 390, height: 844 } });
  const feed = page.locator('.second [aria-labelledby=second-feed] li');
  await page.waitForTimeout(1_500);
  await shop.system.post([
    { name: 'purchase', user_id: 'c', transaction_id: `t${Date.now()}`, value: 12.5 },
    { name: 'add_to_cart', user_id: 'd', city: 'Pune', items: [{ item_id: 'A', item_name: 'Mug', price: 8 }] },
  ]);
  await eventually('the order', async () =>
    (await feed.allTextContents()).some((one) => one.endsWith('An order$12.50')),
  );
  await eventually('the cart', async () =>
    (await feed.allTextContents()).some((one) => /Cart: (Mug|A), from Pune\$8\.00$/.test(one)),
  );
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  await page.locator('button', { hasText: 'Back' }).click();
  await answered(page);
  await page.waitForSelector('[data-panel=feed]');
  expect(errors).toEqual([]);
  await page.close();
});
