import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { type Json, startSystem, type TestSystem } from '../support/system/system.ts';
import { PERSON, startBrowser } from './browser.ts';

/** What a real browser sent to the server, and how that was answered. */
interface Seen {
  readonly what: string;
  readonly status: number;
}

let redis: TestRedis;
let system: TestSystem;
let browser: Browser;
let server: Server;
let pages: Server;
let port: number;
let shop: string;
let evil: string;
const seen: Seen[] = [];
const portOf = (of: Server): number => (of.address() as AddressInfo).port;

beforeAll(async () => {
  pages = createServer((_, response) => response.setHeader('Content-Type', 'text/html').end('<!doctype html><body>'));
  await once(pages.listen(0, '127.0.0.1'), 'listening');
  [shop, evil] = ['shop', 'evil'].map((name) => `http://${name}.example:${portOf(pages)}`) as [string, string];
  redis = await startRedis();
  system = await startSystem(redis.url, { PUBLIC_KEYS: `pk_shop@${shop},pk_frames@null` });
  await system.startCounting();
  const { fetch } = system.system.app();
  const watched: typeof fetch = async (request, ...more) => {
    const response = await fetch(request, ...more);
    seen.push({ what: `${request.method} ${new URL(request.url).pathname}`, status: response.status });
    return response;
  };
  server = serve({ fetch: watched, hostname: '127.0.0.1', port: 0 }) as Server;
  await once(server, 'listening');
  port = portOf(server);
  browser = await startBrowser(['--host-resolver-rules=MAP *.example 127.0.0.1', PERSON]);
});
afterAll(async () => {
  await browser.close();
  for (const one of [server, pages]) {
    one.closeAllConnections();
    one.close();
  }
  await system.close();
  await redis.close();
});

/** A page of an origin does something, and what came of it at the server. */
async function from(origin: string, act: (page: Page) => Promise<unknown>, requests = 1): Promise<Seen[]> {
  const page = await browser.newPage();
  await page.goto(origin);
  seen.length = 0;
  await act(page);
  await expect.poll(() => seen.length).toBeGreaterThanOrEqual(requests);
  await page.close();
  return [...seen];
}

const api = (path: string): string => `http://127.0.0.1:${port}${path}`;
const EVENT = JSON.stringify({ name: 'view_item', user_id: 'u', items: [{ item_id: 'x' }] });
const WEBHOOK = JSON.stringify({ url: 'https://evil.example/hook' });

/** What a page does, as its own script: it knows the addresses of the server, an event and a webhook. */
const script =
  (body: string) =>
  (page: Page): Promise<Json> => {
    const paths = {
      events: '/v1/events',
      webhooks: '/v1/webhooks',
      figures: '/v1/engagement',
      live: '/v1/live',
      docs: '/docs',
    };
    const urls = Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, api(path)]));
    const known = { ...urls, event: EVENT, webhook: WEBHOOK };
    return page.evaluate(`(async ({ ${Object.keys(known)} }) => { ${body} })(${JSON.stringify(known)})`);
  };

test('a form of another origin changes nothing, whatever it calls its body', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    const submit = script(`
      const form = Object.assign(document.createElement('form'), { action: webhooks, enctype: '${type}', method: 'POST' });
      form.append(Object.assign(document.createElement('input'), { name: webhook, value: '' }));
      document.body.append(form);
      form.submit();`);
    expect(await from(evil, submit)).toContainEqual({ what: 'POST /v1/webhooks', status: 403 });
  }
  expect(await system.get('/v1/webhooks')).toEqual([]);
});

test('a fetch without CORS and a beacon send nothing, and change nothing', async () => {
  const send = script(`
    await fetch(events, { method: 'POST', mode: 'no-cors', body: event });
    await fetch(webhooks, { method: 'POST', mode: 'no-cors', body: webhook });
    navigator.sendBeacon(events, event);`);
  const answers = await from(evil, send, 3);
  expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
  expect((await system.get('/v1/engagement')).events).toBe(0);
  expect(await system.get('/v1/webhooks')).toEqual([]);
});

test('a fetch, an image, a frame and an EventSource read nothing', async () => {
  const read = script(`
    await fetch(figures).catch(() => undefined);
    document.body.append(Object.assign(new Image(), { src: figures }));
    document.body.append(Object.assign(document.createElement('iframe'), { src: docs }));
    new EventSource(live);`);
  const answers = await from(evil, read, 4);
  expect(answers.map(({ what, status }) => `${status} ${what}`).sort()).toEqual([
    '403 GET /docs',
    '403 GET /v1/engagement',
    '403 GET /v1/engagement',
    '403 GET /v1/live',
  ]);
});

test('a name that was bound to this machine reads and changes nothing', async () => {
  const page = await browser.newPage();
  expect((await page.goto(`http://rebound.example:${port}/v1/engagement`))?.status()).toBe(403);
  const tried = await script(`
    const headers = { 'Content-Type': 'application/json' };
    const made = fetch('/v1/webhooks', { method: 'POST', headers, body: webhook });
    return Promise.all([fetch('/v1/imports'), fetch('/metrics'), made].map(async (one) => (await one).status));`)(page);
  expect(tried).toEqual([403, 403, 403]);
  await page.close();
});

test('a page of the shop sends with its publishable key, by beacon and by fetch, and reads nothing', async () => {
  const before = (await system.get('/v1/engagement')).events;
  const send = script(`
    navigator.sendBeacon(events + '?key=pk_shop', event);
    const headers = { 'Content-Type': 'application/json', Authorization: 'Bearer pk_shop' };
    const answer = await fetch(events, { method: 'POST', headers, body: event });
    const read = await fetch(figures, { headers }).catch(() => 'refused');
    return { accepted: (await answer.json()).accepted, read };`);
  let answer: Json;
  await from(shop, async (page) => {
    answer = await send(page);
  });
  expect(answer).toEqual({ accepted: 1, read: 'refused' });
  await expect.poll(async () => (await system.get('/v1/engagement')).events).toBe(before + 2);
});

test('the same key sends nothing from a page of another origin', async () => {
  const send = script(`navigator.sendBeacon(events + '?key=pk_shop', event);`);
  expect(await from(evil, send)).toEqual([{ what: 'POST /v1/events', status: 403 }]);
});

test('a sandboxed frame has no origin, and sends with a key that allows that', async () => {
  const send = (key: string) =>
    script(`
      const inner = 'navigator.sendBeacon(' + JSON.stringify(events + '?key=${key}') + ',' + JSON.stringify(event) + ')';
      const frame = Object.assign(document.createElement('iframe'), { srcdoc: '<script>' + inner + '</' + 'script>' });
      frame.setAttribute('sandbox', 'allow-scripts');
      document.body.append(frame);`);
  expect(await from(shop, send('pk_frames'))).toEqual([{ what: 'POST /v1/events', status: 202 }]);
  expect(await from(shop, send('pk_shop'))).toEqual([{ what: 'POST /v1/events', status: 403 }]);
});

test('its own page goes on as before', async () => {
  const page = await browser.newPage();
  expect((await page.goto(api('/docs')))?.status()).toBe(200);
  expect(await script(`return (await fetch('/v1/engagement')).status;`)(page)).toBe(200);
  await page.close();
});
