import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { type Json, startSystem, type TestSystem } from '../support/system/system.ts';
import {
  ago,
  medusaOrder,
  medusaRefunds,
  shopifyCart,
  shopifyOrder,
  shopifyProduct,
  shopifyRefund,
  wooOrder,
} from './hook-payloads.ts';
import { SECRET, signed, type Way } from './signed-hook.ts';

let redis: TestRedis;
let system: TestSystem;
beforeAll(async () => {
  redis = await startRedis();
  const secrets = { SHOPIFY_SECRETS: SECRET, WOOCOMMERCE_SECRETS: SECRET, MEDUSA_SECRETS: SECRET };
  system = await startSystem(redis.url, { ADMIN_KEYS: 'ak', ...secrets });
  await system.startCounting();
});
afterAll(async () => {
  await system.close();
  await redis.close();
});

async function hook(way: Way, topic: string, body: object): Promise<Json> {
  const response = await system.request(`/v1/hooks/${way}`, signed(way, topic, body));
  expect(response.status).toBe(200);
  await system.settled();
  return response.json();
}

async function get(path: string): Promise<Json> {
  const from = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const response = await system.request(`${path}?from=${from}`, { headers: { Authorization: 'Bearer ak' } });
  const { data }: Json = await response.json();
  return data;
}

/** How the figures of the day changed. */
async function during(act: () => Promise<unknown>) {
  const before = await get('/v1/revenue');
  await act();
  const after = await get('/v1/revenue');
  const difference = (name: string): number => Number((after[name] - before[name]).toFixed(2));
  return { orders: difference('orders'), revenue: difference('revenue'), refunds: difference('refunds') };
}

const sku = (text: string, quantity = 2) => ({ sku: text, variant_id: 9_001, title: 'Tee', price: '19.90', quantity });
const gmt = (minutes: number): string => ago(minutes).slice(0, 19);

describe('what came of an order counts once with it, where its delivery overtook that of the order', () => {
  test.each<[name: string, way: Way, end: object, order: object, worth: number, back: number]>([
    [
      'cancelled, of Shopify',
      'shopify',
      shopifyOrder(1, { cancelled_at: ago(2), updated_at: ago(2) }),
      shopifyOrder(1),
      39.8,
      39.8,
    ],
    [
      'cancelled, of Medusa',
      'medusa',
      medusaOrder('o_1', { status: 'canceled', updated_at: ago(2) }),
      medusaOrder('o_1'),
      40,
      40,
    ],
    [
      'refunded, of WooCommerce',
      'woocommerce',
      wooOrder(2, { status: 'refunded', date_modified_gmt: gmt(2), refunds: [{ id: 1, total: '-44.80' }] }),
      wooOrder(2),
      39.8,
      39.8,
    ],
  ])('%s', async (_, way, end, order, worth, back) => {
    const topic = { shopify: 'orders/updated', woocommerce: 'order.updated', medusa: 'order.updated' }[way];
    expect(await during(() => hook(way, topic, end))).toEqual({ orders: 0, revenue: 0, refunds: 0 });
    const counted = await during(async () => {
      await hook(way, topic, order);
      await hook(way, topic, end);
      await hook(way, topic, order);
    });
    expect(counted).toEqual({ orders: 1, revenue: worth, refunds: back });
  });

  test('not where it was paid after all', async () => {
    const counted = await during(async () => {
      await hook('woocommerce', 'order.updated', wooOrder(3, { status: 'failed', date_modified_gmt: gmt(5) }));
      await hook('woocommerce', 'order.updated', wooOrder(3, { date_modified_gmt: gmt(4) }));
    });
    expect(counted).toEqual({ orders: 1, revenue: 39.8, refunds: 0 });
  });
});

test('a refund that was taken is not sent again with one beside it that is refused', async () => {
  const good = shopifyRefund(41, 1, '19.90');
  const refunds = [good, { ...shopifyRefund(42, 1, '1.00'), created_at: 'yesterday' }];
  expect(await hook('shopify', 'orders/updated', shopifyOrder(4, { refunds }))).toMatchObject({ accepted: 2 });
  const again = await hook('shopify', 'orders/updated', shopifyOrder(4, { refunds }));
  expect(again).toMatchObject({ accepted: 0, rejected: [{ path: 'timestamp' }] });
});

describe('an order is not lost for', () => {
  const attributes = (value: unknown) => ({ note_attributes: [{ name: 'cartpulse_id', value }] });
  const nobody = { note_attributes: null, cart_token: null, customer: null, email: '' };
  test.each<[name: string, way: Way, order: object]>([
    ['a line of which nothing is left', 'shopify', shopifyOrder(10, { line_items: [sku('a'), sku('b', 0)] })],
    [
      'such a line of WooCommerce',
      'woocommerce',
      wooOrder(11, {
        line_items: [
          { product_id: 1, quantity: 2, total: '39.80' },
          { product_id: 2, quantity: 0, total: '0.00' },
        ],
      }),
    ],
    ['what a page wrote as its visitor, too long', 'shopify', shopifyOrder(12, attributes('x'.repeat(129)))],
    ['what a page wrote as its visitor, no text', 'shopify', shopifyOrder(13, attributes('\ud800'))],
    ['a buyer whom nobody knows', 'shopify', shopifyOrder(14, nobody)],
    ['a gateway with a long name', 'shopify', shopifyOrder(15, { payment_gateway_names: ['p'.repeat(65)] })],
    ['a SKU that is too long', 'shopify', shopifyOrder(16, { line_items: [sku('s'.repeat(129))] })],
    [
      'a comma in its amounts',
      'woocommerce',
      wooOrder(17, { line_items: [{ product_id: 1, quantity: 2, total: '39,80', price: '19,90' }] }),
    ],
    [
      'as many lines as Shopify allows',
      'shopify',
      shopifyOrder(18, {
        line_items: Array.from({ length: 500 }, (_, i) => ({ ...sku(`s${i}`), tax_lines: 'x'.repeat(3_000) })),
      }),
    ],
  ])('%s', async (_, way, order) => {
    const topic = way === 'shopify' ? 'orders/create' : 'order.created';
    expect(await during(() => hook(way, topic, order))).toEqual({ orders: 1, revenue: 39.8, refunds: 0 });
  });
});

test('an amount that is no number is refused, and never counted as nothing', async () => {
  const order = wooOrder(20, { line_items: [{ product_id: 1, quantity: 2, total: '1.039,80' }] });
  expect(await hook('woocommerce', 'order.created', order)).toMatchObject({ rejected: [{ path: 'value' }] });
  await hook('medusa', 'order.placed', medusaOrder('o_21', { item_total: '44.00', item_tax_total: '4.00' }));
  const [refund] = medusaRefunds(10).payment_collections[0]?.payments[0]?.refunds ?? [];
  const refunds = [{ ...refund, amount: 'ten' }];
  const refunded = medusaOrder('o_21', { payment_collections: [{ payments: [{ refunds }] }] });
  expect(await hook('medusa', 'payment.refunded', refunded)).toMatchObject({ rejected: [{ path: 'value' }] });
});

test('a product with more variants than a request may have events is taken whole', async () => {
  const product = shopifyProduct('v', 3, '9.90');
  const variants = Array.from({ length: 600 }, (_, i) => ({ ...product.variants[0], id: i, sku: `v${i}` }));
  expect(await hook('shopify', 'products/update', { ...product, variants })).toEqual({ success: true });
  expect(await get('/v1/products/v599')).toMatchObject({ stock_level: 3, price: 9.9 });
});

test('a cart that changes twice in a second holds both, whatever its items are called', async () => {
  const odd = ['constructor', '__proto__', 'toString'];
  const quantitiesOf = (quantity: number) => Object.fromEntries(odd.map((id): [string, number] => [id, quantity]));
  const first = shopifyCart('odd', 5, quantitiesOf(1));
  await hook('shopify', 'carts/create', first);
  await hook('shopify', 'carts/update', { ...shopifyCart('odd', 5, quantitiesOf(3)), updated_at: first.updated_at });
  await hook('shopify', 'carts/update', shopifyCart('odd', 4, quantitiesOf(3)));
  const open: { user_id: string; items: { item_id: string; quantity: number }[] }[] =
    await get('/v1/abandonment/carts');
  const items = open.find(({ user_id }) => user_id === 'odd')?.items ?? [];
  expect(items.map((item) => [item.item_id, item.quantity]).sort()).toEqual(odd.map((id) => [id, 3]).sort());
});
