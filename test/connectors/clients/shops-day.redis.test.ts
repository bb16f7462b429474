import { createHmac } from 'node:crypto';
import { Analytics } from '@segment/analytics-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';
import { send } from '../../support/system/http.ts';
import { type Listening, listeningSystem } from '../../support/system/listening.ts';
import type { Json } from '../../support/system/system.ts';
import { shopifyOrder, shopifyRefund } from '../hook-payloads.ts';

let redis: TestRedis;
let shop: Listening;
let server: Analytics;
beforeAll(async () => {
  redis = await startRedis();
  shop = await listeningSystem(redis.url, { SHOPIFY_SECRETS: 'secret' });
  server = new Analytics({ writeKey: 'wk', host: shop.url, flushAt: 1, flushInterval: 50 });
});
afterAll(async () => {
  await server.closeAndFlush();
  await shop.stop();
  await redis.close();
});

interface Order {
  readonly id: number;
  /** Whom the page writes into the order. */
  readonly visitor: string;
  readonly quantity: number;
  readonly cents: number;
  /** Pieces that came back. */
  readonly returned: number;
}

const PRICE_CENTS = 1_990;
/** The shop's own list of the day. */
const ORDERS = Array.from({ length: 60 }, (_, i): Order => {
  const quantity = 1 + (i % 3);
  const returned = i % 10 === 5 ? 1 : 0;
  return { id: 7_000 + i, visitor: `visitor-${i % 20}`, quantity, cents: PRICE_CENTS * quantity, returned };
});
const amount = (cents: number): string => (cents / 100).toFixed(2);

const PERSON = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
const BOT = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';

/** The page: what the visitor looks at, and the order on the page that thanks for it. */
async function browser({ id, visitor, quantity, cents }: Order, agent = PERSON): Promise<void> {
  const line = `pr1=idtee-m~nmTee~pr${amount(PRICE_CENTS)}~qt${quantity}`;
  const order = `en=purchase&ep.transaction_id=${id}&epn.value=${amount(cents)}&${line}`;
  const body = ['en=page_view', `en=view_item&${line}`, `en=add_to_cart&${line}`, 'en=begin_checkout', order];
  const path = `/g/collect?v=2&tid=G-1&cid=${visitor}&cu=USD&ep.cartpulse_key=pk_shop`;
  const headers = { 'Content-Type': 'text/plain', 'User-Agent': agent, Origin: 'https://shop.example' };
  expect((await shop.system.request(path, send(body.join('\r\n'), headers))).status).toBe(204);
}

/** The shop's server, by Segment's own client. */
async function tracked({ id, visitor, quantity, cents }: Order): Promise<void> {
  const products = [{ product_id: 'tee-m', name: 'Tee', price: PRICE_CENTS / 100, quantity }];
  const properties = { order_id: String(id), revenue: cents / 100, currency: 'USD', products };
  server.track({ anonymousId: visitor, event: 'Order Completed', properties });
  await server.flush();
}

function orderOf({ id, visitor, quantity, cents }: Order, more: object = {}): object {
  const [line] = shopifyOrder(id).line_items;
  return shopifyOrder(id, {
    note_attributes: [{ name: '_cartpulse_id', value: visitor }],
    subtotal_price: amount(cents),
    total_price: amount(cents + 900),
    line_items: [{ ...line, quantity }],
    ...more,
  });
}

/** The shop's own hook. */
async function hook(topic: string, order: object): Promise<void> {
  const text = JSON.stringify(order);
  const signature = createHmac('sha256', 'secret').update(text).digest('base64');
  const headers = { 'X-Shopify-Hmac-Sha256': signature, 'X-Shopify-Topic': topic };
  expect((await shop.system.request('/v1/hooks/shopify', send(text, headers))).status).toBe(200);
}

const asked = async (path: string): Promise<Json> => {
  const response = await shop.system.request(path, { headers: { Authorization: 'Bearer ak' } });
  const body: Json = await response.json();
  return body.data;
};

test('a day’s orders, which page, server and hook report, are those of the shop’s own list: orders, revenue, refunds', {
  timeout: 240_000,
}, async () => {
  for (const [i, order] of ORDERS.entries()) {
    const reports = [() => browser(order), () => tracked(order), () => hook('orders/create', orderOf(order))];
    // Whoever is first; of every fourth a blocker keeps the page's, and the server says nothing of every seventh.
    const said = reports.filter((_, who) => !(who === 0 && i % 4 === 3) && !(who === 1 && i % 7 === 6));
    for (const report of [...said.slice(i % said.length), ...said.slice(0, i % said.length)]) await report();
    // What a hook's receiver was slow to answer comes again, with what has come back since.
    await shop.system.settled();
    const { id, returned } = order;
    const refunds = returned > 0 ? [shopifyRefund(id * 10, returned, amount(PRICE_CENTS))] : [];
    for (const topic of ['orders/create', 'orders/updated']) await hook(topic, orderOf(order, { refunds }));
  }
  // What the shop does not have in its list.
  await browser({ id: 9_999, visitor: 'crawler', quantity: 1, cents: PRICE_CENTS, returned: 0 }, BOT);
  await hook('orders/create', shopifyOrder(9_998, { test: true }));
  await shop.system.settled();

  const sum = (of: (order: Order) => number): number => ORDERS.reduce((total, order) => total + of(order), 0);
  const [revenue, refunds] = [sum(({ cents }) => cents), sum(({ returned }) => returned * PRICE_CENTS)];
  const units = sum(({ quantity }) => quantity);
  expect(await asked('/v1/revenue?interval=day')).toMatchObject({
    orders: ORDERS.length,
    units,
    revenue: revenue / 100,
    refunds: refunds / 100,
    net_revenue: (revenue - refunds) / 100,
  });
  expect(await asked('/v1/products/tee-m')).toMatchObject({ orders: ORDERS.length, units, revenue: revenue / 100 });
  // Page, server and hook name one visitor: what was looked at and what was bought is one person's.
  const visitors = new Set(ORDERS.map(({ visitor }) => visitor));
  expect(await asked('/v1/engagement')).toMatchObject({ active_users: visitors.size });
  const { bots, duplicates }: Json = await asked('/v1/pipeline');
  expect(bots).toBe(5);
  expect(duplicates).toBeGreaterThan(ORDERS.length);
});
