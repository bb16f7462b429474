import { describe, expect, test } from 'vitest';
import { abandonedInCarts, abandonedUnits, abandonedValue } from '../../src/analytics/abandoned-carts/definition.ts';
import { cartCounts, recoveryTimes } from '../../src/analytics/abandonment/definition.ts';
import { openCarts } from '../../src/analytics/shared/realtime.ts';
import { durationBucket } from '../../src/metrics/histogram.ts';
import { again, event, given, inventoryEvent, item, type Logged, tick } from '../support/core/given.ts';

const mug = item('mug', 5, 2);
const added = event('10:00', 'add_to_cart', { items: [mug] });
const DUE = '11:00';
const AFTER = '11:00:01';
const ABANDONED = { abandoned: 1, 'abandoned_at:cart': 1, 'abandoned_value:USD': 1_000 };

describe('an idle cart is abandoned when lane time has passed its deadline', () => {
  test.each([
    ['the user’s own next event', event(AFTER, 'page_view')],
    ['an event of anybody else', event(AFTER, 'page_view', { userId: 'ben' })],
    ['an event that is a repeat', event(AFTER, 'page_view', { userId: 'ben', eventId: 'known' })],
    ['a tick', tick(AFTER)],
  ] satisfies [string, Logged][])('seen by %s', async (_, next) => {
    const known = event('10:59', 'page_view', { userId: 'ben', eventId: 'known' });
    const { counts, messages, listed } = await given(added, known).when(next);
    expect(counts(cartCounts)).toEqual(ABANDONED);
    expect(counts(openCarts)).toEqual({ count: -1, 'value:USD': -1_000 });
    expect(messages).toHaveLength(1);
    expect(listed('abandoned')).toEqual(['ann']);
  });

  test('and not before', async () => {
    const { counts, messages } = await given(added).when(
      tick(DUE),
      event(DUE, 'page_view', { userId: 'ben' }),
      event(DUE, 'page_view'),
    );
    expect(counts(cartCounts)).toEqual({});
    expect(messages).toEqual([]);
  });

  test('inventory has a time of its own and abandons nothing', async () => {
    const { counts } = await given(added).when(inventoryEvent('12:00', 'stock_update', { stockLevel: 3 }));
    expect(counts(cartCounts)).toEqual({});
  });

  test('any shop event of the user puts it off, one with an earlier time does not', async () => {
    const active = await given(added, event('10:30', 'search', { searchTerm: 'pen' })).when(tick('11:30'));
    expect(active.counts(cartCounts)).toEqual({});
    const late = await given(added, event('10:30', 'search'), event('10:10', 'page_view')).when(tick('11:30:01'));
    expect(late.counts(cartCounts)).toEqual(ABANDONED);
    expect(late.messages).toMatchObject([{ last_activity_at: '2026-11-20T10:30:00+00:00' }]);
  });

  test('in the order of the deadlines, and of the users where those are equal', async () => {
    const of = (userId: string, time: string) => event(time, 'add_to_cart', { userId, items: [mug] });
    const { messages } = await given(of('cid', '10:01'), of('ben', '10:00'), of('ann', '10:00')).when(tick('12:00'));
    expect(messages.map(({ user_id }) => user_id)).toEqual(['ann', 'ben', 'cid']);
  });
});

describe('what is said and counted of an abandoned cart', () => {
  test('the message holds the cart as it was, in the store’s time, with ids that a replay gives again', async () => {
    const opening = event('10:00', 'add_to_cart', { items: [mug], eventId: 'opening' });
    const log = [opening, event('10:20', 'begin_checkout')] as const;
    const { messages } = await given(...log).when(tick('12:00'));
    expect(messages).toEqual([
      {
        topic: 'abandoned',
        event_id: expect.any(String),
        source: 'live',
        cart_id: expect.any(String),
        user_id: 'ann',
        city: 'Oslo',
        value: 10,
        currency: 'USD',
        items: [{ item_id: 'mug', quantity: 2, price: 5 }],
        stage: 'checkout',
        opened_at: '2026-11-20T10:00:00+00:00',
        last_activity_at: '2026-11-20T10:20:00+00:00',
        abandoned_at: '2026-11-20T11:20:00+00:00',
      },
    ]);
    expect((await given(...log).when(event('18:00', 'page_view'))).messages).toEqual(messages);
  });

  test.each(['begin_checkout', 'add_shipping_info', 'add_payment_info'])(
    '%s: it came as far as checkout',
    async (name) => {
      const { counts } = await given(added, event('10:01', name)).when(tick('12:00'));
      expect(counts(cartCounts)).toMatchObject({ 'abandoned_at:checkout': 1 });
    },
  );

  test('what is sold by weight is told and counted to the thousandth', async () => {
    const parts = [0.1, 0.2].map((n, i) => event(`10:0${i}`, 'add_to_cart', { items: [item('rice', 5, n)] }));
    const { counts, messages } = await given(...parts).when(tick('12:00'));
    expect(messages).toMatchObject([{ value: 1.5, items: [{ item_id: 'rice', quantity: 0.3, price: 5 }] }]);
    expect(counts(abandonedUnits)).toEqual({ rice: 300 });
    expect(counts(abandonedValue, 'USD')).toEqual({ rice: 150 });
  });

  test('its items count, those of another currency without a value', async () => {
    const pen = event('10:01', 'add_to_cart', { currency: 'EUR', items: [item('pen', 3)] });
    const { counts } = await given(added, pen).when(tick('12:00'));
    expect(counts(abandonedInCarts)).toEqual({ mug: 1, pen: 1 });
    expect(counts(abandonedUnits)).toEqual({ mug: 2_000, pen: 1_000 });
    expect(counts(abandonedValue, 'USD')).toEqual({ mug: 1_000 });
  });

  test('a line whose newest price makes much of many comes to 10⁹ at most, as an event does', async () => {
    const many = event('10:00', 'add_to_cart', { currency: 'CLF', items: [item('palace', 0.001, 1e6)] });
    const dear = event('10:01', 'add_to_cart', { currency: 'CLF', items: [item('palace', 1e9)] });
    const { counts } = await given(many, dear).when(tick('12:00'));
    expect(counts(abandonedValue, 'CLF')).toEqual({ palace: 1e13 });
  });

  test('an event that is sent again behind DEDUPE_WINDOW opens another cart, with an id of its own', async () => {
    const opening = event('10:00', 'add_to_cart', { items: [mug], eventId: 'opening' });
    const bought = event('10:05', 'purchase', { transactionId: 't1' });
    const first = await given(opening).when(tick('12:00'));
    const second = await given(opening, bought).when(again(opening, '10:30'), tick('12:00'));
    expect(second.counts(cartCounts)).toMatchObject({ opened: 1, abandoned: 1 });
    expect(second.messages[0]?.['cart_id']).not.toBe(first.messages[0]?.['cart_id']);
  });
});

describe('an abandoned cart that is bought within 7 days is recovered', () => {
  const abandoned = [added, tick(AFTER)] as const;

  test('it counts where it opened, with what it held when it was abandoned', async () => {
    const outcome = await given(...abandoned).when(event('2026-11-21T10:00', 'purchase', { transactionId: 't1' }));
    expect(outcome.countsIn('Oslo', cartCounts)).toEqual({ recovered: 1, 'recovered_value:USD': 1_000 });
    expect(outcome.hoursOf(cartCounts, 'recovered')).toEqual({ '2026-11-20T10': 1 });
    expect([outcome.listed('abandoned'), outcome.listed('recovered')]).toEqual([[], ['ann']]);
    expect(outcome.counts(recoveryTimes)).toEqual({ [durationBucket(23 * 3_600)]: 1 });
  });

  test('the message names the same cart, and the purchase’s own time', async () => {
    const before = await given(added).when(tick(AFTER));
    const { messages } = await given(...abandoned).when(
      event('12:00', 'page_view'),
      event('11:30', 'purchase', { transactionId: 't1' }),
    );
    expect(messages).toMatchObject([
      {
        topic: 'recovered',
        cart_id: before.messages[0]?.['cart_id'],
        value: 10,
        abandoned_at: '2026-11-20T11:00:00+00:00',
        recovered_at: '2026-11-20T11:30:00+00:00',
      },
    ]);
    expect(messages[0]?.['event_id']).not.toBe(before.messages[0]?.['event_id']);
  });

  test('up to the last moment of the seventh day, and no longer', async () => {
    const buy = (time: string) => event(time, 'purchase', { transactionId: 't1' });
    const inTime = await given(...abandoned).when(buy('2026-11-27T11:00'));
    expect(inTime.counts(cartCounts)).toMatchObject({ recovered: 1 });
    const tooLate = await given(...abandoned).when(buy('2026-11-27T11:00:01'));
    expect(tooLate.counts(cartCounts)).toEqual({});
    expect(tooLate.listed('abandoned')).toEqual(['ann']);
  });
});

describe('an add_to_cart within 7 days takes an abandoned cart up again', () => {
  const abandoned = [added, tick(AFTER)] as const;
  const takenUp = event('12:00', 'add_to_cart', { items: [item('pen', 3)] });

  test('it is the same cart, open again and no more listed as abandoned', async () => {
    const { counts, messages, listed } = await given(...abandoned).when(takenUp);
    expect(counts(cartCounts)).toEqual({});
    expect(counts(openCarts)).toEqual({ count: 1, 'value:USD': 1_300 });
    expect([messages, listed('abandoned')]).toEqual([[], []]);
  });

  test('it never counts as abandoned twice, and nothing is said twice; it is listed again', async () => {
    const { counts, messages, listed } = await given(...abandoned, takenUp).when(tick('13:00:01'));
    expect(counts(cartCounts)).toEqual({});
    expect(messages).toEqual([]);
    expect(listed('abandoned')).toEqual(['ann']);
  });

  test('left again it is abandoned as of its last activity, and can be recovered for 7 days more', async () => {
    const again = given(...abandoned, takenUp, tick('2026-11-27T12:30'));
    const { messages } = await again.when(event('2026-11-27T12:59', 'purchase', { transactionId: 't1' }));
    expect(messages).toMatchObject([
      {
        topic: 'recovered',
        value: 10,
        last_activity_at: '2026-11-20T12:00:00+00:00',
        abandoned_at: '2026-11-20T13:00:00+00:00',
      },
    ]);
  });

  test('bought, it is recovered with what it held when it was abandoned', async () => {
    const { counts, messages } = await given(...abandoned, takenUp).when(
      event('12:10', 'purchase', { transactionId: 't' }),
    );
    expect(counts(cartCounts)).toEqual({ recovered: 1, 'recovered_value:USD': 1_000 });
    expect(messages).toMatchObject([{ topic: 'recovered', value: 10 }]);
  });

  test('bought after the seventh day it is recovered as well: it was open', async () => {
    const late = event('2026-11-27T10:30', 'add_to_cart', { items: [mug] });
    const { counts, messages, listed } = await given(...abandoned, late).when(
      event('2026-11-27T11:00:01', 'purchase', { transactionId: 't1' }),
    );
    expect(counts(cartCounts)).toMatchObject({ recovered: 1 });
    expect(messages).toMatchObject([{ topic: 'recovered', value: 10 }]);
    expect(counts(openCarts)).toMatchObject({ count: -1 });
    expect([listed('abandoned'), listed('recovered')]).toEqual([[], ['ann']]);
  });

  test('emptied, it ends and stays counted as abandoned', async () => {
    const { counts, listed } = await given(...abandoned, takenUp).when(
      event('12:10', 'remove_from_cart', { items: [mug, item('pen', 3)] }),
    );
    expect(counts(cartCounts)).toEqual({});
    expect(listed('abandoned')).toEqual(['ann']);
  });

  test('a removal does not take it up again; when nothing is left it ends and stays counted', async () => {
    const { counts, listed } = await given(...abandoned).when(
      event('12:00', 'remove_from_cart', { items: [item('mug', 5, 1)] }),
      event('12:01', 'remove_from_cart', { items: [item('mug', 5, 1)] }),
    );
    expect([counts(cartCounts), counts(openCarts), listed('abandoned')]).toEqual([{}, {}, ['ann']]);
    const next = await given(...abandoned, event('12:00', 'remove_from_cart', { items: [mug] })).when(
      event('12:10', 'add_to_cart', { items: [mug] }),
    );
    expect(next.counts(cartCounts)).toEqual({ opened: 1 });
  });

  test('later than that, a new one opens', async () => {
    const { counts } = await given(...abandoned).when(event('2026-11-27T11:00:01', 'add_to_cart', { items: [mug] }));
    expect(counts(cartCounts)).toEqual({ opened: 1 });
  });
});

describe('a cart that has ended leaves nothing behind that would fall due', () => {
  const buy = event('12:00', 'purchase', { transactionId: 't1' });

  test.each([
    ['purchased', [added], event('10:10', 'purchase', { transactionId: 't1' })],
    ['emptied', [added], event('10:10', 'remove_from_cart', { items: [mug] })],
    ['recovered', [added, tick(AFTER)], buy],
    ['expired', [added, tick(AFTER)], tick('2026-11-28T12:00')],
  ])('%s', async (_, log, end) => {
    const { naming } = await given(...log).when(end);
    expect(naming('ann').filter((key) => /:carts(-due|-gone)?:/.test(key))).toEqual([]);
  });
});
