import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Json } from '../support/system/system.ts';
import { answered, dayAgo, type OpenShop, openShop } from './open-shop.ts';
import { seed } from './seed.ts';

let shop: OpenShop;
beforeAll(async () => {
  shop = await openShop({}, { archives: true });
  await seed(shop.system, 6_000, 4);
});
afterAll(() => shop.close());

const period = `from=${dayAgo(4)}&to=${dayAgo(1)}`;

/** The file that a panel gives as a picture, and how it is called. */
async function pictureOf(page: Page, panel: string): Promise<{ readonly name: string; readonly png: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator(`[data-panel="${panel}"] button`, { hasText: 'PNG' }).click(),
  ]);
  return { name: download.suggestedFilename(), png: readFileSync(await download.path()) };
}

/**
 * How far the picture and the page are from each other, where the chart is: the share of its squares of eight pixels whose mean
 * colour differs by more than a tenth; how many of the page's have ink on them, and of those how many have it in the picture.
 */
const DIFFERENCE = `async ([picture, page]) => {
  const load = async (data) => createImageBitmap(await new Response(Uint8Array.from(atob(data), (c) => c.charCodeAt(0))).blob());
  const [made, seen] = [await load(picture), await load(page)];
  const pixels = (image, x, y, width, height) => {
    const canvas = new OffscreenCanvas(seen.width, seen.height).getContext('2d');
    canvas.drawImage(image, x, y, width, height, 0, 0, seen.width, seen.height);
    return canvas.getImageData(0, 0, seen.width, seen.height).data;
  };
  const a = pixels(made, 2 * 20, 2 * 78, 2 * seen.width, 2 * seen.height);
  const b = pixels(seen, 0, 0, seen.width, seen.height);
  const mean = (of, x, y) => {
    let sum = 0;
    for (let i = 0; i < 8; i++) for (let j = 0; j < 8; j++) for (let k = 0; k < 3; k++) sum += of[4 * ((y + j) * seen.width + x + i) + k];
    return sum / (64 * 3 * 255);
  };
  let [squares, differ, inked, drawn] = [0, 0, 0, 0];
  for (let y = 0; y + 8 <= seen.height; y += 8)
    for (let x = 0; x + 8 <= seen.width; x += 8) {
      squares += 1;
      if (Math.abs(mean(a, x, y) - mean(b, x, y)) > 0.1) differ += 1;
      const ground = mean(b, 0, seen.height - 8);
      if (Math.abs(mean(b, x, y) - ground) < 0.02) continue;
      inked += 1;
      if (Math.abs(mean(a, x, y) - ground) > 0.01) drawn += 1;
    }
  return { width: made.width, height: made.height, differ: differ / squares, inked: inked / squares, drawn: drawn / inked };
}`;

test.each([
  ['a chart over time', `?tab=sales&${period}`, 'revenue', 'light'],
  ['lines in the dark', `?tab=funnel&${period}`, 'conversion-over-time', 'dark'],
  ['a funnel', `?tab=funnel&${period}`, 'funnel', 'light'],
  ['a grid of the archive', `?tab=explore&cohort_by=day&${period}`, 'retention', 'dark'],
  ['a funnel of one’s own', `?tab=explore&explore=funnel&${period}`, 'own-funnel', 'light'],
  ['the recount of each day', `?tab=health&check=accuracy&${period}`, 'accuracy', 'light'],
] as const)('%s is saved as a picture of what the page shows, without any request', async (_, query, panel, scheme) => {
  const { page, errors } = await shop.open(query, { colorScheme: scheme });
  await page.route('**/v1/live', (route) => route.abort());
  const chart = page.locator(`[data-panel="${panel}"] .chart`).first();
  await chart.scrollIntoViewIfNeeded();
  const seen = await chart.screenshot({ animations: 'disabled' });
  const asked: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith('blob:')) asked.push(new URL(request.url()).pathname);
  });
  const { name, png } = await pictureOf(page, panel);
  expect(asked).toEqual([]);
  expect(name).toBe(`${panel}-${dayAgo(4)}-to-${dayAgo(1)}.png`);
  const images = [png.toString('base64'), seen.toString('base64')];
  const found: Json = await page.evaluate(`(${DIFFERENCE})(${JSON.stringify(images)})`);
  const box = await chart.boundingBox();
  expect(found.width).toBeGreaterThanOrEqual(2 * Math.floor(box?.width ?? 0));
  expect(found.inked).toBeGreaterThan(0.01);
  expect(found.differ).toBeLessThan(0.02);
  // An empty picture would differ but where there is ink.
  expect(found.drawn).toBeGreaterThan(0.9);
  expect(errors).toEqual([]);
  await page.close();
});

test('every chart has its picture beside its CSV; a table has none', async () => {
  const { page } = await shop.open(`?tab=sales&${period}`);
  for (const tab of ['Now', 'Sales', 'Funnel', 'Visitors', 'Carts', 'Explore']) {
    await page.locator('nav.tabs a', { hasText: tab }).click();
    await answered(page);
    const has = await page.locator('.panel:has(.tools)').evaluateAll((all) =>
      all.map((one) => {
        const words = [...one.querySelectorAll('.tools button')].map(({ textContent }) => textContent);
        return [one.getAttribute('data-panel'), words.includes('Table'), words.includes('PNG')];
      }),
    );
    expect(has.filter(([, chart, picture]) => chart !== picture)).toEqual([]);
  }
  await page.locator('[data-panel=retention] button', { hasText: 'Table' }).click();
  expect(await page.locator('[data-panel=retention] button', { hasText: 'PNG' }).isDisabled()).toBe(true);
  await page.close();
});
