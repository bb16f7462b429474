import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../docker/free-port.ts';
import { startProcess, type TestProcess } from '../support/system/processes.ts';
import { eventually, type Json } from '../support/system/system.ts';
import { complaints, startBrowser } from './browser.ts';
import { answered, figure, goTo, numberIn } from './open-shop.ts';

let dataDir: string;
let url: string;
let running: TestProcess;
let browser: Browser;
let page: Page;
let errors: string[];
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'cartpulse-first-'));
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  running = await begin(port);
  browser = await startBrowser();
  page = await browser.newPage({ locale: 'en-US', viewport: { width: 1_440, height: 900 } });
  errors = complaints(page);
});
afterAll(async () => {
  await browser.close();
  await running.kill('SIGTERM');
  rmSync(dataDir, { recursive: true, force: true });
});

async function begin(port: number, settings: Readonly<Record<string, string>> = {}): Promise<TestProcess> {
  const one = startProcess('build/main.js', [], { DATA_DIR: dataDir, PORT: String(port), ...settings });
  await eventually('the line that says what runs where', () => one.output().includes('cartpulse: '), 90_000);
  return one;
}

test('a first look says whose numbers it shows, and no chart of thirty days is empty', {
  timeout: 300_000,
}, async () => {
  await page.goto(url);
  await answered(page);
  expect(await page.locator('[data-note=demo]').textContent()).toContain('of a simulated shop');
  const day = (back: number): string => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);
  await eventually(
    'a past',
    async () => {
      const answer = await fetch(`${url}/v1/revenue?from=${day(29)}&to=${day(0)}&interval=day`);
      const { data }: Json = await answer.json();
      return data.series.filter(({ orders }: Json) => orders > 0).length > 25;
    },
    240_000,
  );
  await page.goto(`${url}/?from=${day(29)}&to=${day(0)}`);
  await answered(page);
  expect(await page.locator('[data-state=empty]').count()).toBe(0);
  expect(numberIn(await figure(page, 'kpis', 'revenue'))).toBeGreaterThan(0);
});

test('a key of the shop is made, stands in three ways to connect, and its first event is told', {
  timeout: 300_000,
}, async () => {
  await page.locator('[data-note=demo] a').click();
  await page.waitForURL((at) => at.searchParams.get('tab') === 'connect');
  const made = page.locator('[data-made]');
  await page.getByLabel('Address of your shop').fill('shop');
  await page.locator('button', { hasText: 'Make its key' }).click();
  await page.locator('#connect-problem', { hasText: 'no address of a shop' }).waitFor();
  expect(await made.count()).toBe(0);
  // As somebody copies it from the address bar.
  await page.getByLabel('Address of your shop').fill('shop.example/products?page=2');
  await page.locator('button', { hasText: 'Make its key' }).click();
  await page.waitForSelector('[data-first-event=waiting]');
  expect(await made.textContent()).toBe(
    'The key below is for pages of https://shop.example and https://www.shop.example.',
  );
  const codes = await page.locator('.ways pre').allTextContents();
  const key = /pk_[\w-]{40,}/.exec(codes[0] ?? '')?.[0] ?? 'none';
  expect(codes).toHaveLength(3);
  for (const code of codes) expect([code, code.includes(key), code.includes(url)]).toEqual([code, true, true]);
  // What stands there to be copied is sent as it stands.
  const [, target = ''] = /'(http[^']+)'/.exec(codes[2] ?? '') ?? [];
  const [, body = ''] = /-d '(.+)'/.exec(codes[2] ?? '') ?? [];
  const [, agent = ''] = /-A '(.+?)'/.exec(codes[2] ?? '') ?? [];
  const headersOf = /-H '(.+?): (.+?)'/g;
  const headers = Object.fromEntries([...(codes[2] ?? '').matchAll(headersOf)].map(([, name, value]) => [name, value]));
  expect(headers).toMatchObject({ Origin: 'https://shop.example' });
  const sent = await fetch(target, { method: 'POST', headers: { ...headers, 'User-Agent': agent }, body });
  expect([sent.status, await sent.json()]).toEqual([202, { accepted: 1, rejected: [] }]);
  await page.waitForSelector('[data-first-event=came]');
  expect(await page.locator('[data-first-event]').textContent()).toMatch(
    /The first request came at \w{3} \d+, \d\d:\d\d:\d\d/,
  );
  // What a wrong page sends stands there as well, with what to do.
  const withWww = { ...headers, Origin: 'https://www.shop.example' };
  expect((await fetch(target, { method: 'POST', headers: withWww, body })).status).toBe(202);
  const elsewhere = { ...headers, Origin: 'https://blog.shop.example' };
  expect((await fetch(target, { method: 'POST', headers: elsewhere, body })).status).toBe(403);
  const last = page.locator('[data-panel=last-requests] tbody tr');
  await eventually('all requests', async () => (await last.count()) === 3);
  expect(await last.first().textContent()).toContain('403');
  expect(await last.first().textContent()).toContain('not from https://blog.shop.example');
  const [guide] = await Promise.all([page.waitForEvent('popup'), page.locator('.connect .hint a').click()]);
  await guide.locator('a', { hasText: 'shopify' }).click();
  expect(await guide.locator('h1').textContent()).toBe('Shopify');
  await guide.close();
  // Another key needs no other page.
  await page.getByLabel('Address of your shop').fill('localhost:8080');
  await page.locator('button', { hasText: 'Make another key' }).click();
  await made.filter({ hasText: 'pages of http://localhost:8080.' }).waitFor();
  await page.waitForSelector('[data-first-event=waiting]');
  expect(await page.locator('.ways pre').first().textContent()).not.toContain(key);
  // gtag leaves out a port, and this server has one.
  expect(await page.locator('[data-way="Google tag"]').textContent()).toContain('leaves out the port');
});

test('the simulated shop is off by a click that is asked about once, and taken back whole', {
  timeout: 300_000,
}, async () => {
  expect(await page.locator('button', { hasText: 'End the simulated shop' }).count()).toBe(1);
  expect(errors).toEqual([]);
  // It is in the numbers as long as it is not taken back, also where it no longer runs.
  await running.kill('SIGTERM');
  running = await begin(Number(new URL(url).port), { SIMULATE: '0' });
  await page.goto(url);
  await answered(page);
  expect(await page.locator('[data-note=demo]').textContent()).toContain('Simulated events are in these numbers');
  await page.locator('[data-note=demo] a', { hasText: 'Take them back' }).click();
  errors.length = 0;
  await page.locator('button', { hasText: 'Take the simulated events back' }).click();
  await page.locator('button', { hasText: 'Yes, take all of it back' }).click();
  await page.waitForSelector('[data-panel=simulated-shop][data-state=ended]', { timeout: 200_000 });
  await page.goto(url);
  await answered(page);
  await eventually('nothing', async () => numberIn(await figure(page, 'kpis', 'orders')) === 0);
  expect(await page.locator('[data-note=demo]').count()).toBe(0);
  await goTo(page, 'Connect');
  expect(await page.locator('[data-panel=simulated-shop]').count()).toBe(0);
  expect(errors).toEqual([]);
});
