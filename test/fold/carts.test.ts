import { describe, expect, test } from 'vitest';
import { cartCounts } from '../../src/analytics/abandonment/definition.ts';
import { openCarts } from '../../src/analytics/shared/realtime.ts';
import { event, given, item, nothing } from '../support/core/given.ts';

const mug = item('mug', 5);
const pen = item('pen', 2);
const added = event('10:00', 'add_to_cart', { items: [mug] });

describe('a cart opens', () => {
  test('with add_to_cart, when the user has none', async () => {
    const { counts } = await nothing.when(added);
    expect(counts(cartCounts)).toEqual({ opened: 1 });
    expect(counts(openCarts)).toEqual({ count: 1, 'value:USD': 500 });
  });

  test('with nothing in it, where the add_to_cart names no item', async () => {
    const { counts } = await nothing.when(event('10:00', 'add_to_cart'));
    expect(counts(cartCounts)).toEqual({ opened: 1 });
    expect(counts(openCarts)).toEqual({ count: 1 });
    const later = await given(event('10:00', 'add_to_cart')).when(event('10:01', 'page_view'));
    expect(later.counts(cartCounts)).toEqual({});
  });

  test.each(['page_view', 'view_cart', 'begin_checkout', 'remove_from_cart', 'purchase'])(
    'with nothing else: %s opens none',
    async (name) => {
      const { counts } = await nothing.when(event('10:00', name, { items: [mug], transactionId: 't1' }));
      expect(counts(cartCounts)).toEqual({});
      expect(counts(openCarts)).toEqual({});
    },
  );

  test('once: it belongs to its user, whatever the session', async () => {
    const { counts } = await given(added).when(
      event('10:10', 'add_to_cart', { sessionId: 'tablet', items: [pen] }),
      event('10:10', 'add_to_cart', { userId: 'ben', items: [pen] }),
    );
    expect(counts(cartCounts)).toEqual({ opened: 1 });
    expect(counts(openCarts)).toEqual({ count: 1, 'value:USD': 200 + 200 });
  });

  test('in the city and the hour of its first add_to_cart, where all its steps count', async () => {
    const opened = event('10:50', 'add_to_cart', { city: 'Bergen', items: [mug] });
    const outcome = await given(opened, event('11:05', 'page_view')).when(
      event('11:10', 'purchase', { city: 'Oslo', transactionId: 't1' }),
    );
    expect(outcome.countsIn('Bergen', cartCounts)).toEqual({ purchased: 1 });
    expect(outcome.hoursOf(cartCounts, 'purchased')).toEqual({ '2026-11-20T10': 1 });
  });
});

describe('a cart whose events come hours late', () => {
  const live = event('13:00', 'page_view', { userId: 'ben' });

  test('is not abandoned before its end, which comes right behind', async () => {
    const outcome = await given(live, added).when(
      event('13:01', 'page_view', { userId: 'ben' }),
      event('10:10', 'purchase', { transactionId: 't1' }),
    );
    expect(outcome.counts(cartCounts)).toEqual({ purchased: 1 });
    expect(outcome.messages).toEqual([]);
  });

  test('is left alone for five minutes of lane time after each of them', async () => {
    const begun = given(live, added, event('13:04', 'page_view', { userId: 'ben' }), event('10:05', 'view_cart'));
    const { counts } = await begun.when(event('13:08', 'page_view', { userId: 'ben' }), event('10:06', 'view_cart'));
    expect(counts(cartCounts)).toEqual({});
    const later = await begun.when(event('13:10', 'page_view', { userId: 'ben' }));
    expect(later.counts(cartCounts)).toMatchObject({ abandoned: 1 });
  });

  test('was left where its user’s own next event says so, and is recovered by what they bought then', async () => {
    const outcome = await given(live, added).when(
      event('12:10', 'add_to_cart', { items: [item('cup', 3)] }),
      event('12:50', 'purchase', { transactionId: 't1' }),
    );
    expect(outcome.counts(cartCounts)).toMatchObject({ abandoned: 1, recovered: 1 });
    expect(outcome.counts(cartCounts)).not.toHaveProperty('purchased');
    expect(outcome.messages).toMatchObject([{ topic: 'abandoned' }, { topic: 'recovered' }]);
  });

  test('is abandoned when five minutes have passed without an end, as of its last activity', async () => {
    const due = given(live, added);
    const before = await due.when(event('13:05', 'page_view', { userId: 'ben' }));
    expect(before.counts(cartCounts)).toEqual({});
    const after = await due.when(event('13:06', 'page_view', { userId: 'ben' }));
    expect(after.counts(cartCounts)).toMatchObject({ abandoned: 1 });
    expect(after.messages).toMatchObject([{ abandoned_at: '2026-11-20T11:00:00+00:00' }]);
  });
});

describe('what lies in a cart', () => {
  test('an item that is added again adds its quantity, and its newest price holds for all of it', async () => {
    const { counts } = await given(event('10:00', 'add_to_cart', { items: [item('mug', 5, 2)] })).when(
      event('10:01', 'add_to_cart', { items: [item('mug', 4, 1)] }),
    );
    expect(counts(openCarts)).toEqual({ 'value:USD': 3 * 400 - 2 * 500 });
  });

  test('a line without a price keeps the price that is known, a line of price 0 gives the item away', async () => {
    const held = given(event('10:00', 'add_to_cart', { items: [item('mug', 12)] }));
    const more = await held.when(event('10:01', 'add_to_cart', { items: [{ ...item('mug'), price: undefined }] }));
    expect(more.counts(openCarts)).toEqual({ 'value:USD': 1_200 });
    const free = await held.when(event('10:01', 'add_to_cart', { items: [item('mug', 0)] }));
    expect(free.counts(openCarts)).toEqual({ 'value:USD': -1_200 });
  });

  test('a removal takes off its quantity, of items that lie in it', async () => {
    const { counts } = await given(event('10:00', 'add_to_cart', { items: [item('mug', 5, 3)] })).when(
      event('10:01', 'remove_from_cart', { items: [item('mug', 0, 2), item('pen', 2, 1)] }),
    );
    expect(counts(openCarts)).toEqual({ 'value:USD': -1_000 });
  });

  test('quantities are added and taken off to the thousandth: 0.1 and 0.2 less 0.3 leaves nothing', async () => {
    const parts = [0.1, 0.2].map((n, i) => event(`10:0${i}`, 'add_to_cart', { items: [item('rice', 5, n)] }));
    const [less, whole] = [0.25, 0.3].map((n) => event('10:02', 'remove_from_cart', { items: [item('rice', 0, n)] }));
    if (less === undefined || whole === undefined) throw new Error('two removals were made');
    const left = await given(...parts).when(less);
    expect(left.counts(openCarts)).toEqual({ 'value:USD': 25 - 150 });
    expect(left.counts(cartCounts)).toEqual({});
    const none = await given(...parts).when(whole);
    expect(none.counts(cartCounts)).toEqual({ emptied: 1 });
  });

  test('its currency is that of its first line, not of an event that opened it with nothing in it', async () => {
    const { counts } = await given(event('10:00', 'add_to_cart')).when(
      event('10:01', 'add_to_cart', { currency: 'JPY', items: [item('mug', 28)] }),
    );
    expect(counts(openCarts)).toEqual({ 'value:JPY': 28 });
  });

  test('its currency is that of its first line; lines of another are held but not valued', async () => {
    const outcome = await given(event('10:00', 'add_to_cart', { currency: 'EUR', items: [mug] })).when(
      event('10:01', 'add_to_cart', { currency: 'USD', items: [pen] }),
    );
    expect(outcome.counts(openCarts)).toEqual({});
    const abandoned = await given(
      event('10:00', 'add_to_cart', { currency: 'EUR', items: [mug] }),
      event('10:01', 'add_to_cart', { currency: 'USD', items: [pen] }),
    ).when(event('12:00', 'page_view', { userId: 'ben' }));
    expect(abandoned.messages).toMatchObject([
      {
        currency: 'EUR',
        value: 5,
        items: [
          { item_id: 'mug', quantity: 1, price: 5 },
          { item_id: 'pen', quantity: 1, price: 2 },
        ],
      },
    ]);
  });

  test('a line is price × quantity, rounded half up to the currency’s minor unit', async () => {
    const lines = [item('a', 1.005, 1), item('b', 1.115, 3)];
    const { counts } = await nothing.when(event('10:00', 'add_to_cart', { items: lines }));
    expect(counts(openCarts)).toMatchObject({ 'value:USD': 101 + 335 });
    const yen = await nothing.when(event('10:00', 'add_to_cart', { currency: 'JPY', items: [item('a', 1.5, 1)] }));
    expect(yen.counts(openCarts)).toMatchObject({ 'value:JPY': 2 });
  });

  test('it holds at most 2,000 items, and 10⁶ of each', async () => {
    const many = Array.from({ length: 2_000 }, (_, i) => item(`i${i}`, 1));
    const full = await given(event('10:00', 'add_to_cart', { items: many })).when(
      event('10:01', 'add_to_cart', { items: [item('one too many', 1), item('i0', 1)] }),
    );
    expect(full.counts(openCarts)).toEqual({ 'value:USD': 100 });
    const heavy = await given(event('10:00', 'add_to_cart', { items: [item('grain', 0.01, 1e6)] })).when(
      event('10:01', 'add_to_cart', { items: [item('grain', 0.01, 1e6)] }),
    );
    expect(heavy.counts(openCarts)).toEqual({});
  });

  test('it is valued at most 10⁹', async () => {
    const dear = Array.from({ length: 3 }, (_, i) => event(`10:0${i}`, 'add_to_cart', { items: [item(`i${i}`, 9e8)] }));
    const { counts } = await nothing.when(...dear);
    expect(counts(openCarts)).toEqual({ count: 1, 'value:USD': 1e11 });
  });
});

describe('a cart ends', () => {
  test('as purchased, with any purchase of its user', async () => {
    const { counts, messages, listed } = await given(added).when(
      event('10:10', 'purchase', { transactionId: 't1', items: [pen] }),
    );
    expect(counts(cartCounts)).toEqual({ purchased: 1 });
    expect(counts(openCarts)).toEqual({ count: -1, 'value:USD': -500 });
    expect([messages, listed('abandoned'), listed('recovered')]).toEqual([[], [], []]);
  });

  test('as emptied, when nothing is left', async () => {
    const { counts, messages } = await given(added).when(event('10:10', 'remove_from_cart', { items: [mug] }));
    expect(counts(cartCounts)).toEqual({ emptied: 1 });
    expect(counts(openCarts)).toEqual({ count: -1, 'value:USD': -500 });
    expect(messages).toEqual([]);
  });

  test('as emptied too, where more is removed than there was', async () => {
    const { counts } = await given(added).when(event('10:10', 'remove_from_cart', { items: [item('mug', 5, 9)] }));
    expect(counts(cartCounts)).toEqual({ emptied: 1 });
  });

  test('once: the next add_to_cart opens another', async () => {
    const { counts } = await given(added, event('10:10', 'purchase', { transactionId: 't1' })).when(
      event('10:20', 'add_to_cart', { items: [mug] }),
    );
    expect(counts(cartCounts)).toEqual({ opened: 1 });
  });

  test('with no purchase that is a duplicate', async () => {
    const bought = event('10:10', 'purchase', { transactionId: 't1' });
    const { counts } = await given(added, bought, event('10:20', 'add_to_cart', { items: [mug] })).when(
      event('10:30', 'purchase', { transactionId: 't1' }),
    );
    expect(counts(cartCounts)).toEqual({});
  });
});
