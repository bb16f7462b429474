import { describe, expect, test } from 'vitest';
import { cartCounts } from '../../src/analytics/abandonment/definition.ts';
import { couponOrders } from '../../src/analytics/coupons/definition.ts';
import { interactions } from '../../src/analytics/engagement/definition.ts';
import { closedFunnel } from '../../src/analytics/funnel/definition.ts';
import { newUserCounts } from '../../src/analytics/sessions/definition.ts';
import { revenueCounts } from '../../src/analytics/shared/sales.ts';
import { sessionCounts } from '../../src/analytics/shared/sessions.ts';
import { erase, event, given, item, type Logged, nothing, tick } from '../support/core/given.ts';

const mug = item('mug', 5);
const guest = (time: string, name: string, fields: Parameters<typeof event>[2] = {}): Logged =>
  event(time, name, { userId: 'g', anonymousId: 'g', ...fields });
const signedIn = (time: string, name: string, fields: Parameters<typeof event>[2] = {}): Logged =>
  event(time, name, { userId: 'ann', anonymousId: 'g', ...fields });

describe('a guest who signs in is one person', () => {
  const shopped = [
    guest('10:00', 'page_view', { channel: 'Organic Search' }),
    guest('10:01', 'view_item', { items: [mug] }),
    guest('10:02', 'add_to_cart', { items: [mug] }),
  ];

  test('whose session goes on as the same: its stages, its length, its bounce, its channel', async () => {
    const outcome = await nothing.when(
      ...shopped,
      signedIn('10:03', 'begin_checkout'),
      event('10:04', 'purchase', { transactionId: 't1', value: 5 }),
    );
    expect(outcome.counts(sessionCounts)).toEqual({ sessions: 1, events: 5, session_ms: 240_000, purchasing: 1 });
    expect(outcome.counts(closedFunnel, 'shop')).toEqual({ visit: 1, view: 1, cart: 1, checkout: 1, purchase: 1 });
    expect(outcome.countsBy('channel', 'Organic Search', revenueCounts)).toMatchObject({ orders: 1 });
    expect(outcome.counts(newUserCounts)).toEqual({ users: 1 });
  });

  test('also where the shop names its sessions', async () => {
    const id = { sessionId: 's1' };
    const outcome = await nothing.when(
      guest('10:00', 'page_view', id),
      guest('10:01', 'page_view', { sessionId: 's2' }),
      signedIn('10:02', 'page_view', id),
      event('10:03', 'page_view', { sessionId: 's1' }),
    );
    expect(outcome.counts(sessionCounts)).toMatchObject({ sessions: 2, events: 4 });
  });

  test('whose cart is the user’s from then on, and bought with what they buy', async () => {
    const { counts, messages } = await nothing.when(
      ...shopped,
      signedIn('10:03', 'page_view'),
      tick('10:30'),
      event('10:40', 'purchase', { transactionId: 't1' }),
      tick('15:00'),
    );
    expect(counts(cartCounts)).toEqual({ opened: 1, purchased: 1 });
    expect(messages).toEqual([]);
  });

  test('whose lines join the cart that the user has open: the guest’s ends as emptied', async () => {
    const { counts, messages } = await given(event('10:00', 'add_to_cart', { items: [item('pen', 2)] })).when(
      ...shopped,
      signedIn('10:03', 'page_view'),
      tick('11:04'),
    );
    expect(counts(cartCounts)).toMatchObject({ opened: 1, emptied: 1, abandoned: 1 });
    expect(messages).toMatchObject([{ user_id: 'ann', value: 7 }]);
  });

  test('who is not abandoned under a name that is no more', async () => {
    const { messages, listed } = await nothing.when(...shopped, signedIn('10:03', 'page_view'), tick('11:10'));
    expect(messages).toMatchObject([{ topic: 'abandoned', user_id: 'ann' }]);
    expect(listed('abandoned')).toEqual(['ann']);
  });

  test('said to be abandoned before that, a cart is recovered by what the user buys', async () => {
    const { counts, messages, listed } = await nothing.when(
      ...shopped,
      tick('11:10'),
      signedIn('11:20', 'purchase', { transactionId: 't1' }),
    );
    expect(counts(cartCounts)).toMatchObject({ opened: 1, abandoned: 1, recovered: 1 });
    expect(messages).toMatchObject([
      { topic: 'abandoned', user_id: 'g' },
      { topic: 'recovered', user_id: 'ann' },
    ]);
    expect([listed('abandoned'), listed('recovered')]).toEqual([[], ['ann']]);
  });

  test('taken for abandoned when an event of the guest overtook the link, a cart that was bought before that is bought', async () => {
    const late = { sessionId: 's', items: [mug] };
    const live = event('12:00', 'page_view', { userId: 'ben' });
    const { counts, messages } = await given(
      live,
      guest('09:00', 'add_to_cart', late),
      guest('11:59', 'page_view'),
    ).when(signedIn('09:10', 'purchase', { sessionId: 's', transactionId: 't1' }), tick('15:00'));
    expect(counts(cartCounts)).toMatchObject({ abandoned: -1, purchased: 1 });
    expect(messages).toEqual([]);
  });

  test('is no new user where the user was here before', async () => {
    const { counts } = await given(event('2026-11-18T10:00', 'page_view')).when(
      ...shopped,
      signedIn('10:03', 'page_view'),
    );
    expect(counts(newUserCounts)).toEqual({});
    expect(counts(sessionCounts)).toMatchObject({ sessions: 1 });
  });

  test('keeps a cart that no record may carry: what has to be said never fills the log’s largest record', async () => {
    const filling = (part: number) =>
      guest('10:00', 'add_to_cart', {
        items: Array.from({ length: 1_000 }, (_, i) => item(`${part * 1_000 + i}`.padEnd(128, '한'), 5)),
      });
    const { counts, messages, said } = await nothing.when(
      filling(0),
      filling(1),
      signedIn('10:03', 'page_view'),
      tick('12:00'),
    );
    expect(Math.max(...said.map((text) => Buffer.byteLength(text)))).toBeLessThan(1_000_000);
    expect(counts(cartCounts)).toMatchObject({ opened: 1, abandoned: 1 });
    expect(messages).toMatchObject([{ user_id: 'g' }]);
  });

  test('has their interactions', async () => {
    const { naming } = await nothing.when(...shopped, signedIn('10:03', 'page_view'));
    expect(naming('g').filter((key) => key.includes(interactions.name))).toEqual([]);
  });

  test('with `identify` alone, which counts nowhere', async () => {
    const { counts, tallies } = await given(...shopped).when(
      signedIn('10:03', 'identify'),
      event('10:04', 'purchase', { transactionId: 't1' }),
    );
    expect(counts(sessionCounts)).toMatchObject({ events: 1 });
    expect(counts(sessionCounts)).not.toHaveProperty('sessions');
    expect(counts(cartCounts)).toEqual({ purchased: 1 });
    expect(tallies).toMatchObject({ identified: 1, events: 1 });
  });

  test('is forgotten with the user', async () => {
    const { naming } = await nothing.when(...shopped, signedIn('10:03', 'page_view'), erase('ann', '10:05'));
    expect(naming('"g"')).toEqual([]);
  });
});

describe('a guest again', () => {
  test('after signing out is linked again with the next event that names them', async () => {
    const { counts, messages } = await nothing.when(
      guest('10:00', 'page_view'),
      signedIn('10:01', 'page_view'),
      guest('10:02', 'add_to_cart', { items: [mug] }),
      signedIn('10:03', 'purchase', { transactionId: 't1' }),
      tick('12:00'),
    );
    expect(counts(cartCounts)).toEqual({ opened: 1, purchased: 1 });
    expect(messages).toEqual([]);
  });

  test('with an event that comes later than what the user did since is linked at once', async () => {
    const { counts, messages } = await nothing.when(
      guest('10:00', 'page_view'),
      signedIn('10:05', 'purchase', { transactionId: 't1' }),
      guest('10:02', 'add_to_cart', { items: [mug] }),
      tick('12:00'),
    );
    expect(counts(cartCounts)).toEqual({ opened: 1, purchased: 1 });
    expect(messages).toEqual([]);
  });

  test.each([{ sessionId: 's1' }, {}])(
    'who buys in the user’s session, without the name, has bought what the user had: %o',
    async (id) => {
      const { counts, messages } = await nothing.when(
        guest('10:00', 'add_to_cart', { ...id, items: [mug] }),
        signedIn('10:01', 'begin_checkout', id),
        guest('10:02', 'page_view', id),
        guest('10:03', 'purchase', { ...id, transactionId: 't1', value: 5 }),
        tick('12:00'),
      );
      expect(counts(cartCounts)).toEqual({ opened: 1, purchased: 1 });
      expect(counts(sessionCounts)).toMatchObject({ sessions: 1, events: 4, purchasing: 1 });
      expect(messages).toEqual([]);
    },
  );

  test('stays a guest where nobody signs in again', async () => {
    const { messages } = await nothing.when(
      signedIn('10:01', 'page_view'),
      guest('10:40', 'add_to_cart', { items: [mug] }),
      tick('13:00'),
    );
    expect(messages).toMatchObject([{ user_id: 'g' }]);
  });

  test('two guests of one user', async () => {
    const phone = { userId: 'p', anonymousId: 'p' };
    const { counts, messages } = await nothing.when(
      guest('10:00', 'add_to_cart', { items: [mug] }),
      event('10:01', 'add_to_cart', { ...phone, items: [item('pen', 2)] }),
      signedIn('10:02', 'page_view'),
      event('10:03', 'page_view', { anonymousId: 'p' }),
      tick('12:00'),
    );
    expect(counts(cartCounts)).toMatchObject({ opened: 2, emptied: 1, abandoned: 1 });
    expect(messages).toMatchObject([{ user_id: 'ann', value: 7 }]);
  });

  test('a guest whom two users share is each one’s in turn', async () => {
    const { counts } = await nothing.when(
      guest('10:00', 'add_to_cart', { items: [mug] }),
      signedIn('10:01', 'purchase', { transactionId: 't1' }),
      guest('10:02', 'add_to_cart', { items: [mug] }),
      event('10:03', 'purchase', { userId: 'ben', anonymousId: 'g', transactionId: 't2' }),
    );
    expect(counts(cartCounts)).toEqual({ opened: 2, purchased: 2 });
  });
});

describe('an order that is reported twice', () => {
  const bought = (time: string, userId: string, fields: Parameters<typeof event>[2] = {}): Logged =>
    event(time, 'purchase', { userId, transactionId: 't1', value: 9, ...fields });

  test('counts once, and everything that came of the other report is taken back', async () => {
    const once = await nothing.when(bought('10:00', 'g', { anonymousId: 'g' }), event('10:01', 'purchase'));
    const twice = await nothing.when(bought('10:00', 'g', { anonymousId: 'g' }), bought('10:01', 'ann'));
    expect(twice.counts(couponOrders)).toEqual({ '(none)': 1 });
    expect(twice.counts(revenueCounts)).toEqual({ ...once.counts(revenueCounts), orders: 1, 'orders:USD': 1 });
    expect(twice.tallies).toMatchObject({ orders_taken_back: 1, events: 2 });
    expect(twice.counts(sessionCounts)).toMatchObject({ events: 2, sessions: 1, purchasing: 1 });
  });

  test('where one says more, that one stays', async () => {
    const { countsIn } = await nothing.when(
      bought('10:00', 'g', { anonymousId: 'g', city: 'Bergen' }),
      bought('10:01', 'ann', { items: [mug], paymentType: 'card' }),
    );
    expect(countsIn('Bergen', revenueCounts)).toEqual({});
    expect(countsIn('Oslo', revenueCounts)).toMatchObject({ orders: 1, 'revenue:USD': 900, thousandths: 1_000 });
  });

  test('makes both visitors one: the guest’s cart is no more', async () => {
    const { counts, messages } = await nothing.when(
      guest('10:00', 'add_to_cart', { items: [mug] }),
      bought('10:05', 'ann'),
      bought('10:06', 'g', { anonymousId: 'g' }),
      tick('12:00'),
    );
    expect(counts(cartCounts)).toEqual({ opened: 1, purchased: 1 });
    expect(messages).toEqual([]);
  });
});
