import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { type Json, startSystem, type TestSystem } from '../support/system/system.ts';
import { complaints, type Served, serveSystem, startBrowser } from './browser.ts';

export interface OpenShop {
  readonly redis: TestRedis;
  readonly system: TestSystem;
  readonly served: Served;
  readonly browser: Browser;
  /** The page with every panel answered, and what the browser complained about. */
  open(query?: string, options?: Parameters<Browser['newPage']>[0]): Promise<{ page: Page; errors: string[] }>;
  close(): Promise<void>;
}

/** A shop on real servers, its page in a real browser. */
export async function openShop(
  environment: Readonly<Record<string, string>> = {},
  options: Parameters<typeof startSystem>[2] = {},
): Promise<OpenShop> {
  const redis = await startRedis();
  const system = await startSystem(redis.url, environment, options);
  await system.startCounting();
  const [served, browser] = await Promise.all([serveSystem(system), startBrowser()]);
  return {
    redis,
    system,
    served,
    browser,
    async open(query = '', options = {}) {
      const page = await browser.newPage({ locale: 'en-US', viewport: { width: 1_440, height: 900 }, ...options });
      const errors = complaints(page);
      await page.goto(`${served.url}/${query}`);
      await answered(page);
      return { page, errors };
    },
    async close() {
      await browser.close();
      await served.stop();
      await system.close();
      await redis.close();
    },
  };
}

/** Goes to a section of the page. */
export async function goTo(page: Page, tab: string): Promise<void> {
  await page.locator('nav.tabs a', { hasText: tab }).click();
  await answered(page);
}

/** Opens a menu of the bar, which is open afterwards. */
export async function openMenu(page: Page, name: 'period' | 'filters' | 'views'): Promise<void> {
  const opener = page.locator(`.menu.${name} > .opener`);
  if ((await opener.getAttribute('aria-expanded')) !== 'true') await opener.click();
}

/** Chooses one of the usual periods. */
export async function choosePeriod(page: Page, name: string): Promise<void> {
  await openMenu(page, 'period');
  await page.locator('.menu.period button', { hasText: name }).last().click();
}

/** Waits until every panel has its answer and the numbers are live. */
export async function answered(page: Page | BrowserContext): Promise<void> {
  const pages = 'pages' in page ? page.pages() : [page];
  for (const one of pages) {
    await one.waitForSelector('[data-connection=live]');
    await one.waitForSelector('main [data-panel]');
    await one.waitForSelector('body:not(:has([data-panel][data-state=loading]))');
  }
}

export const figure = async (page: Page, panel: string, name: string): Promise<string> =>
  (await page.locator(`[data-panel="${panel}"] [data-figure="${name}"] .value`).first().textContent()) ?? '';
export const changeIn = async (page: Page, panel: string, name: string): Promise<string> =>
  (await page.locator(`[data-panel="${panel}"] [data-figure="${name}"] .change`).first().textContent()) ?? '';
export const numberIn = (text: string): number => Number(text.replaceAll(/[^\d.-]/g, ''));
export const rowsOf = (page: Page, panel: string) => page.locator(`[data-panel="${panel}"] tbody tr`);

/** What rows of items are called in a table: two of one name are told apart by their ids. */
export const namesIn = (rows: readonly Json[]): string[] =>
  rows.map(({ item_name: name, item_id: id }) => {
    const isAlone = rows.filter((row) => row.item_name === name).length === 1;
    return name && isAlone ? name : name ? `${name} (${id})` : id;
  });

/** A date of the store, some days ago. */
export const dayAgo = (days: number, timeZone = 'UTC'): string =>
  new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone }).format(Date.now() - days * 86_400_000);

/** An order at a local hour of a day of the store. */
export function order(day: string, hour: number, value: number, timeZone: string, more: object = {}) {
  const offset = /^Etc\/GMT([+-]\d+)?$/.exec(timeZone)?.[1] ?? '0';
  const timestamp = Date.parse(`${day}T00:00:00Z`) + (hour + Number(offset)) * 3_600_000;
  const id = `${day}-${hour}-${value}`;
  return { name: 'purchase', user_id: id, transaction_id: id, value, timestamp, ...more };
}

/** What a panel gives as a file: its rows, split at commas. */
export async function csvOf(page: Page, panel: string): Promise<string[][]> {
  const { readFileSync } = await import('node:fs');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator(`[data-panel="${panel}"] button`, { hasText: 'CSV' }).click(),
  ]);
  const csv = readFileSync(await download.path(), 'utf8').trim();
  return csv.split('\r\n').map((line) => line.split(','));
}

export const plot = (page: Page, panel: string) => page.locator(`[data-panel="${panel}"] .chart svg`);
export const tooltip = (page: Page, panel: string) => page.locator(`[data-panel="${panel}"] .chart .tip-row`);

/** Moves the pointer over a chart, at a share of its width. */
export async function pointAt(page: Page, panel: string, share: number): Promise<void> {
  await plot(page, panel).scrollIntoViewIfNeeded();
  const box = await plot(page, panel).boundingBox();
  if (box === null) throw new Error(`${panel} has no chart`);
  await page.mouse.move(box.x + box.width * share - 2, box.y + box.height / 2);
  await page.mouse.move(box.x + box.width * share, box.y + box.height / 2);
}
