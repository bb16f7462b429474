import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { json, send } from '../support/system/http.ts';
import { type Listening, listeningSystem } from '../support/system/listening.ts';
import { type Json, startSystem } from '../support/system/system.ts';
import { serveSystem } from './browser.ts';
import { openPages, type Pages } from './shop-pages.ts';
import { simulatedPages } from './simulated-pages.ts';

let redis: TestRedis;
let pages: Pages;
const running: Listening[] = [];
beforeAll(async () => {
  [redis, pages] = await Promise.all([startRedis(), openPages()]);
});
afterAll(async () => {
  await pages.close();
  for (const one of running) await one.stop();
  await redis.close();
});

const start = async (): Promise<Listening> => {
  const one = await listeningSystem(redis.url, { PUBLIC_KEYS: `pk_shop@${pages.origin}` });
  running.push(one);
  return one;
};

const QUESTIONS = [
  'funnel',
  'funnel?breakdown=channel',
  'products?limit=100',
  'payments',
  'events/frequencies?limit=100',
];
const answersOf = async ({ system }: Listening): Promise<Json> => {
  await system.settled();
  const answers: Json = {};
  for (const path of [...QUESTIONS, 'searches', 'revenue', 'pipeline']) {
    const response = await system.request(`/v1/${path}`, { headers: { Authorization: 'Bearer ak' } });
    const { data }: Json = await response.json();
    answers[path] = data;
  }
  const { revenue, pipeline, ...rest } = answers;
  const { orders, units, revenue: worth, refunds } = revenue;
  const { events, duplicates, bots, rejected } = pipeline;
  // How long steps take hangs on when the page's requests go out.
  const withoutTimes = JSON.parse(JSON.stringify(rest, (name, one) => (/_seconds$/.test(name) ? 0 : one)));
  return { ...withoutTimes, orders, units, worth, refunds, events, duplicates, bots, rejected };
};

test('the simulated shop in a browser, by the published package, counts as what it sent', async () => {
  const [byPages, plain] = [await start(), await start()];
  const shop = await simulatedPages(pages, { url: byPages.url, key: 'pk_shop', seed: 11 });
  const sent = [...(await shop.send(200)), ...(await shop.send(200)), ...(await shop.send(200))];
  await shop.answered();
  for (let from = 0; from < sent.length; from += 50) {
    const body = JSON.stringify(sent.slice(from, from + 50));
    const response = await plain.system.request('/v1/events', send(body, { ...json, Authorization: 'Bearer wk' }));
    expect(response.status).toBe(202);
  }
  const [answers, expected] = [await answersOf(byPages), await answersOf(plain)];
  expect(answers).toEqual(expected);
  expect(answers).toMatchObject({ events: sent.length, duplicates: 0, bots: 0, rejected: 0 });
  expect(answers.orders).toBeGreaterThan(0);
});

test('without keys a page of this machine sends as well, sees that it arrived, and sends nothing again', async () => {
  const system = await startSystem(redis.url);
  await system.startCounting();
  const served = await serveSystem(system);
  const local = await openPages('localhost');
  const shop = await simulatedPages(local, { url: served.url, seed: 12 });
  const sent = await shop.send(50);
  await shop.answered();
  await system.settled();
  expect(await system.get('/v1/pipeline')).toMatchObject({ events: sent.length, duplicates: 0 });
  await local.close();
  await served.stop();
  await system.close();
});
