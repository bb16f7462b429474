import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Oracle } from '../support/oracle/oracle.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { sendAll } from '../support/system/sending.ts';
import { type Json, startSystem, type TestSystem } from '../support/system/system.ts';
import { simulated } from '../support/traffic/simulated.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

let redis: TestRedis;
const shops: TestSystem[] = [];

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());
afterEach(async () => {
  for (const shop of shops.splice(0)) await shop.close();
});

async function started(): Promise<TestSystem> {
  const shop = await startSystem(
    redis.url,
    { PARTITIONS: '2', LOG_RETENTION: '60d', EXPLORE_TIMEOUT: '5m' },
    { archives: true },
  );
  shops.push(shop);
  await shop.startCounting();
  return shop;
}

/** What is recounted of carts on all days, and what of it is not as the answers have it. */
async function ofCarts(shop: TestSystem, from: string): Promise<{ all: Map<string, number>; off: Json[] }> {
  const { days, left_out } = await shop.get(`/v1/accuracy?from=${from}`);
  expect(left_out).toEqual([]);
  const metrics: Json[] = days.flatMap(({ date, metrics: of }: Json) => of.map((one: Json) => ({ date, ...one })));
  const carts = metrics.filter(({ metric }) => metric.startsWith('carts '));
  const all = new Map<string, number>();
  for (const { metric, batch } of carts) all.set(metric, (all.get(metric) ?? 0) + batch);
  return { all, off: carts.filter(({ error_percent: error }) => error !== 0) };
}

const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

test('carts of a simulated shop and of an imported file are recounted as the answers have them', {
  timeout: 300_000,
}, async () => {
  const shop = await started();
  const events = simulated(3_000, new Oracle(2), 2);
  for (let from = 0; from < events.length; from += 1_000) await sendAll(shop, events.slice(from, from + 1_000));
  expect((await shop.importFile('rees46', readFileSync('test/data/rees46-2019-10-sample.csv'))).status).toBe(200);
  await shop.settled();
  const { all, off } = await ofCarts(shop, dateOf(Date.now() - 4 * DAY_MS));
  expect(off).toEqual([]);
  expect(all.get('carts opened')).toBeGreaterThan(50);
  const { days } = await shop.get('/v1/accuracy?from=2019-10-01&to=2019-10-31');
  const imported: Json[] = days.flatMap(({ metrics }: Json) => metrics);
  expect(imported.filter(({ metric, error_percent: error }) => /^carts/.test(metric) && error !== 0)).toEqual([]);
  expect(imported.map(({ metric }) => metric)).toContain('carts opened');
});

/** Small whole numbers that look like chance, the same each time. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state >>> 8;
  }
}

/** Visitors who fill carts, empty them, leave them, come back, sign in and buy, over two weeks. */
function shoppers(seed: number, count: number, guestShare: number): Json[] {
  const random = numbers(seed);
  const below = (most: number): number => random.next().value % most;
  const events: Json[] = [];
  let [at, person, left] = [Date.now() - 13 * DAY_MS, 0, 0];
  const step = Math.floor((13 * DAY_MS - HOUR_MS) / count);
  for (let i = 0; i < count; i += 1) {
    left -= 1;
    at += left > 0 ? (1 + below(9)) * MINUTE_MS : 3 * step;
    if (left <= 0) [person, left] = [below(18), 1 + below(5)];
    const late = below(14) === 0 ? below(3 * HOUR_MS) : 0;
    const isGuest = person < guestShare && below(3) > 0;
    const who = isGuest
      ? { anonymous_id: `guest ${person}` }
      : {
          user_id: `user ${person}`,
          ...(person < guestShare && below(2) === 0 && { anonymous_id: `guest ${person}` }),
        };
    const item = {
      item_id: `item ${below(3)}`,
      quantity: 1 + below(8),
      ...(below(4) > 0 && { price: 1 + below(50) / 4 }),
    };
    const name = ['page_view', 'add_to_cart', 'add_to_cart', 'remove_from_cart', 'begin_checkout', 'purchase'][
      below(6)
    ];
    const burst = below(5) === 0 ? 40 * MINUTE_MS : 0;
    events.push({
      event_id: `${seed}-${i}`,
      name,
      timestamp: at - late + (burst > 0 ? below(burst) : 0),
      ...who,
      ...(below(9) === 0 && { currency: 'EUR' }),
      ...(name === 'purchase' && { transaction_id: `${seed} order ${i}`, value: 5 }),
      ...(/cart/.test(name ?? '') &&
        below(15) > 0 && { items: below(4) === 0 ? [item, { ...item, quantity: 1 }] : [item] }),
    });
  }
  return events.filter(({ timestamp }) => timestamp < Date.now());
}

/** What can be sent at once: each person does one thing. */
function inTurns(events: readonly Json[]): Json[][] {
  const turns: Json[][] = [];
  const seen = new Set<string>();
  for (const event of events) {
    const person = String(event.user_id ?? event.anonymous_id).split(' ')[1] ?? '';
    if (seen.has(person) || turns.length === 0) {
      seen.clear();
      turns.push([]);
    }
    seen.add(person);
    turns.at(-1)?.push(event);
  }
  return turns;
}

test.each([
  ['nobody signs in', 1, 0],
  ['nobody signs in', 2, 0],
  ['guests sign in', 3, 9],
  ['guests sign in', 4, 18],
])(
  'carts of two weeks, opened, emptied, left, taken up again, bought and recovered, where %s (%i)',
  { timeout: 300_000 },
  async (_, seed, guestShare) => {
    const shop = await started();
    const events = shoppers(seed, 500, guestShare);
    for (const together of inTurns(events)) {
      expect((await shop.post(together)).status).toBe(202);
      await shop.settled();
    }
    const tidy = { user_id: 'tidy', timestamp: Date.now(), items: [{ item_id: 'mug', price: 3 }] };
    await shop.post(['add_to_cart', 'remove_from_cart'].map((name) => ({ ...tidy, name })));
    expect((await shop.request('/v1/users/user%201', { method: 'DELETE' })).ok).toBe(true);
    await shop.settled();
    const { all, off } = await ofCarts(shop, dateOf(Date.now() - 16 * DAY_MS));
    expect(off).toEqual([]);
    for (const metric of [
      'opened',
      'purchased',
      'emptied',
      'abandoned',
      'recovered',
      'abandoned value USD',
      'recovered value USD',
    ])
      expect([metric, all.get(`carts ${metric}`)]).toEqual([metric, expect.any(Number)]);
  },
);
