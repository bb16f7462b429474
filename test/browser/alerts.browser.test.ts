import type { Page } from 'playwright-core';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebhookReceiver } from '../support/servers/webhook-receiver.ts';
import { eventually, type Json, startSystem } from '../support/system/system.ts';
import { complaintsOfAxe, serveSystem } from './browser.ts';
import { answered, type OpenShop, openShop } from './open-shop.ts';

let shop: OpenShop;
let hook: WebhookReceiver;
let hookUrl: string;
beforeAll(async () => {
  shop = await openShop({}, { alertsEveryMs: 200 });
  hook = new WebhookReceiver();
  hookUrl = await hook.start();
  await shop.system.post([
    { name: 'stock_update', item_id: 'mug', stock_level: 0, timestamp: Date.now() - 25 * 3_600_000 },
    ...[1, 2, 3, 4, 5, 6, 7].map((i) => ({
      name: 'search',
      user_id: `u${i}`,
      search_term: 'umbrella',
      results_count: 0,
    })),
  ]);
  await shop.system.settled();
  const items = [{ item_id: 'mug', item_name: 'Blue mug', price: 9 }];
  await shop.system.post([1, 2, 3].map((i) => ({ name: 'view_item', user_id: `u${i}`, items })));
  await shop.system.settled();
});
afterAll(async () => {
  hook.close();
  await shop.close();
});

const tell = (page: Page, finding: string) => page.locator(`[data-finding=${finding}] .tell`);
const address = (page: Page) => page.locator('.alert-form .field input').last();
const make = (page: Page) => page.locator('.alert-form button', { hasText: 'Make the alert' });
const wrong = async (page: Page): Promise<string> =>
  (await page.locator('.alert-form [role=alert]', { hasText: /./ }).textContent()) ?? '';
const alerts = (): Promise<Json> => shop.system.get('/v1/alerts');

async function making(page: Page, finding: string): Promise<Json> {
  await tell(page, finding).click();
  await address(page).fill(hookUrl);
  await make(page).click();
  await page.locator('#made-alert').waitFor();
  const [made] = (await alerts()).filter(({ id }: Json) => !known.has(id));
  known.add(made.id);
  await page.keyboard.press('Escape');
  return made;
}
const known = new Set<string>();

describe('an alert that is made from what needs attention', () => {
  test('tells when that happens, is listed with its state and history, and is deleted', async () => {
    const jobs = await shop.system.system.startRollups();
    const { page, errors } = await shop.open();
    await tell(page, 'searches').click();
    const form = page.locator('[data-panel=new-alert]');
    expect(await form.locator('b').textContent()).toBe('Searches for one term that find nothing');
    expect(await form.locator('input[type=number]').inputValue()).toBe('4');
    await expect.poll(() => form.locator('.now-value').textContent()).toBe('now 7');
    await page.locator('[data-panel=alerts] .state', { hasText: 'There is no alert yet.' }).waitFor();
    await make(page).click();
    expect(await wrong(page)).toBe('A name, a number and an address are needed.');
    expect(await complaintsOfAxe(page)).toEqual([]);
    await page.getByLabel('Tell me by').selectOption('email');
    await address(page).fill('owner@shop.example');
    await make(page).click();
    await expect.poll(() => wrong(page)).toBe('The alert was not made. The server has no mail server yet (SMTP_URL).');
    await page.getByLabel('Tell me by').selectOption('webhook');
    await address(page).fill(hookUrl);
    await make(page).click();
    await page.locator('#made-alert', { hasText: '“Searches find nothing” is made.' }).waitFor();
    const secret = await page.locator('#alert-secret').inputValue();
    await eventually('it is told', () => hook.received.length === 1);
    const [got] = hook.received;
    const message: Json = new Webhook(secret).verify(got?.body ?? '', got?.headers ?? {});
    expect(message).toMatchObject({ type: 'alert.fired', data: { name: 'Searches find nothing', value: 7 } });
    await page.keyboard.press('Escape');
    await expect.poll(() => page.evaluate('document.activeElement.className')).toContain('tell');
    await page.locator('.attention header button').click();
    const listed = page.locator('[data-alert="Searches find nothing"]');
    expect(await listed.textContent()).toContain('more than 4, today, as it stands');
    expect(await listed.locator('.status').textContent()).toMatch(/^happens now, since .+, now 7$/);
    expect(await listed.locator('li').textContent()).toMatch(/^Happened .+: 7$/);
    expect(await listed.textContent()).not.toContain('/hook');
    expect(await complaintsOfAxe(page)).toEqual([]);
    await page.getByLabel('Delete the alert Searches find nothing').click();
    await page.locator('[data-panel=alerts] .state', { hasText: 'There is no alert yet.' }).waitFor();
    expect(await alerts()).toEqual([]);
    // That the one by mail was refused.
    expect(errors.filter((text) => !text.includes('400'))).toEqual([]);
    await page.close();
    await jobs.stop();
  });

  test('asks for the number that the finding is about', async () => {
    const { page } = await shop.open();
    expect(await making(page, 'out-of-stock')).toMatchObject({
      name: 'Out of stock, still looked at',
      answer: 'inventory',
      field: 'sum.views_while_out',
      filter: { status: 'out' },
      when: { above: 0 },
      for_minutes: 0,
    });
    await page.close();
  });

  test('takes what was changed in its form: a fall against weeks is one within a time', async () => {
    const { page } = await shop.open();
    await tell(page, 'searches').click();
    await page.getByLabel('Name', { exact: true }).fill('Fewer of them');
    await page.getByLabel('When it').selectOption('drop_percent');
    await page.getByLabel('How much').fill('40');
    expect(await page.getByLabel('Within').locator('option').allTextContents()).not.toContain('today, as it stands');
    await page.getByLabel('Within').selectOption('180');
    await page.getByLabel('For how long').selectOption('60');
    await page.getByLabel('Tell me by').selectOption('slack');
    await page.getByLabel('Incoming webhook of Slack (https)').fill(hookUrl);
    await make(page).click();
    await page.locator('#made-alert').waitFor();
    expect((await alerts()).find(({ name }: Json) => name === 'Fewer of them')).toMatchObject({
      over_minutes: 180,
      when: { drop_percent: 40, weeks: 4 },
      for_minutes: 60,
      to: [{ by: 'slack' }],
    });
    const listed = page.locator('[data-alert="Fewer of them"]');
    expect(await listed.textContent()).toContain('fallen by 40 % or more, within 3 hours, for an hour');
    await page.close();
  });

  test('is not offered to a key that may make none, which sees those that there are', async () => {
    const guarded = await startSystem(shop.redis.url, { READ_KEYS: 'reader', KEY_PREFIX: shop.system.prefix });
    const served = await serveSystem(guarded);
    const page = await shop.browser.newPage({ locale: 'en-US', viewport: { width: 1_440, height: 900 } });
    await page.addInitScript("localStorage.setItem('cartpulse-key', 'reader')");
    await page.goto(`${served.url}/`);
    await answered(page);
    await page.locator('[data-finding=searches]').waitFor();
    await page.locator('.attention header button').click();
    await page.locator('[data-alert="Fewer of them"]').waitFor();
    expect(await page.locator('.tell, .alerts button, .alert-form').count()).toBe(0);
    expect(await page.locator('[data-panel=alerts] .hint').textContent()).toBe(
      'Making and deleting takes an admin key.',
    );
    await page.close();
    await served.stop();
    await guarded.close();
  });
});

test.each([320, 390])('the form and the list lie within a screen of %i pixels', async (width) => {
  const { page } = await shop.open('', { viewport: { width, height: 844 }, locale: 'de-DE', colorScheme: 'light' });
  await tell(page, 'searches').click();
  await page.locator('[data-panel=alerts][data-state=loaded]').waitFor();
  expect(await page.evaluate('document.querySelector(".drawer").scrollWidth')).toBeLessThanOrEqual(width);
  expect(await complaintsOfAxe(page)).toEqual([]);
  await page.close();
});
