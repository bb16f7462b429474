import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { json, send } from '../support/system/http.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';
import { shopifyOrder } from './hook-payloads.ts';

let redis: TestRedis;
let system: TestSystem;
beforeAll(async () => {
  redis = await startRedis();
  system = await startSystem(redis.url, { SHOPIFY_SECRETS: 'secret' });
  await system.startCounting();
});
afterAll(async () => {
  await system.close();
  await redis.close();
});

interface Order {
  readonly id: number;
  readonly visitor: string;
  readonly quantity: number;
  readonly value: number;
}

/** How each way reports an order of the shop, for the visitor whom its page wrote into the order. */
const WAYS: readonly ((order: Order) => Promise<Response>)[] = [
  ({ id, visitor, quantity, value }) => {
    const lines = `pr1=idtee-m~nmTee~pr19.9~qt${quantity}`;
    const query = `v=2&cid=${visitor}&en=purchase&cu=USD&ep.transaction_id=${id}&epn.value=${value}&${lines}`;
    return system.request(`/g/collect?${query}`, { method: 'POST' });
  },
  ({ id, visitor, quantity, value }) => {
    const products = [{ product_id: 'tee-m', name: 'Tee', price: 19.9, quantity }];
    const properties = { order_id: id, revenue: value, currency: 'USD', products };
    const message = { event: 'Order Completed', anonymousId: visitor, messageId: `m${id}`, properties };
    return system.request('/v1/track', send(JSON.stringify(message), json));
  },
  ({ id, visitor, quantity, value }) => {
    const [line] = shopifyOrder(id).line_items;
    const more = { note_attributes: [{ name: '_cartpulse_id', value: visitor }], subtotal_price: value.toFixed(2) };
    const text = JSON.stringify(shopifyOrder(id, { ...more, line_items: [{ ...line, quantity }] }));
    const signature = createHmac('sha256', 'secret').update(text).digest('base64');
    const headers = { 'X-Shopify-Hmac-Sha256': signature, 'X-Shopify-Topic': 'orders/create' };
    return system.request('/v1/hooks/shopify', send(text, headers));
  },
];

test('orders that page, server and hook report count as the shop’s own list has them', async () => {
  const orders = Array.from({ length: 30 }, (_, i): Order => {
    const quantity = 1 + (i % 3);
    return { id: 5_000 + i, visitor: `visitor-${i % 7}`, quantity, value: Number((19.9 * quantity).toFixed(2)) };
  });
  for (const [i, order] of orders.entries()) {
    // Whoever is first; of some orders a page or a server says nothing, and some are said twice.
    const reports = [...WAYS.slice(i % 3), ...WAYS.slice(0, i % 3)].slice(0, 1 + (i % 4));
    for (const report of [...reports, reports[0]]) expect((await report?.(order))?.ok).toBe(true);
  }
  await system.settled();
  const cents = orders.reduce((sum, { value }) => sum + Math.round(value * 100), 0);
  const units = orders.reduce((sum, { quantity }) => sum + quantity, 0);
  // Right after midnight the hook's orders are of the day before.
  const from = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  expect(await system.get(`/v1/revenue?from=${from}`)).toMatchObject({ orders: 30, units, revenue: cents / 100 });
  expect(await system.get(`/v1/products/tee-m?from=${from}`)).toMatchObject({
    orders: 30,
    units,
    revenue: cents / 100,
  });
});
