import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { json, problem, send } from '../support/system/http.ts';
import { type Json, startSystem, type TestSystem } from '../support/system/system.ts';
import {
  ago,
  medusaCart,
  medusaOrder,
  medusaRefunds,
  shopifyCart,
  shopifyOrder,
  shopifyProduct,
  shopifyRefund,
  wooOrder,
  wooProduct,
} from './hook-payloads.ts';
import { SECRET, signed, type Way } from './signed-hook.ts';

let redis: TestRedis;
let system: TestSystem;
beforeAll(async () => {
  redis = await startRedis();
  system = await startSystem(redis.url, {
    ADMIN_KEYS: 'ak',
    SHOPIFY_SECRETS: `old,${SECRET}`,
    WOOCOMMERCE_SECRETS: SECRET,
    MEDUSA_SECRETS: SECRET,
  });
  await system.startCounting();
});
afterAll(async () => {
  await system.close();
  await redis.close();
});

async function hook(way: Way, topic: string, body: object): Promise<void> {
  const response = await system.request(`/v1/hooks/${way}`, signed(way, topic, body));
  expect([response.status, await response.json()]).toEqual([200, { success: true }]);
  await system.settled();
}

const asAdmin = { headers: { Authorization: 'Bearer ak' } };
/** Right after midnight an order of some minutes ago is of the day before. */
async function get(path: string): Promise<Json> {
  const from = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const response = await system.request(`${path}?from=${from}`, asAdmin);
  const body: Json = await response.json();
  return body.data;
}

/** How the figures of the day changed. */
async function during(act: () => Promise<void>) {
  const read = async () => {
    const { orders, revenue, refunds } = await get('/v1/revenue');
    return { orders, revenue, refunds };
  };
  const before = await read();
  await act();
  const after = await read();
  const difference = (name: keyof typeof after): number => Number((after[name] - before[name]).toFixed(2));
  return { orders: difference('orders'), revenue: difference('revenue'), refunds: difference('refunds') };
}

const ORDERS = [
  { way: 'shopify', topic: 'orders/create', again: 'orders/updated', order: shopifyOrder(1_001), visitor: 'v-1001' },
  { way: 'woocommerce', topic: 'order.created', again: 'order.updated', order: wooOrder(2_001), visitor: 'v-2001' },
  { way: 'medusa', topic: 'order.placed', again: 'order.updated', order: medusaOrder('order_1'), visitor: 'v-order_1' },
] as const;

test('an order of a hook is of the visit that the page has told, which has gone through the funnel and has not bounced', async () => {
  const visits = () => get('/v1/sessions');
  const before = await visits();
  const page = { user_id: 'v-1007', session_id: '1764403200', items: [{ item_id: 'SKU-1', price: 19.9 }] };
  for (const [i, name] of ['page_view', 'view_item', 'add_to_cart', 'begin_checkout'].entries())
    await system.request(
      '/v1/events',
      send(JSON.stringify({ ...page, name, timestamp: ago(14 - i) }), { ...json, ...asAdmin.headers }),
    );
  await hook('shopify', 'orders/create', shopifyOrder(1_007));
  const after = await visits();
  const counted = (name: string): number => after[name] - before[name];
  expect(['sessions', 'purchasing_sessions'].map(counted)).toEqual([1, 1]);
  const bounces = ({ sessions, bounce_rate: rate }: Json): number => Math.round(sessions * (rate ?? 0));
  expect(bounces(after) - bounces(before)).toBe(0);
});

describe.each(ORDERS)('an order of $way', ({ way, topic, again, order, visitor }) => {
  test('counts once, whatever is delivered again, for the visitor whom the page wrote into it', async () => {
    const counted = await during(async () => {
      await hook(way, topic, order);
      await hook(way, topic, order);
      await hook(way, again, { ...order, updated_at: ago(8) });
    });
    expect(counted).toEqual({ orders: 1, revenue: way === 'medusa' ? 40 : 39.8, refunds: 0 });
    const seen: { name: string }[] = await get(`/v1/users/${visitor}/interactions`);
    expect(seen.map(({ name }) => name)).toEqual(['purchase']);
  });

  test('that is not signed with the secret is refused, and counts nothing', async () => {
    const counted = await during(async () => {
      const path = `/v1/hooks/${way}`;
      expect(await problem(system, path, signed(way, topic, order, 'wrong'))).toMatchObject({ status: 401 });
      expect(await problem(system, path, send(JSON.stringify(order)))).toMatchObject({ status: 401 });
      const right = signed(way, topic, order);
      const changed = { ...right, body: `${String(right.body)} ` };
      expect(await problem(system, path, changed)).toMatchObject({ status: 401 });
    });
    expect(counted.orders).toBe(0);
  });
});

test('Shopify: each refund counts once, and all that was paid back is the whole order, whatever shipping was', async () => {
  const part = { refunds: [shopifyRefund(1, 1, '19.90')] };
  const all = { refunds: [...part.refunds, shopifyRefund(2, 1, '28.90')] };
  await hook('shopify', 'orders/create', shopifyOrder(1_002));
  const partly = await during(async () => {
    for (let i = 0; i < 2; i++) await hook('shopify', 'orders/updated', shopifyOrder(1_002, part));
  });
  expect(partly).toEqual({ orders: 0, revenue: 0, refunds: 19.9 });
  const whole = await during(() => hook('shopify', 'orders/updated', shopifyOrder(1_002, all)));
  expect(whole.refunds).toBe(19.9);
});

test('a cancelled order is refunded whole and once; one that was never counted is nothing', async () => {
  const cancelled = { cancelled_at: ago(2) };
  const counted = await during(async () => {
    await hook('shopify', 'orders/create', shopifyOrder(1_003));
    for (let i = 0; i < 2; i++) await hook('shopify', 'orders/cancelled', shopifyOrder(1_003, cancelled));
    await hook('shopify', 'orders/cancelled', shopifyOrder(1_004, cancelled));
  });
  expect(counted).toEqual({ orders: 1, revenue: 39.8, refunds: 39.8 });
});

test('WooCommerce: an order counts from when it is one, and its refunds once each', async () => {
  const counted = await during(async () => {
    await hook('woocommerce', 'order.created', wooOrder(2_002, { status: 'pending' }));
    await hook('woocommerce', 'order.updated', wooOrder(2_002, { status: 'completed' }));
    const refunds = [{ id: 9, reason: '', total: '-10.00' }];
    for (let i = 0; i < 2; i++) await hook('woocommerce', 'order.updated', wooOrder(2_002, { refunds }));
  });
  expect(counted).toEqual({ orders: 1, revenue: 39.8, refunds: 10 });
  const seen: { name: string }[] = await get('/v1/users/v-2002/interactions');
  expect(seen.map(({ name }) => name).sort()).toEqual(['begin_checkout', 'purchase', 'refund']);
});

test('Medusa: a refund of all that was paid is the whole order', async () => {
  const counted = await during(async () => {
    await hook('medusa', 'order.placed', medusaOrder('order_2'));
    await hook('medusa', 'payment.refunded', medusaOrder('order_2', medusaRefunds(54)));
    await hook('medusa', 'payment.refunded', medusaOrder('order_2', medusaRefunds(54)));
  });
  expect(counted).toEqual({ orders: 1, revenue: 40, refunds: 40 });
});

test('Medusa: an order that is cancelled is refunded whole and once; its cart is the visitor’s whom the page wrote into it', async () => {
  const carts = async () => {
    const open: { user_id: string; items: { item_id: string; quantity: number }[] }[] =
      await get('/v1/abandonment/carts');
    return open.find(({ user_id }) => user_id === 'v-order_3')?.items.map((item) => [item.item_id, item.quantity]);
  };
  await hook('medusa', 'cart.created', medusaCart('cart_3', 'v-order_3', 20, { cap: 1 }));
  for (let i = 0; i < 2; i++)
    await hook('medusa', 'cart.updated', medusaCart('cart_3', 'v-order_3', 18, { cap: 2, mug: 1 }));
  expect(await carts()).toEqual([
    ['cap', 2],
    ['mug', 1],
  ]);
  const counted = await during(async () => {
    await hook('medusa', 'order.placed', medusaOrder('order_3'));
    expect(await carts()).toBeUndefined();
    const canceled = { status: 'canceled', canceled_at: ago(2) };
    for (let i = 0; i < 2; i++) await hook('medusa', 'order.canceled', medusaOrder('order_3', canceled));
  });
  expect(counted).toEqual({ orders: 1, revenue: 40, refunds: 40 });
});

test('a cart that is reported whole at every change holds what lies in it now, and is bought by its order', async () => {
  const token = 'cart-1005';
  const cart = async () => {
    const open: { user_id: string; items: { item_id: string; quantity: number }[] }[] =
      await get('/v1/abandonment/carts');
    return open.find(({ user_id }) => user_id === token)?.items.map((item) => [item.item_id, item.quantity]);
  };
  await hook('shopify', 'carts/create', shopifyCart(token, 20, { a: 1 }));
  await hook('shopify', 'carts/update', shopifyCart(token, 18, { a: 3, b: 1 }));
  await hook('shopify', 'carts/update', shopifyCart(token, 18, { a: 3, b: 1 }));
  expect(await cart()).toEqual([
    ['a', 3],
    ['b', 1],
  ]);
  await hook('shopify', 'carts/update', shopifyCart(token, 16, { b: 2 }));
  // It was overtaken.
  await hook('shopify', 'carts/update', shopifyCart(token, 17, { a: 2, b: 1 }));
  expect(await cart()).toEqual([['b', 2]]);
  const checkout = { ...shopifyOrder(1_005, { note_attributes: [] }), token: 'co-1', cart_token: token };
  await hook('shopify', 'checkouts/create', checkout);
  await hook('shopify', 'checkouts/update', checkout);
  await hook('shopify', 'orders/create', shopifyOrder(1_005, { note_attributes: [], cart_token: token }));
  expect(await cart()).toBeUndefined();
  const seen: { name: string }[] = await get(`/v1/users/${token}/interactions`);
  expect(seen.map(({ name }) => name).filter((name) => !name.endsWith('_cart'))).toEqual([
    'purchase',
    'begin_checkout',
  ]);
});

test('reports that come at the same time count as if they had come one after the other', async () => {
  const deliver = (topic: string, bodies: readonly object[]) =>
    Promise.all(bodies.map((body) => system.request('/v1/hooks/shopify', signed('shopify', topic, body))));
  const updates = [5, 3, 1, 4, 2].map((n) => shopifyCart('cart-at-once', 20 - n, { a: n, b: 6 - n }));
  const counted = await during(async () => {
    await deliver('carts/update', updates);
    await deliver(
      'orders/updated',
      Array.from({ length: 5 }, () => shopifyOrder(1_010)),
    );
    await system.settled();
  });
  expect(counted).toEqual({ orders: 1, revenue: 39.8, refunds: 0 });
  const open: { user_id: string; items: object[] }[] = await get('/v1/abandonment/carts');
  const cart = open.find(({ user_id }) => user_id === 'cart-at-once');
  expect(cart?.items).toMatchObject([
    { item_id: 'a', quantity: 5 },
    { item_id: 'b', quantity: 1 },
  ]);
});

test('stock and prices are those of the products', async () => {
  await hook('shopify', 'products/update', shopifyProduct('tee-m', 7, '21.90'));
  await hook('woocommerce', 'product.updated', wooProduct(93, 4));
  expect(await get('/v1/products/93')).toMatchObject({ price: 19.9 });
  const level = { id: 'iloc_1', stocked_quantity: 9, reserved_quantity: 2, updated_at: ago(1) };
  await hook('medusa', 'inventory.inventory-level.updated', { ...level, inventory_item: { sku: 'cap' } });
  expect(await get('/v1/products/tee-m')).toMatchObject({ stock_level: 7, price: 21.9 });
  expect(await get('/v1/products/93')).toMatchObject({ stock_level: 4 });
  expect(await get('/v1/products/cap')).toMatchObject({ stock_level: 7 });
});

test('a test order, an old order that changes, and a topic that nobody counts are successes that count nothing', async () => {
  const counted = await during(async () => {
    await hook('shopify', 'orders/create', shopifyOrder(1_006, { test: true }));
    await hook('shopify', 'orders/updated', shopifyOrder(1_007, { created_at: ago(100 * 24 * 60) }));
    await hook('shopify', 'fulfillments/create', shopifyOrder(1_008));
  });
  expect(counted).toEqual({ orders: 0, revenue: 0, refunds: 0 });
});

test('what is wrong with an event is said in a success, since shops give up hooks that are refused; put right, it counts', async () => {
  const bad = shopifyOrder(1_009, { currency: 'nonsense' });
  const response = await system.request('/v1/hooks/shopify', signed('shopify', 'orders/create', bad));
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ success: true, accepted: 0, rejected: [{ path: 'currency' }] });
  const counted = await during(() => hook('shopify', 'orders/updated', shopifyOrder(1_009)));
  expect(counted.orders).toBe(1);
});

test('WooCommerce’s trial of a new hook is answered, unsigned as it comes', async () => {
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const response = await system.request('/v1/hooks/woocommerce', send('webhook_id=12', form));
  expect(response.status).toBe(200);
  expect(await problem(system, '/v1/hooks/shopify', send('webhook_id=12', form))).toMatchObject({ status: 401 });
});
