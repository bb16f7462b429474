import { afterAll, beforeAll, expect, test } from 'vitest';
import { draftOf, ruleOf, timesOf, timeWithEnough, type Watch } from '../../src/dashboard/app/alerts/watch.ts';
import {
  checkoutBelow,
  foundNothing,
  outYetViewed,
  paymentsSilent,
  richCartsLeft,
} from '../../src/dashboard/app/attention/findings.ts';
import { priceThatHurt } from '../../src/dashboard/app/attention/price-finding.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { type Json, startSystem, type TestSystem } from '../support/system/system.ts';

const writing = { count: String, rate: String, money: String, moment: String };
/** Answers as the API gives them, as far as findings read them. */
const answer = (fields: Json): Json => fields;

const stages = (checkout: number, purchase: number) =>
  answer({ stages: Object.entries({ checkout, purchase }).map(([stage, count]) => ({ stage, count })) });
const sales = (orders: readonly number[]) => answer({ series: orders.map((n) => ({ start: '', orders: n })) });
const FINDINGS = {
  'out of stock': outYetViewed(answer([{ item_id: 'a', stock_level: 0, views_while_out: 3 }]), writing),
  searches: foundNothing(answer([{ search_term: 'a.b=c', no_results: 7, count: 7 }]), writing),
  checkout: checkoutBelow(stages(40, 4), answer({ series: [50, 60, 70].map((n) => stages(100, n)) }), writing),
  payments: paymentsSilent(sales([0, 0]), sales([2, 2]), 2, writing),
  carts: richCartsLeft(
    answer([{ currency: 'USD', value: 220.5 }]),
    { average_order_value: 50, currency: 'USD' },
    writing,
  ),
  price: priceThatHurt(
    [
      {
        ...{ item_id: 'a/b é', item_name: 'x'.repeat(200), changed_at: '', price_before: 1, price_after: 2 },
        ...{ before: { orders: 40, hours: 24 }, after: { orders: 4, hours: 24 } },
      },
    ],
    { from: '', to: '' },
    writing,
  ),
};

let redis: TestRedis;
let system: TestSystem;
beforeAll(async () => {
  redis = await startRedis();
  system = await startSystem(redis.url);
  await system.startCounting();
  // Of a list without rows any field could be watched.
  await system.post([
    { name: 'stock_update', item_id: 'a', stock_level: 0, timestamp: Date.now() - 60_000 },
    { name: 'view_item', user_id: 'ann', items: [{ item_id: 'a' }] },
    { name: 'search', user_id: 'ann', search_term: 'unicorn', results_count: 0 },
  ]);
  await system.settled();
});
afterAll(async () => {
  await system.close();
  await redis.close();
});

const post = async (watch: Watch): Promise<[number, Json]> => {
  const body = JSON.stringify(ruleOf(watch, { ...draftOf(watch), address: 'http://127.0.0.1:9/x' }));
  const headers = { 'Content-Type': 'application/json' };
  const response = await system.request('/v1/alerts', { method: 'POST', headers, body });
  return [response.status, await response.json()];
};

test.each(Object.entries(FINDINGS))(
  'an alert of what is found about %s is one that the server takes',
  async (_, found) => {
    if (found === undefined) throw new Error('it was not found');
    const [status, answered] = await post(found.watch);
    expect([status, answered.errors]).toEqual([201, undefined]);
    expect(answered.data).toMatchObject({ answer: found.watch.answer, field: found.watch.field });
  },
);

test.each(['inventory', 'searches'])('CONTROL: a number that rows of %s have not is refused', async (answered) => {
  const watch = { name: 'none', answer: answered, field: 'sum.no_such', when: { is: 'above', than: 1 } } as const;
  expect((await post(watch))[0]).toBe(400);
});

test.each(['revenue', 'funnel', 'products/a'])('of %s every time that the form offers can be asked', async (path) => {
  const field = path === 'funnel' ? 'stages.0.count' : 'orders';
  for (const over of timesOf(path)) {
    const watch = { name: `${over}`, answer: path, field, when: { is: 'above', than: 1 }, over } as const;
    expect([over, (await post(watch))[0]]).toEqual([over, 201]);
  }
});

test('the time in which none at all is no chance is longer the fewer there are', () => {
  expect([100, 12, 6, 5, 1, 0.1].map((usual) => timeWithEnough(usual, 30))).toEqual([15, 30, 60, 120, 360, 1_440]);
});
