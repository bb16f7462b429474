import { describe, expect, test } from 'vitest';
import { couponOrders } from '../../src/analytics/coupons/definition.ts';
import { frequencies } from '../../src/analytics/event-frequencies/definition.ts';
import { paymentCounts } from '../../src/analytics/payments/definition.ts';
import { searchClicks, searchCounts, valueSearchCounts } from '../../src/analytics/searches/definition.ts';
import { productRevenue, productUnits, productViews } from '../../src/analytics/shared/items.ts';
import { actionCounts } from '../../src/analytics/shared/realtime.ts';
import { MEMBER_CAPS } from '../../src/metrics/members.ts';
import { event, givenIn, item } from '../support/core/given.ts';

const few = (caps: Partial<typeof MEMBER_CAPS>) => ({ memberCaps: { ...MEMBER_CAPS, ...caps } });
const view = (time: string, ...items: string[]) => event(time, 'view_item', { items: items.map((id) => item(id)) });

describe('of each day so many members are told apart, those that the log brings first; the others count together', () => {
  test('items, wherever they are counted', async () => {
    const { counts } = await givenIn(few({ items: 2 }), view('09:00', 'mug')).when(
      view('10:00', 'pen', 'cup', 'rake'),
      view('10:01', 'cup'),
      view('10:02', 'mug'),
      event('10:03', 'purchase', { transactionId: 't1', items: [item('pen', 2, 1), item('cup', 3, 2)] }),
    );
    expect(counts(productViews)).toEqual({ mug: 1, pen: 1, '(other)': 2 });
    expect(counts(productUnits)).toEqual({ pen: 1_000, '(other)': 2_000 });
    expect(counts(productRevenue, 'USD')).toEqual({ pen: 200, '(other)': 600 });
  });

  test('search terms, and what follows them', async () => {
    const { counts } = await givenIn(few({ terms: 1 })).when(
      event('10:00', 'search', { searchTerm: 'red mug' }),
      event('10:01', 'search', { searchTerm: 'blue mug' }),
      event('10:02', 'search', { searchTerm: 'red mug' }),
      view('10:03', 'mug'),
    );
    expect(counts(searchCounts)).toEqual({ 'red mug': 2, '(other)': 1 });
    expect(counts(searchClicks)).toEqual({ 'red mug': 2, '(other)': 1 });
    expect(counts(valueSearchCounts, 'city:Oslo')).toEqual({ 'red mug': 2, '(other)': 1 });
  });

  test('search terms by dimension value are told apart by themselves', async () => {
    const { counts } = await givenIn(few({ searches: 5 })).when(
      event('10:00', 'search', { searchTerm: 'red mug' }),
      event('10:01', 'search', { searchTerm: 'blue mug' }),
    );
    expect(counts(searchCounts)).toEqual({ 'red mug': 1, 'blue mug': 1 });
    // City, country, device and channel of the first, and the city of the second.
    expect(counts(valueSearchCounts, 'city:Oslo')).toEqual({ 'red mug': 1, 'blue mug': 1 });
    expect(counts(valueSearchCounts, 'channel:Direct')).toEqual({ 'red mug': 1, '(other)': 1 });
  });

  test('names of events, payment types and coupons', async () => {
    const { counts } = await givenIn(few({ names: 2, payments: 1, coupons: 1 })).when(
      event('10:00', 'purchase', { transactionId: 't1', paymentType: 'card', parts: parts('SPRING') }),
      event('10:01', 'purchase', { transactionId: 't2', paymentType: 'cash', parts: parts('SUMMER') }),
      event('10:02', 'purchase', { transactionId: 't3' }),
      event('10:03', 'wheel_spun'),
      event('10:04', 'ball_thrown'),
      event('10:05', 'coin_found'),
    );
    expect(counts(frequencies)).toEqual({ purchase: 3, wheel_spun: 1, '(other)': 2 });
    expect(counts(paymentCounts)).toMatchObject({ 'orders:card': 1, 'orders:(other)': 1, 'orders:unknown': 1 });
    expect(counts(couponOrders)).toEqual({ SPRING: 1, '(other)': 1, '(none)': 1 });
    expect(counts(actionCounts)).toEqual({ purchase: 3, wheel_spun: 1, '(other)': 2 });
  });
});

const parts = (coupon: string) => ({ shipping: 0, tax: 0, discount: 0, coupon });

test('another day has room for others, and a day that is told of late still knows its own', async () => {
  const { counts } = await givenIn(few({ items: 1 }), view('10:00', 'mug')).when(
    view('2026-11-21T10:00', 'pen'),
    view('2026-11-21T10:01', 'mug'),
    view('11:00', 'pen'),
    view('11:01', 'mug'),
  );
  expect(counts(productViews)).toEqual({ pen: 1, mug: 1, '(other)': 2 });
});
