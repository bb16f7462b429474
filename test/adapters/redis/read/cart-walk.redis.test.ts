import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CartSource, newestCarts } from '../../../../src/adapters/redis/read/cart-walk.ts';
import type { CartPage } from '../../../../src/analytics/abandoned-carts/cart-lists.ts';
import type { CartState } from '../../../../src/fold/state/records.ts';
import { BOUNDLESS_BUDGET } from '../../../../src/metrics/read-budget.ts';
import { Random } from '../../../../src/simulator/random.ts';
import { startRedis, type TestRedis } from '../../../support/servers/redis-server.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

const CITIES = ['Pune', 'Oslo', 'Lima'];
const SHIFT_MS = 500;

interface Listed {
  readonly id: string;
  readonly atMs: number;
  readonly city: string;
  readonly openedMs: number;
}

function toCart({ id, city, openedMs }: Listed): CartState {
  const times = {
    openedMs,
    lastMs: openedMs,
    changedMs: openedMs,
    isTakenOver: false,
    graceMs: 0,
    abandonedMs: null,
    firstAbandoned: undefined,
    abandonedValue: 0,
    value: 0,
  };
  return {
    cartId: id,
    status: 'open',
    values: [city],
    currency: 'USD',
    stage: 'cart',
    source: 'live',
    countedAs: undefined,
    lines: new Map(),
    ...times,
  };
}

/** Carts in lists that overlap in time, with many of one moment; of some the record is gone already. */
async function fill(random: Random, name: string, lists: number): Promise<{ sources: CartSource[]; carts: Listed[] }> {
  const carts: Listed[] = [];
  const sources: CartSource[] = [];
  for (let list = 0; list < lists; list++) {
    const [key, records] = [`{${name}}:${list}:index`, `{${name}}:${list}:records`];
    const count = random.below(60);
    for (let i = 0; i < count; i++) {
      const id = `${100 + random.below(900)}-${list}-${i}`;
      const atMs = list * 20 + random.below(51);
      const city = CITIES[random.below(3)] ?? '';
      const cart: Listed = { id, atMs, city, openedMs: atMs - random.below(41) };
      await redis.client.zadd(key, atMs + SHIFT_MS, id);
      if (random.below(10) === 0) continue;
      await redis.client.hset(records, id, JSON.stringify(cart));
      carts.push(cart);
    }
    const decode = (userId: string, text: string) => ({
      userId,
      cart: toCart(JSON.parse(text)),
      recoveredMs: undefined,
    });
    sources.push({ key, records, shiftMs: SHIFT_MS, decode });
  }
  return { sources, carts };
}

test('pages out of several lists hold each cart of the period once, the newest first, ties by id', async () => {
  const cases = { ties: 0, secondPages: 0, filtered: 0, empty: 0 };
  for (let seed = 1; seed <= 40; seed++) {
    const random = new Random(seed);
    const { sources, carts } = await fill(random, `s${seed}`, 1 + random.below(5));
    const city = random.below(2) === 0 ? undefined : CITIES[random.below(3)];
    const fromMs = random.below(81) - 20;
    const period = {
      fromMs,
      toMs: fromMs + 20 + random.below(101),
      days: [],
      worth: undefined,
      of: city === undefined ? undefined : { place: 0, value: city },
      limit: 1 + random.below(12),
    };
    const expected = carts
      .filter(({ openedMs }) => openedMs >= period.fromMs && openedMs < period.toMs)
      .filter((cart) => city === undefined || cart.city === city)
      .sort((a, b) => b.atMs - a.atMs || (a.id < b.id ? -1 : 1));
    const found: { atMs: number; cartId: string }[] = [];
    for (;;) {
      const page: CartPage = { ...period, behind: found.at(-1) };
      const { carts: next } = await newestCarts(redis.client, sources, page, BOUNDLESS_BUDGET);
      found.push(...next.map(({ atMs, cart }) => ({ atMs, cartId: cart.cartId })));
      if (next.length < page.limit) break;
      cases.secondPages++;
    }
    expect(found.map(({ cartId }) => cartId)).toEqual(expected.map(({ id }) => id));
    if (expected.some(({ atMs }, i) => atMs === expected[i + 1]?.atMs)) cases.ties++;
    if (city !== undefined && expected.length > 0) cases.filtered++;
    if (expected.length === 0) cases.empty++;
  }
  for (const count of Object.values(cases)) expect(count).toBeGreaterThan(0);
});
