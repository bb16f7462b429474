import { expect, test } from 'vitest';
import { priceThatHurt } from '../../src/dashboard/app/attention/price-finding.ts';

const writing = { count: String, rate: String, money: (n: number) => `$${n}`, moment: String };
const period = { from: '2026-11-26', to: '2026-11-29' };

const change = (item_id: string, orders: readonly [number, number], hours: readonly [number, number] = [24, 24]) => ({
  item_id,
  item_name: item_id === 'A' ? 'Mug' : null,
  changed_at: '2026-11-27T10:00:00+00:00',
  price_before: 9,
  price_after: 12,
  before: { orders: orders[0], hours: hours[0] },
  after: { orders: orders[1], hours: hours[1] },
});

test('a price needs attention after which orders fell by more than they stray, the greatest fall first', () => {
  const found = priceThatHurt([change('B', [30, 8]), change('A', [60, 20]), change('C', [5, 1])], period, writing);
  expect(found).toMatchObject({
    name: 'price',
    title: 'Fewer orders of Mug since its price changed',
    detail: '20 orders in the 24 hours after $9 became $12',
    usual: '60 in the 24 hours before',
    leadsTo: { tab: 'products', product: 'A', ...period },
  });
});

test('a fall that may be chance, a rise, and a change whose day is not over are nothing', () => {
  const nothing = [change('A', [12, 7]), change('B', [20, 60]), change('C', [60, 5], [24, 3]), change('D', [0, 0])];
  expect(priceThatHurt(nothing, period, writing)).toBeUndefined();
  expect(priceThatHurt([{ ...change('A', [60, 5]), after: null }], period, writing)).toBeUndefined();
});
