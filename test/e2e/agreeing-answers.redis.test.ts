import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { disagreements } from '../support/compare/agreement.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { startProcess, type TestProcess } from '../support/system/processes.ts';
import { type Json, startSystem, type TestSystem, unique } from '../support/system/system.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

const ITEMS = 5;
const CITIES = ['Lyon', 'Oslo', 'Rome'];

let visits = 0;
/** A visit from the first look to the order: one unit of one item at the price of 1. */
function visit(): object[] {
  const n = visits++;
  const line = { item_id: `item-${n % ITEMS}`, item_category: `kind ${n % 2}`, price: 1 };
  const of = (name: string, more: object) => ({ name, user_id: `u${n}`, city: CITIES[n % CITIES.length], ...more });
  return [
    of('search', { search_term: `term ${n % 3}`, results_count: n % 2 }),
    of('view_item', { items: [line] }),
    of('add_to_cart', { items: [line] }),
    of('begin_checkout', { items: [line] }),
    of('purchase', { items: [line], transaction_id: `t${n}`, payment_type: n % 2 === 0 ? 'card' : 'paypal' }),
  ];
}

const PATHS = [
  ...Array.from({ length: ITEMS }, (_, i) => `/v1/products/item-${i}`),
  '/v1/products',
  '/v1/products?sort=cart_to_order_rate',
  '/v1/products?sort=item_name',
  '/v1/categories',
  '/v1/brands',
  '/v1/revenue',
  '/v1/revenue?interval=hour',
  '/v1/revenue?city=Oslo&interval=hour',
  '/v1/payments',
  '/v1/cities',
  '/v1/funnel?interval=hour&breakdown=city',
  '/v1/funnel?city=Rome&interval=hour',
  '/v1/abandonment?interval=hour&breakdown=city',
  '/v1/engagement?interval=hour',
  '/v1/sessions?interval=hour',
  '/v1/events/frequencies?interval=hour',
  '/v1/searches',
];

/** Asks for everything without pause until it is told to stop. */
async function readOn(
  shop: TestSystem,
  stop: AbortSignal,
): Promise<{ readonly found: string[]; readonly read: number }> {
  const found: string[] = [];
  let read = 0;
  const reader = async (from: number): Promise<void> => {
    for (let i = from; !stop.aborted; i++) {
      const path = PATHS[i % PATHS.length] ?? '';
      const response = await shop.request(path);
      const body: Json = await response.json();
      // Before the first order there is no such item.
      if (response.status === 404) continue;
      expect(response.status, `${path} ${JSON.stringify(body)}`).toBe(200);
      found.push(...disagreements(path, body).map((what) => `${path}: ${what}`));
      read += 1;
    }
  };
  await Promise.all([0, 5, 10].map(reader));
  return { found, read };
}

async function send(shop: TestSystem, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 200) {
    const response = await shop.post(Array.from({ length: Math.min(200, count - sent) }, visit).flat());
    expect(response.status, await response.text()).toBe(202);
  }
}

function consumer(prefix: string, environment: Readonly<Record<string, string>>): TestProcess {
  return startProcess('build/main.js', ['consume'], { REDIS_URL: redis.url, KEY_PREFIX: prefix, ...environment });
}

test.each(['1', '2'])(
  'every answer agrees with itself, live and behind a backlog, with %s shard(s)',
  async (shards) => {
    const environment = { REDIS_SHARDS: shards, PARTITIONS: '4', LOG_LEVEL: 'error' };
    const prefix = unique();
    const shop = await startSystem(redis.url, { KEY_PREFIX: prefix, ...environment });
    await send(shop, 2_000);
    const counting = consumer(prefix, environment);
    const stop = new AbortController();
    const reading = readOn(shop, stop.signal);
    try {
      await shop.settled();
      for (let i = 0; i < 60; i++) {
        await send(shop, 20);
        await sleep(25);
      }
      await shop.settled();
    } finally {
      stop.abort();
      await counting.kill('SIGTERM');
    }
    const { found, read } = await reading;
    expect(read).toBeGreaterThan(100);
    expect(found).toEqual([]);
    await shop.close();
  },
);
