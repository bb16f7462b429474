import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformSync } from '@swc/core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';
import { type Listening, listeningSystem } from '../../support/system/listening.ts';
import type { Json } from '../../support/system/system.ts';
import { ago, medusaCart, medusaOrder, medusaRefunds } from '../hook-payloads.ts';

let redis: TestRedis;
let shop: Listening;
const folder = mkdtempSync(join(tmpdir(), 'cartpulse-medusa-'));
beforeAll(async () => {
  redis = await startRedis();
  shop = await listeningSystem(redis.url, { MEDUSA_SECRETS: 'secret' });
  vi.stubEnv('CARTPULSE_SECRET', 'secret');
  vi.stubEnv('CARTPULSE_URL', shop.url);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
  await shop.stop();
  await redis.close();
});

/** The code that the guide has shops paste, as it stands there. */
async function subscriber(): Promise<{ send: (event: object) => Promise<void>; events: string[] }> {
  const guide = readFileSync(resolve(import.meta.dirname, '../../../docs/connect/medusa.md'), 'utf8');
  const lines = guide.split('\n').filter((line) => line === '' || line.startsWith('    '));
  const code = lines.map((line) => line.slice(4)).join('\n');
  const { code: plain } = transformSync(code, { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } });
  const path = join(folder, 'subscriber.mjs');
  writeFileSync(path, plain);
  const { default: send, config } = await import(pathToFileURL(path).href);
  return { send, events: config.event };
}

/** What the shop's own query gives, by entity and id. */
const ROWS: Json = {
  order: { order_9: medusaOrder('order_9') },
  payment: { pay_9: { payment_collection: { order: { id: 'order_9' } } } },
  cart: { cart_9: medusaCart('cart_9', 'v-other', 20, { cap: 2 }) },
  inventory_level: {
    iloc_9: {
      id: 'iloc_9',
      stocked_quantity: 9,
      reserved_quantity: 2,
      updated_at: ago(1),
      inventory_item: { sku: 'cap' },
    },
  },
};
const container = {
  resolve: () => ({
    graph: async ({ entity, filters: { id } }: Json) => ({ data: [ROWS[entity][id]] }),
  }),
};

const asked = async (path: string): Promise<Json> => {
  await shop.system.settled();
  const response = await shop.system.request(path, { headers: { Authorization: 'Bearer ak' } });
  const body: Json = await response.json();
  return body.data;
};

test('the subscriber that the guide has shops paste sends what each of its events is about, signed', async () => {
  const { send, events } = await subscriber();
  const happens = async (name: string, id: string): Promise<void> => {
    expect(events).toContain(name);
    await send({ event: { name, data: { id } }, container } as object);
  };
  await happens('cart.updated', 'cart_9');
  await happens('order.placed', 'order_9');
  await happens('inventory.inventory-level.updated', 'iloc_9');
  ROWS.order.order_9 = medusaOrder('order_9', medusaRefunds(10));
  await happens('payment.refunded', 'pay_9');
  expect(await asked('/v1/revenue')).toMatchObject({ orders: 1, revenue: 40, refunds: 10 });
  expect(await asked('/v1/products/cap')).toMatchObject({ carts: 1, orders: 1, units: 2, stock_level: 7 });
  vi.stubEnv('CARTPULSE_SECRET', 'another');
  await expect(happens('order.updated', 'order_9')).rejects.toThrow('cartpulse answered 401');
});
