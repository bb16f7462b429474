import { describe, expect, test } from 'vitest';
import {
  checkoutBelow,
  foundNothing,
  outYetViewed,
  paymentsSilent,
  richCartsLeft,
  type Writing,
} from '../../src/dashboard/app/attention/findings.ts';

const writing: Writing = {
  count: String,
  rate: (n) => `${Math.round(100 * n)}%`,
  money: (n) => `$${n}`,
  moment: (iso) => iso.slice(11, 16),
};

const item = (item_id: string, stock_level: number, views_while_out: number | null) => ({
  item_id,
  item_name: null,
  stock_level,
  views_while_out,
  views: 9,
  units: 0,
  hours_of_stock_left: null,
  lost_sales: null,
  out_of_stock_hours: null,
});

test('items out of stock need attention where they are looked at, the most wanted by name', () => {
  const found = outYetViewed([item('A', 0, 2), item('B', 0, 5), item('C', 0, 0), item('D', 3, 8)], writing);
  expect(found?.title).toBe('2 out of stock, still looked at');
  expect(found?.detail).toBe('7 views since they ran out; most of B');
  expect(outYetViewed([item('C', 0, 0), item('D', 0, null)], writing)).toBeUndefined();
});

test('a term that finds nothing needs attention from five searches on', () => {
  const term = (search_term: string, no_results: number) => ({
    search_term,
    no_results,
    count: no_results,
    clicks: 0,
    click_through_rate: null,
  });
  const found = foundNothing([term('a', 5), term('b', 7), term('c', 1)], writing);
  expect(found?.title).toBe('“b” finds nothing');
  expect(found?.detail).toBe('7 of 7 searches; 1 more like it');
  expect(foundNothing([term('a', 4)], writing)).toBeUndefined();
});

describe('the checkout', () => {
  const stage = (name: string, count: number) => ({
    stage: name,
    count,
    drop_off: 0,
    percent_of_first: null,
    percent_of_previous: null,
  });
  const visits = (checkout: number, purchase: number) => ({
    start: '2026-11-28T00:00:00Z',
    stages: [stage('checkout', checkout), stage('purchase', purchase)],
  });
  const funnel = { funnel: 'shop', funnels: ['shop'], mode: 'closed', ...visits(0, 0) } as const;
  const week = { ...funnel, series: [visits(100, 50), visits(100, 60), visits(50, 35), visits(3, 0)] };

  test('needs attention below every day of the week before', () => {
    const found = checkoutBelow(visits(40, 10), week, writing);
    expect(found?.title).toBe('Only 25% of checkouts end in an order today');
    expect(found?.usual).toBe('50% to 70% on the days before');
    expect(checkoutBelow(visits(40, 20), week, writing)).toBeUndefined();
  });

  test('says nothing of a few visits, or where no usual rate is known', () => {
    expect(checkoutBelow(visits(10, 0), week, writing)).toBeUndefined();
    expect(checkoutBelow(visits(40, 0), { ...week, series: [visits(100, 50)] }, writing)).toBeUndefined();
  });
});

describe('orders', () => {
  const sales = (orders: readonly number[]) => ({
    currency: 'USD',
    currencies: [],
    intervals: [],
    dimensions: [],
    revenue: 0,
    refunds: 0,
    net_revenue: 0,
    shipping: 0,
    tax: 0,
    discount: 0,
    orders: 0,
    units: 0,
    average_order_value: 50,
    series: orders.map((n, i) => ({
      start: `2026-11-28T0${Math.floor(i / 4)}:${String(15 * (i % 4)).padStart(2, '0')}:00+00:00`,
      revenue: 0,
      refunds: 0,
      net_revenue: 0,
      shipping: 0,
      tax: 0,
      discount: 0,
      orders: n,
      units: 0,
      average_order_value: null,
    })),
  });

  test('that stop for half an hour need attention where there were some yesterday', () => {
    const found = paymentsSilent(sales([4, 0, 0, 0]), sales([3, 2, 2, 9]), 3, writing);
    expect([found?.title, found?.usual]).toEqual(['No order since 00:15', '4 orders in the same half hour yesterday']);
    expect(paymentsSilent(sales([4, 0, 0, 1]), sales([3, 2, 2, 9]), 3, writing)).toBeUndefined();
    expect(paymentsSilent(sales([4, 0, 0, 0]), sales([3, 1, 0, 9]), 3, writing)).toBeUndefined();
    expect(paymentsSilent(sales([0, 0]), undefined, 1, writing)).toBeUndefined();
  });

  test('are what large carts that were left are measured by, in one currency', () => {
    const cart = (value: number, currency = 'USD') => ({
      cart_id: 'c',
      user_id: 'u',
      city: 'Oslo',
      value,
      currency,
      items: [],
      stage: 'cart' as const,
      opened_at: '',
      last_activity_at: '',
    });
    const found = richCartsLeft([cart(100), cart(120), cart(99), cart(900, 'EUR')], sales([]), writing);
    expect(found?.title).toBe('$220 left in 2 large carts');
    expect(found?.detail).toMatch(/^Each is worth at least \$100,/);
    expect(richCartsLeft([cart(120)], sales([]), writing)).toMatchObject({
      title: '$120 left in one large cart',
      detail: expect.stringMatching(/^It is worth at least \$100,/),
    });
    expect(richCartsLeft([cart(99)], sales([]), writing)).toBeUndefined();
  });
});
