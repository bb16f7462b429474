import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { json, send } from '../support/system/http.ts';
import { type Json, startSystem, type TestSystem } from '../support/system/system.ts';

const BOT = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';
const PERSON = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
/** What servers of shops call themselves; to a list of bots they are some. */
const SERVER = 'axios/1.7.2';
const ORIGIN = 'https://shop.example';

let redis: TestRedis;
let system: TestSystem;
beforeAll(async () => {
  redis = await startRedis();
  system = await startSystem(redis.url, {
    WRITE_KEYS: 'wk',
    ADMIN_KEYS: 'ak',
    PUBLIC_KEYS: `pk_shop@${ORIGIN}`,
    STORE_CURRENCY: 'USD',
  });
  await system.startCounting();
});
afterAll(async () => {
  await system.close();
  await redis.close();
});

const asked = async (path: string): Promise<Json> => {
  const response = await system.request(path, { headers: { Authorization: 'Bearer ak' } });
  const body: Json = await response.json();
  return body.data;
};

const pipeline = async (): Promise<{ bots: number; events: number }> => {
  await system.settled();
  const { bots, events } = await asked('/v1/pipeline');
  return { bots, events };
};

const ANSWERS = [
  '/v1/funnel?breakdown=channel',
  '/v1/funnel?mode=open',
  '/v1/sessions?breakdown=device',
  '/v1/engagement',
  '/v1/events/frequencies',
  '/v1/searches',
  '/v1/revenue',
  '/v1/payments',
  '/v1/products',
  '/v1/abandonment',
  '/v1/abandonment/carts',
  '/v1/breakdowns/device?rank_by=sessions',
  '/v1/users/visitor/interactions',
];
const answers = (): Promise<Json[]> => Promise.all(ANSWERS.map((path) => asked(path)));

const item = { item_id: 'sku-1', item_name: 'Tee', price: 9.5 };
const order = { name: 'purchase', transaction_id: 'o1', value: 9.5, items: [item] };
const text = { 'Content-Type': 'text/plain' };
const basic = (key: string): string => `Basic ${btoa(`${key}:`)}`;

/** Each way with the key of a page, or with that of a server, with two events. */
const WAYS = {
  snippet: (key: string) => ({
    path: `/v1/events${key.startsWith('pk_') ? `?key=${key}` : ''}`,
    body: JSON.stringify([{ name: 'view_item', items: [item] }, order].map((one) => ({ ...one, user_id: 'visitor' }))),
    headers: { ...text, ...(key.startsWith('pk_') ? {} : { Authorization: `Bearer ${key}` }) },
  }),
  'events as JSON': (key: string) => ({
    path: '/v1/events',
    body: JSON.stringify([{ name: 'view_item', items: [item] }, order].map((one) => ({ ...one, user_id: 'visitor' }))),
    headers: { ...json, Authorization: `Bearer ${key}` },
  }),
  gtag: (key: string) => ({
    path: `/g/collect?v=2&tid=G-1&cid=visitor&ep.cartpulse_key=${key}`,
    body: 'en=view_item&pr1=idsku-1~pr9.5\nen=purchase&ep.transaction_id=o1&epn.value=9.5&pr1=idsku-1~pr9.5',
    headers: text,
  }),
  'measurement-protocol': (key: string) => ({
    path: `/mp/collect?api_secret=${key}`,
    body: JSON.stringify({
      client_id: 'visitor',
      events: [
        { name: 'view_item', params: { items: [item] } },
        { name: 'purchase', params: { transaction_id: 'o1', value: 9.5, items: [item] } },
      ],
    }),
    headers: json,
  }),
  segment: (key: string) => ({
    path: '/v1/batch',
    body: JSON.stringify({
      batch: [
        { type: 'track', event: 'Product Viewed', anonymousId: 'visitor', properties: { sku: 'sku-1' } },
        {
          type: 'track',
          event: 'Order Completed',
          anonymousId: 'visitor',
          properties: { order_id: 'o1', revenue: 9.5 },
        },
      ],
    }),
    headers: { ...json, Authorization: basic(key) },
  }),
} as const;

const ways = Object.entries(WAYS).map(([name, request]) => ({ name, request }));

const sendAs = async (agent: string, { path, body, headers }: ReturnType<(typeof ways)[number]['request']>) => {
  const response = await system.request(path, send(body, { ...headers, 'User-Agent': agent, Origin: ORIGIN }));
  expect(response.ok).toBe(true);
  const said = await response.text();
  return said === '' ? undefined : JSON.parse(said);
};

const seen = async () => {
  const rows: { name: string; count: number }[] = await asked('/v1/events/frequencies');
  return rows.find(({ name }) => name === 'view_item')?.count ?? 0;
};

describe('of the ways of browsers known bots are counted apart, and change no answer', () => {
  test.each(ways)('$name', async ({ request }) => {
    const [before, was] = [await answers(), await pipeline()];
    await sendAs(BOT, request('pk_shop'));
    expect(await pipeline()).toEqual({ ...was, bots: was.bots + 2 });
    expect(await answers()).toEqual(before);
  });

  test.each(ways)('$name: what a person sends counts', async ({ request }) => {
    const [was, before] = [await pipeline(), await seen()];
    await sendAs(PERSON, request('pk_shop'));
    const now = await pipeline();
    expect(now.bots).toBe(was.bots);
    expect(await seen()).toBe(before + 1);
  });
});

test.each(ways)('$name: a server that shows a secret key is spared, whatever it calls itself', async ({ request }) => {
  for (const agent of [SERVER, BOT]) {
    const { bots } = await pipeline();
    const before = await seen();
    await sendAs(agent, request('wk'));
    expect((await pipeline()).bots).toBe(bots);
    expect(await seen()).toBe(before + 1);
  }
});

test('a bot is answered as its way’s clients expect, and its way shows it to admins', async () => {
  expect(await sendAs(BOT, WAYS.snippet('pk_shop'))).toEqual({ accepted: 0, rejected: [], bots: 2 });
  expect(await sendAs(BOT, WAYS.segment('pk_shop'))).toEqual({ success: true });
  expect(await sendAs(BOT, WAYS.gtag('pk_shop'))).toBeUndefined();
  for (const way of ['snippet', 'segment', 'gtag'])
    expect((await asked(`/v1/connect/${way}`))[0]).toMatchObject({ bots: 2, accepted: 0, refused: 0, client: BOT });
});

describe('without keys a browser shows by its form, or by the page that it names', () => {
  let open: TestSystem;
  beforeAll(async () => {
    open = await startSystem(redis.url);
    await open.startCounting();
  });
  afterAll(() => open.close());

  const loopback = 'http://127.0.0.1:8080';
  const botsAfter = async (
    path: string,
    body: string,
    headers: Record<string, string>,
    agent = BOT,
  ): Promise<number> => {
    const before: Json = await open.get('/v1/pipeline');
    expect((await open.request(path, send(body, { 'User-Agent': agent, ...headers }))).ok).toBe(true);
    await open.settled();
    const after: Json = await open.get('/v1/pipeline');
    return after.bots - before.bots;
  };
  const view = JSON.stringify({ name: 'page_view', user_id: 'u1' });
  const message = JSON.stringify({ userId: 'u1' });

  test.each([
    ['JSON', '/v1/events', view, json, 0],
    ['JSON of a page', '/v1/events', view, { ...json, Origin: loopback }, 1],
    ['a beacon', '/v1/events', view, text, 1],
    ['gtag', '/g/collect?v=2&cid=1&en=page_view&ep.cartpulse_key=any', '', {}, 1],
    ['Segment’s server client', '/v1/page', message, { ...json, Authorization: basic('any') }, 0],
    ['Segment’s browser client', '/v1/page', message, { ...json, Origin: loopback }, 1],
  ])('%s', async (_, path, body, headers, bots) => {
    expect(await botsAfter(path, body, headers)).toBe(bots);
    // What does not call itself a browser is a script that somebody tries.
    expect(await botsAfter(path, body, headers, SERVER)).toBe(0);
  });
});
