import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';
import { json, send } from '../../support/system/http.ts';
import { type Listening, listeningSystem } from '../../support/system/listening.ts';
import type { Json } from '../../support/system/system.ts';
import { medusaOrder, shopifyOrder, wooOrder } from '../hook-payloads.ts';
import { rowOf } from './tried.ts';
import { SHOPS_LIST } from './visits.ts';

type Order = (typeof SHOPS_LIST)[number];

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

interface Hook {
  readonly way: string;
  readonly guide: string;
  readonly signature: string;
  readonly topics: readonly [first: string, again: string];
  /** An order as the shop's hook has it, in a currency. */
  readonly body: (order: Order, id: number, currency: string) => object;
}

const HOOKS: readonly Hook[] = [
  {
    way: 'Shopify',
    guide: 'shopify',
    signature: 'X-Shopify-Hmac-Sha256',
    topics: ['orders/create', 'orders/updated'],
    body: ({ value, payment, lines }, id, currency) =>
      shopifyOrder(id, {
        currency,
        subtotal_price: value.toFixed(2),
        total_price: (value + 9).toFixed(2),
        payment_gateway_names: [payment],
        line_items: lines.map((line) => ({
          sku: line.id,
          title: line.name,
          price: line.price.toFixed(2),
          ...quantityOf(line),
        })),
      }),
  },
  {
    way: 'WooCommerce',
    guide: 'woocommerce',
    signature: 'X-WC-Webhook-Signature',
    topics: ['order.created', 'order.updated'],
    body: ({ value, payment, lines }, id, currency) =>
      wooOrder(id, {
        currency,
        total: (value + 5).toFixed(2),
        payment_method: payment,
        line_items: lines.map((line) => {
          const total = (line.price * line.quantity).toFixed(2);
          return { sku: line.id, name: line.name, price: line.price, total, ...quantityOf(line) };
        }),
      }),
  },
  {
    way: 'Medusa',
    guide: 'medusa',
    signature: 'X-Cartpulse-Hmac-Sha256',
    topics: ['order.placed', 'order.updated'],
    body: ({ value, payment, lines }, id, currency) =>
      medusaOrder(`order_${id}`, {
        currency_code: currency,
        item_total: value + 4,
        item_tax_total: 4,
        original_total: value + 14,
        payment_collections: [{ payments: [{ provider_id: payment, refunds: [] }] }],
        items: lines.map((line) => ({
          variant_sku: line.id,
          product_title: line.name,
          unit_price: line.price,
          ...quantityOf(line),
        })),
      }),
  },
];
const quantityOf = ({ quantity }: { readonly quantity: number }) => ({ quantity });

const asked = async ({ system }: Listening, path: string): Promise<Json> => {
  const response = await system.request(path, { headers: { Authorization: 'Bearer ak' } });
  const body: Json = await response.json();
  return body.data;
};

async function answersOf(running: Listening): Promise<Json> {
  await running.system.settled();
  const { orders, units, revenue } = await asked(running, '/v1/revenue');
  const products: Json[] = await asked(running, '/v1/products?limit=100');
  const sold = products.map((one) => [one.item_id, one.item_name, one.orders, one.units, one.revenue]);
  return { orders, units, revenue, payments: await asked(running, '/v1/payments'), sold: sold.sort() };
}

/** The shop's own list, as plain events. */
async function expectedAnswers(): Promise<Json> {
  const running = await listeningSystem(redis.url);
  const events = SHOPS_LIST.map(({ id, value, payment, lines }) => ({
    name: 'purchase',
    user_id: id,
    transaction_id: id,
    value,
    payment_type: payment,
    items: lines.map((line) => ({
      item_id: line.id,
      item_name: line.name,
      price: line.price,
      quantity: line.quantity,
    })),
  }));
  await running.system.request('/v1/events', send(JSON.stringify(events), { ...json, Authorization: 'Bearer wk' }));
  const answers = await answersOf(running);
  await running.stop();
  return answers;
}

test.each(HOOKS)('$way: every order of the shop’s list counts once, though each is delivered twice', async (hook) => {
  const { way, guide, signature, topics, body } = hook;
  const expected = await expectedAnswers();
  const running = await listeningSystem(redis.url, { [`${guide.toUpperCase()}_SECRETS`]: 'secret' });
  const deliver = async (topic: string, order: object): Promise<void> => {
    const text = JSON.stringify(way === 'Medusa' ? { event: topic, data: order } : order);
    const signed = createHmac('sha256', 'secret').update(text).digest('base64');
    const named = { 'X-Shopify-Topic': topic, 'X-WC-Webhook-Topic': topic };
    const response = await running.system.request(`/v1/hooks/${guide}`, send(text, { [signature]: signed, ...named }));
    expect(response.status).toBe(200);
  };
  try {
    for (const [i, order] of SHOPS_LIST.entries())
      for (const topic of topics) await deliver(topic, body(order, 8_000 + i, 'USD'));
    for (const order of SHOPS_LIST.slice(0, 1)) await deliver(topics[0], body(order, 7_999, 'nonsense'));
    expect(await answersOf(running)).toEqual(expected);
    const { events, duplicates, repairs }: Json = await asked(running, '/v1/pipeline');
    const repaired = Object.values<number>(repairs).reduce((sum, n) => sum + n, 0);
    const [last]: Json[] = await asked(running, `/v1/connect/${guide}`);
    expect([duplicates, last.refused, last.rejected[0].path]).toEqual([0, 1, 'currency']);
    const row = `| ${way} | its hook’s documented form, each twice | ${SHOPS_LIST.length + 1} | ${events} | ${repaired} | 1 | yes |`;
    expect(rowOf(way, 'its hook’s documented form, each twice')).toBe(row);
  } finally {
    await running.stop();
  }
});
