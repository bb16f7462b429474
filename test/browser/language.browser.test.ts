import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { german } from '../../src/dashboard/app/words/de/german.ts';
import { refusals as germanRefusals } from '../../src/dashboard/app/words/de/refusals/refusals.ts';
import { en } from '../../src/dashboard/app/words/en/en.ts';
import { problemTypes, problemUri } from '../../src/http/problem-types.ts';
import { complaintsOfAxe } from './browser.ts';
import { answered, dayAgo, type OpenShop, openShop } from './open-shop.ts';
import { seed } from './seed.ts';

let shop: OpenShop;
beforeAll(async () => {
  shop = await openShop({}, { archives: true });
  await seed(shop.system, 6_000, 3);
});
afterAll(() => shop.close());

const refusals: Readonly<Record<string, string>> = germanRefusals;
const period = `from=${dayAgo(2)}&to=${dayAgo(0)}`;
const TABS = ['now', 'sales', 'funnel', 'products', 'visitors', 'carts', 'stock', 'explore', 'health', 'connect'];
const PLACES = [
  ...TABS.map((tab) => `tab=${tab}`),
  'tab=now&compare=none',
  'tab=explore&explore=customers',
  'tab=explore&explore=together',
  'tab=explore&explore=funnel&cut=channel&steps=[{"name":"search","where":{"city":"x"}}]',
  'tab=health&check=accuracy',
  'tab=products&product=SKU-0001',
  'tab=products&group=category',
  'tab=products&group=brand',
  'tab=products&category=scarf&brand=Orla',
  'tab=funnel&mode=open&stage=cart',
  'screen=second',
].map((place) => `${place}&${period}`);

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A text of the English table, whatever its braces hold; within others where it is long enough to be no accident. */
function patternOf(english: string): RegExp {
  const pattern = english
    .trim()
    .split(/\{\w+\}/)
    .map(escaped)
    .join('.+');
  return new RegExp(english.length > 14 && !english.startsWith('{') ? pattern : `^${pattern}$`);
}

/** All texts of a table, with something in place of what its functions are given. */
function textsOf(table: unknown): string[] {
  if (typeof table === 'string') return [table];
  if (typeof table === 'function') return [String(table('{x}', '{y}', '{z}'))];
  return Object.values(Object(table)).flatMap(textsOf);
}

const spoken = new Set<string>(Object.values(german));
const ENGLISH = [
  ...Object.keys(german).filter((text) => !spoken.has(text)),
  // Names of channels and of countries' shops are data, and `(…)` too.
  ...textsOf(en).filter((text) => /[a-z]{3}.* /.test(text.replaceAll(/\{\w\}/g, ''))),
].map((text) => [text, patternOf(text)] as const);

/** Words that every English sentence has some of, and no German one. */
const COMMON = /\b(the|and|with|which|those|of|not|is|are|by|from|has|what|each|this|you|your)\b/i;

/** What is written on the page and read out from it, but for what comes from events and the server. */
const textsOn = (page: Page): Promise<string[]> =>
  page.evaluate(`(() => {
    const data = 'span[lang=en], noscript, pre, script, style, [data-panel] td.text, tbody th, .feed .what, [data-finding], option[value^=SKU]';
    const own = (element) => element && !element.closest(data);
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) if (own(walker.currentNode.parentElement)) found.push(walker.currentNode.data.trim());
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]'))
      if (own(element)) for (const name of ['aria-label', 'title', 'placeholder']) found.push(element.getAttribute(name) ?? '');
    return [...new Set([...found, document.title])].filter((text) => /[a-z]{2}/i.test(text));
  })()`);

const inGerman = (query: string, more: object = {}) => shop.open(query, { locale: 'de-DE', ...more });

describe('who reads German', () => {
  test('finds no English word on any part of the page', { timeout: 180_000 }, async () => {
    const { page, errors } = await inGerman('');
    let texts = 0;
    const left = new Set<string>();
    for (const place of PLACES) {
      await page.goto(`${shop.served.url}/?${place}`);
      await answered(page).catch(() => undefined);
      const found = await textsOn(page);
      texts += found.length;
      for (const text of found) {
        const [english] = ENGLISH.find(([, pattern]) => pattern.test(text)) ?? [];
        const common = COMMON.exec(text)?.[0];
        if (english ?? common) left.add(`${text} (${english ?? common}, ${place})`);
      }
    }
    expect([...left]).toEqual([]);
    expect(texts).toBeGreaterThan(500);
    expect(await page.evaluate('document.documentElement.lang')).toBe('de');
    expect(errors).toEqual([]);
    await page.close();
  });

  test('the same look at the English page finds its words', async () => {
    const { page } = await shop.open(`?tab=carts&${period}`);
    const found = await textsOn(page);
    const english = found.filter((text) => ENGLISH.some(([, pattern]) => pattern.test(text)));
    expect(english.length).toBeGreaterThan(30);
    expect(found.filter((text) => COMMON.test(text)).length).toBeGreaterThan(5);
    await page.close();
  });

  test('has findings, the feed and refusals in German as well', async () => {
    const { page } = await inGerman('');
    const findings = await page.locator('[data-finding]').allTextContents();
    expect(findings.filter((text) => /usually|order is|searches/.test(text))).toEqual([]);
    await shop.system.post({ name: 'purchase', user_id: 'de', transaction_id: 'de', value: 9, currency: 'USD' });
    await page.locator('.feed li', { hasText: 'Eine Bestellung' }).first().waitFor();
    await page.close();
  });

  test('is told in German why something is refused, and what the server says alone where that has no name', async () => {
    const { page } = await inGerman('');
    await page.goto(`${shop.served.url}/?from=2020-01-02&to=2020-01-01`);
    const trouble = page.locator('[data-panel=trouble]', { hasText: 'Das lässt sich nicht zeigen' });
    await trouble.waitFor();
    const refusal = async (query: string): Promise<string> => {
      await page.goto(`${shop.served.url}/?${query}`);
      await trouble.waitFor();
      return (await trouble.locator('p').first().textContent()) ?? '';
    };
    const not = 'So lässt sich das nicht beantworten.';
    expect(await refusal('from=2020-01-02&to=2020-01-01')).toBe(`${not} Der letzte Tag liegt vor dem ersten.`);
    expect(await refusal('from=2020-01-02&to=2026-01-01')).toBe(
      `${not} Das ist zu lang: Höchstens 1.100 Tage lassen sich auf einmal zeigen.`,
    );
    expect(await refusal('from=2026-02-30&to=2026-03-01')).toBe(`${not} Von: Diesen Tag gibt es nicht.`);
    expect(await refusal('currency=XQQ')).toBe(`${not} Diese Währung gibt es nicht.`);
    expect(await refusal('filter=shelf:x')).toMatch(/^.+ shelf ist hier unbekannt: /);
    expect(await trouble.locator('[lang=en]').count()).toBe(0);
    await page.goto(`${shop.served.url}/?tab=products&product=nothing-like-it`);
    await page
      .locator('dialog [role=alert]', { hasText: 'Vom Produkt nothing-like-it war noch nie die Rede.' })
      .waitFor();
    await page.goto(`${shop.served.url}/?tab=explore&explore=funnel&steps=[{"name":"x y"}]`);
    await page.locator('[data-panel=own-funnel] [role=alert]', { hasText: 'Schritt 1 des Trichters' }).waitFor();
    await page.goto(`${shop.served.url}/?tab=health&${period}`);
    await answered(page);
    const books = { name: 'orders.csv', mimeType: 'text/csv', buffer: Buffer.from('what,ever\n1,2\n') };
    await page.locator('input[type=file]').setInputFiles(books);
    await page.locator('button', { hasText: 'Vergleichen' }).click();
    await page.locator('#books-problem', { hasText: 'Nichts wurde verglichen.' }).waitFor();
    expect(await page.locator('#books-problem [lang=en]').textContent()).not.toBe('');
    await page.close();
  });

  test('reads each kind of refusal in German', { timeout: 120_000 }, async () => {
    const { page } = await inGerman(`?tab=stock&${period}`);
    let body = '';
    let status = 0;
    await page.route('**/v1/inventory**', (route) =>
      route.fulfill({ status, contentType: 'application/problem+json', body }),
    );
    // A key that is not known is asked for, on a page of its own.
    for (const { code, ...kind } of problemTypes.filter((one) => one.status !== 401)) {
      status = kind.status;
      body = JSON.stringify({
        type: problemUri(code),
        title: kind.title,
        status,
        detail: 'more of it',
        request_id: '',
      });
      await page.reload();
      const alert = page.locator('main .body [role=alert]');
      await alert.waitFor();
      expect([code, await alert.textContent()]).toEqual([
        code,
        expect.stringContaining(refusals[problemUri(code)] ?? '?'),
      ]);
    }
    await page.close();
  });

  test.each([320, 390])('a screen of %i pixels needs no scrolling sideways', { timeout: 120_000 }, async (width) => {
    const { page } = await inGerman('', { viewport: { width, height: 844 } });
    for (const place of PLACES) {
      await page.goto(`${shop.served.url}/?${place}`);
      await page.waitForSelector('[data-connection=live]');
      await page.waitForSelector('body:not(:has([data-panel][data-state=loading]))');
      expect([place, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([place, width]);
    }
    await page.close();
  });

  // Of the dark theme it would complain in English as well.
  test('axe finds nothing', { timeout: 120_000 }, async () => {
    const { page } = await inGerman('', { colorScheme: 'light' });
    for (const tab of TABS) {
      await page.goto(`${shop.served.url}/?tab=${tab}&${period}`);
      await answered(page).catch(() => undefined);
      expect([tab, ...(await complaintsOfAxe(page))]).toEqual([tab]);
    }
    await page.close();
  });
});

test('the language is chosen by a switch, which is kept, and the other one is not loaded', async () => {
  const page = await shop.browser.newPage({ locale: 'en-US', viewport: { width: 1_440, height: 900 } });
  const sizes = new Map<string, number>();
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (/^\/(assets\/|$)|svg$/.test(pathname)) sizes.set(pathname, Number(response.headers()['content-length'] ?? 0));
  });
  const hasGerman = (): boolean => [...sizes.keys()].some((path) => path.startsWith('/assets/de-'));
  const tab = () => page.locator('nav.tabs [aria-current=page]').textContent();
  await page.goto(`${shop.served.url}/?tab=stock&${period}`);
  await answered(page);
  expect([await tab(), hasGerman()]).toEqual(['Stock', false]);
  await page.getByLabel('Language').selectOption('de');
  await page.locator('nav.tabs a', { hasText: 'Bestand' }).waitFor();
  expect(new URL(page.url()).searchParams.get('tab')).toBe('stock');
  expect(hasGerman()).toBe(true);
  expect([...sizes.values()].reduce((a, b) => a + b, 0)).toBeLessThan(250_000);
  await page.reload();
  await answered(page);
  expect([await tab(), await page.evaluate('document.documentElement.lang')]).toEqual(['Bestand', 'de']);
  await page.getByLabel('Sprache').selectOption('en');
  await page.locator('nav.tabs a', { hasText: 'Stock' }).waitFor();
  await page.close();
});

test.each([
  ['fr-FR', 'Stock'],
  ['de-AT', 'Bestand'],
])('a browser in %s reads %s', async (locale, name) => {
  const page = await shop.browser.newPage({ locale });
  await page.goto(`${shop.served.url}/?tab=stock`);
  await page.locator('nav.tabs [aria-current=page]', { hasText: name }).waitFor();
  await page.close();
});
