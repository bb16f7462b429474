import { describe, expect, test } from 'vitest';
import { paymentCounts } from '../../src/analytics/payments/definition.ts';
import { productOrders, productRefunds, productRevenue, productUnits } from '../../src/analytics/shared/items.ts';
import { revenueCounts } from '../../src/analytics/shared/sales.ts';
import type { ShopEvent } from '../../src/events/event.ts';
import { close, event, given, givenIn, imported, item, nothing } from '../support/core/given.ts';

const LINES = [item('mug', 5, 2), item('pen', 0.005, 1), item('mug', 6, 1)];
const bought = (time: string, fields: Partial<ShopEvent> = {}) =>
  event(time, 'purchase', { transactionId: 't1', items: LINES, ...fields });
const refunded = (time: string, fields: Partial<ShopEvent> = {}) =>
  event(time, 'refund', { transactionId: 't1', ...fields });

describe('a purchase', () => {
  test('its revenue is Σ lines, each price × quantity rounded half up to the currency’s minor unit', async () => {
    const { counts } = await nothing.when(bought('10:00'));
    expect(counts(revenueCounts)).toEqual({ orders: 1, thousandths: 4_000, 'orders:USD': 1, 'revenue:USD': 1_601 });
    expect(counts(productRevenue, 'USD')).toEqual({ mug: 1_600, pen: 1 });
  });

  test('or its value, where one is given; lines keep their own', async () => {
    const { counts } = await nothing.when(bought('10:00', { value: 12.345 }));
    expect(counts(revenueCounts)).toMatchObject({ 'revenue:USD': 1_235 });
    expect(counts(productRevenue, 'USD')).toEqual({ mug: 1_600, pen: 1 });
  });

  test('an item counts once as ordered, however many lines name it; its units add up', async () => {
    const { counts } = await nothing.when(bought('10:00'));
    expect(counts(productOrders)).toEqual({ mug: 1, pen: 1 });
    expect(counts(productUnits)).toEqual({ mug: 3_000, pen: 1_000 });
  });

  test('what is sold by weight counts to the thousandth: 0.1 and 0.2 are 0.3, and a line is rounded half up', async () => {
    const lines = [item('tea', 4, 1.85), item('tea', 0.1, 1.85), item('rice', 5, 0.1), item('rice', 5, 0.2)];
    const { counts } = await nothing.when(bought('10:00', { items: lines }));
    expect(counts(productUnits)).toEqual({ tea: 3_700, rice: 300 });
    expect(counts(productRevenue, 'USD')).toEqual({ tea: 740 + 19, rice: 50 + 100 });
    expect(counts(revenueCounts)).toMatchObject({ thousandths: 4_000, 'revenue:USD': 909 });
  });

  test('currencies are never added together; counts are of all', async () => {
    const { counts } = await nothing.when(
      bought('10:00'),
      bought('10:01', { transactionId: 't2', currency: 'JPY', value: 1.5, items: [] }),
    );
    expect(counts(revenueCounts)).toEqual({
      orders: 2,
      thousandths: 4_000,
      'orders:USD': 1,
      'revenue:USD': 1_601,
      'orders:JPY': 1,
      'revenue:JPY': 2,
    });
  });

  test('without a payment type it is of the type unknown', async () => {
    const { counts } = await nothing.when(
      bought('10:00'),
      bought('10:01', { transactionId: 't2', paymentType: 'card' }),
    );
    expect(counts(paymentCounts)).toMatchObject({ 'orders:unknown': 1, 'orders:card': 1 });
  });

  test('belongs to the city of its session, and to the hour that it names itself', async () => {
    const outcome = await given(event('10:50', 'page_view')).when(bought('11:00', { values: ['Bergen'] }));
    expect(outcome.countsIn('Oslo', revenueCounts)).toMatchObject({ orders: 1 });
    expect(outcome.hoursOf(revenueCounts, 'orders')).toEqual({ '2026-11-20T11': 1 });
  });
});

describe('the same transaction again', () => {
  test('is not counted, of the same user within TRANSACTION_WINDOW, whatever else it says', async () => {
    const { counts, tallies } = await given(bought('10:00')).when(bought('2026-12-20T10:00', { value: 99 }));
    expect(counts(revenueCounts)).toEqual({});
    expect(tallies).toEqual({ duplicates: 1 });
  });

  test('is another order behind the window', async () => {
    const { counts } = await given(bought('10:00')).when(bought('2026-12-20T10:00:01'));
    expect(counts(revenueCounts)).toMatchObject({ orders: 1 });
  });

  test('is the same order, also where another user reports it', async () => {
    const { counts, tallies } = await given(bought('10:00')).when(bought('10:01', { userId: 'ben' }));
    expect(counts(revenueCounts)).toEqual({});
    expect(tallies).toMatchObject({ orders_taken_back: 1 });
  });

  test('a repeat does not lengthen the window', async () => {
    const { counts } = await given(bought('10:00'), bought('2026-12-10T10:00')).when(bought('2026-12-20T10:00:01'));
    expect(counts(revenueCounts)).toMatchObject({ orders: 1 });
  });
});

describe('a refund', () => {
  test('of a value counts that, and names no item', async () => {
    const { counts } = await given(bought('10:00')).when(refunded('10:10', { value: 3 }));
    expect(counts(revenueCounts)).toEqual({ 'refunds:USD': 300 });
    expect(counts(productRefunds, 'USD')).toEqual({});
  });

  test('of lines counts their sum, and each for its item', async () => {
    const { counts } = await given(bought('10:00')).when(refunded('10:10', { items: [item('mug', 5, 1)] }));
    expect(counts(revenueCounts)).toEqual({ 'refunds:USD': 500 });
    expect(counts(productRefunds, 'USD')).toEqual({ mug: 500 });
  });

  test('of neither is the whole order’s, in the order’s currency and with its lines', async () => {
    const { counts, tallies } = await given(bought('10:00', { currency: 'EUR' })).when(
      refunded('10:10', { currency: 'USD' }),
    );
    expect(counts(revenueCounts)).toEqual({ 'refunds:EUR': 1_601 });
    expect(counts(productRefunds, 'EUR')).toEqual({ mug: 1_600, pen: 1 });
    expect(tallies).toEqual({ events: 1 });
  });

  test.each([
    ['that nobody has heard of', []],
    ['older than TRANSACTION_WINDOW', [bought('2026-10-20T10:00')]],
  ])('of a whole order %s counts 0 and is reported', async (_, log) => {
    const { counts, tallies } = await given(...log).when(refunded('10:10'));
    expect(counts(revenueCounts)).toEqual({});
    expect(tallies).toEqual({ unknown_refunds: 1 });
  });

  test('of a whole order of another user is that order’s', async () => {
    const { counts, tallies } = await given(bought('10:00', { userId: 'ben' })).when(refunded('10:10'));
    expect(counts(revenueCounts)).toEqual({ 'refunds:USD': 1_601 });
    expect(counts(productRefunds, 'USD')).toEqual({ mug: 1_600, pen: 1 });
    expect(tallies).toEqual({ events: 1, unknown_refunds: 0 });
  });

  test('belongs to its own hour, and is no order', async () => {
    const outcome = await given(bought('10:00')).when(refunded('12:10', { value: 1 }));
    expect(outcome.hoursOf(revenueCounts, 'refunds:USD')).toEqual({ '2026-11-20T12': 100 });
    expect(outcome.counts(productOrders)).toEqual({});
  });

  test('counts once more under another id: it is removed by event_id only', async () => {
    const { counts } = await given(bought('10:00'), refunded('10:10', { value: 1 })).when(
      refunded('10:11', { value: 1 }),
      refunded('10:12', { value: 1, eventId: 'r' }),
      refunded('10:13', { value: 1, eventId: 'r' }),
    );
    expect(counts(revenueCounts)).toEqual({ 'refunds:USD': 200 });
  });
});

describe('a refund of lines without prices', () => {
  const unpriced = (itemId: string, quantity: number) => ({ itemId, itemName: undefined, price: undefined, quantity });

  test('is of what the order’s lines came to, for as many units, in the order’s currency', async () => {
    const items = [item('mug', 3.35, 3), item('cup', 5, 1)];
    const log = [event('10:00', 'purchase', { transactionId: 't1', currency: 'EUR', items })];
    const { counts } = await given(...log).when(refunded('10:10', { currency: 'USD', items: [unpriced('mug', 2)] }));
    expect(counts(revenueCounts)).toEqual({ 'refunds:EUR': 670 });
  });

  test('is cut to what was bought, and to what is left', async () => {
    const log = [bought('10:00'), refunded('10:10', { items: [item('mug', 4, 1)] })];
    const { counts, tallies } = await given(...log).when(refunded('10:11', { items: [unpriced('mug', 9)] }));
    expect(counts(revenueCounts)).toEqual({ 'refunds:USD': 1_200 });
    expect(counts(productRefunds, 'USD')).toEqual({ mug: 1_200 });
    expect(tallies).toEqual({ events: 1, refunds_beyond: 1 });
  });

  test('counts 0 and is reported where the order is not known', async () => {
    const { counts, tallies } = await nothing.when(refunded('10:10', { items: [unpriced('mug', 1)] }));
    expect(counts(revenueCounts)).toEqual({});
    expect(tallies).toEqual({ unknown_refunds: 1 });
  });
});

describe('refunds of an order add up to at most what was paid', () => {
  test('a second one of the whole order counts nothing, and is counted as beyond', async () => {
    const { counts, tallies } = await given(bought('10:00'), refunded('10:10')).when(refunded('10:11'));
    expect(counts(revenueCounts)).toEqual({});
    expect(counts(productRefunds, 'USD')).toEqual({});
    expect(tallies).toEqual({ events: 1, refunds_beyond: 1 });
  });

  test('the same where both come in one batch', async () => {
    const { counts, tallies } = await nothing.when(bought('10:00'), refunded('10:10'), refunded('10:11'));
    expect(counts(revenueCounts)).toMatchObject({ 'revenue:USD': 1_601, 'refunds:USD': 1_601 });
    expect(counts(productRefunds, 'USD')).toEqual({ mug: 1_600, pen: 1 });
    expect(tallies).toEqual({ events: 3, refunds_beyond: 1 });
  });

  test('one of the whole order after one of a part is of what is left, and goes beyond nothing', async () => {
    const log = [bought('10:00'), refunded('10:10', { items: [item('mug', 5, 1)] })];
    const { counts, tallies } = await given(...log).when(refunded('10:11'));
    expect(counts(revenueCounts)).toEqual({ 'refunds:USD': 1_101 });
    expect(counts(productRefunds, 'USD')).toEqual({ mug: 1_100, pen: 1 });
    expect(tallies).toEqual({ events: 1 });
  });

  test('one of a value is cut to what is left', async () => {
    const log = [bought('10:00'), refunded('10:10', { value: 10 })];
    const { counts, tallies } = await given(...log).when(refunded('10:11', { value: 10 }));
    expect(counts(revenueCounts)).toEqual({ 'refunds:USD': 601 });
    expect(tallies).toEqual({ events: 1, refunds_beyond: 1 });
  });

  test('one of lines is cut to what is left of each item; what the order did not name has nothing left', async () => {
    const items = [item('pen', 1, 1), item('hat', 2, 1), item('mug', 5, 1)];
    const { counts, tallies } = await given(bought('10:00')).when(refunded('10:11', { items }));
    expect(counts(revenueCounts)).toEqual({ 'refunds:USD': 800 });
    expect(counts(productRefunds, 'USD')).toEqual({ mug: 500, pen: 1 });
    expect(tallies).toEqual({ events: 1, refunds_beyond: 1 });
  });

  test('where all the money is refunded, no item is any more', async () => {
    const log = [bought('10:00'), refunded('10:10', { value: 16.01 })];
    const { counts, tallies } = await given(...log).when(refunded('10:11', { items: [item('mug', 5, 1)] }));
    expect(counts(revenueCounts)).toEqual({});
    expect(counts(productRefunds, 'USD')).toEqual({});
    expect(tallies).toEqual({ events: 1, refunds_beyond: 1 });
  });

  test.each([
    ['in another currency', [bought('10:00')], { currency: 'EUR', value: 99 }, 'refunds:EUR'],
    ['of an order that is not known', [], { value: 99 }, 'refunds:USD'],
    ['of an order older than TRANSACTION_WINDOW', [bought('2026-10-20T10:00')], { value: 99 }, 'refunds:USD'],
  ])('one %s counts as it is: there is nothing to compare it with', async (_, log, fields, metric) => {
    const { counts, tallies } = await given(...log).when(refunded('10:10', fields));
    expect(counts(revenueCounts)).toEqual({ [metric]: 9_900 });
    expect(tallies).toEqual({ events: 1 });
  });

  test('a refund does not lengthen TRANSACTION_WINDOW', async () => {
    const log = [bought('10:00'), refunded('2026-12-10T10:00', { value: 1 })];
    const { tallies } = await given(...log).when(refunded('2026-12-20T10:00:01'));
    expect(tallies).toEqual({ unknown_refunds: 1 });
  });

  test('what an import refunded of its order is refunded in the live lane, after its closing', async () => {
    const inImport = [bought('10:00'), refunded('10:10', { value: 10 })].map((one) => imported('imp-1', one));
    const { counts } = await given(...inImport, close('imp-1', '10:20')).when(refunded('10:30'));
    expect(counts(revenueCounts)).toEqual({ 'refunds:USD': 601 });
  });
});

test('hours are the store’s: a purchase at 23:30 UTC belongs to the next day in Kathmandu', async () => {
  const { hoursOf } = await givenIn({ timezone: 'Asia/Kathmandu' }).when(bought('23:30'));
  expect(hoursOf(revenueCounts, 'orders')).toEqual({ '2026-11-21T05': 1 });
});
