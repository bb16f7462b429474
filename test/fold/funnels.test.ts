import { describe, expect, test } from 'vitest';
import { closedFunnel, conversionTimes } from '../../src/analytics/funnel/definition.ts';
import { durationBucket } from '../../src/metrics/histogram.ts';
import { event, given, givenIn, nothing } from '../support/core/given.ts';

describe('a closed funnel', () => {
  test('the first event is the visit, and may reach its own stage as well', async () => {
    const page = await nothing.when(event('10:00', 'page_view'));
    expect(page.counts(closedFunnel, 'shop')).toEqual({ visit: 1 });
    const item = await nothing.when(event('10:00', 'view_item'));
    expect(item.counts(closedFunnel, 'shop')).toEqual({ visit: 1, view: 1 });
    const purchase = await nothing.when(event('10:00', 'purchase', { transactionId: 't1' }));
    expect(purchase.counts(closedFunnel, 'shop')).toEqual({ visit: 1 });
  });

  test('a stage is reached when every stage before it was, in order', async () => {
    const { counts } = await given(event('10:00', 'view_item')).when(
      event('10:01', 'begin_checkout'),
      event('10:02', 'add_to_cart'),
      event('10:03', 'purchase', { transactionId: 't1' }),
    );
    expect(counts(closedFunnel, 'shop')).toEqual({ cart: 1 });
    expect(counts(closedFunnel, 'quick')).toEqual({ cart: 1, purchase: 1 });
  });

  test('other events between do not matter', async () => {
    const { counts } = await given(event('10:00', 'view_item'), event('10:01', 'search')).when(
      event('10:02', 'wheel_spun'),
      event('10:03', 'view_item'),
      event('10:04', 'add_to_cart'),
    );
    expect(counts(closedFunnel, 'shop')).toEqual({ cart: 1 });
  });

  test('a stage counts once a session', async () => {
    const { counts } = await given(event('10:00', 'view_item'), event('10:01', 'add_to_cart')).when(
      event('10:02', 'add_to_cart'),
    );
    expect(counts(closedFunnel, 'shop')).toEqual({});
  });

  test('progress belongs to the session, not to the user', async () => {
    const { counts } = await given(event('10:00', 'view_item', { sessionId: 'phone' })).when(
      event('10:01', 'add_to_cart', { sessionId: 'tablet' }),
    );
    expect(counts(closedFunnel, 'shop')).toEqual({ visit: 1 });
  });

  test('it counts in the hour and city in which the session began', async () => {
    const outcome = await given(event('10:50', 'view_item')).when(event('11:05', 'add_to_cart', { city: 'Bergen' }));
    expect(outcome.countsIn('Oslo', closedFunnel, 'shop')).toEqual({ cart: 1 });
    expect(outcome.hoursOf(closedFunnel, 'cart', 'shop')).toEqual({ '2026-11-20T10': 1 });
  });

  test('the time from stage to stage runs from the stage before, and is never below 0', async () => {
    const { counts } = await given(event('10:00', 'page_view'), event('10:01', 'view_item')).when(
      event('10:03', 'add_to_cart'),
      event('10:02', 'begin_checkout'),
    );
    expect(counts(conversionTimes, 'shop')).toEqual({
      [`cart:${durationBucket(120)}`]: 1,
      [`checkout:${durationBucket(0)}`]: 1,
    });
  });

  describe('that names a stage twice', () => {
    const in_ = (...stages: string[]) => givenIn({ settings: { funnels: [{ name: 'twice', stages }] } });

    test('needs its event twice, and counts each place by itself', async () => {
      const { counts } = await in_('visit', 'wheel', 'wheel').when(
        event('10:00', 'wheel'),
        event('10:01', 'wheel'),
        event('10:02', 'wheel'),
        event('10:00', 'wheel', { userId: 'ben' }),
      );
      expect(counts(closedFunnel, 'twice')).toEqual({ visit: 2, wheel: 2, 'wheel#2': 1 });
      expect(counts(conversionTimes, 'twice')).toEqual({ 'wheel:0': 2, [`wheel#2:${durationBucket(60)}`]: 1 });
    });

    test('takes the next event for a second visit, and that event for nothing else', async () => {
      const funnel = in_('visit', 'visit', 'cart');
      const one = await funnel.when(event('10:00', 'add_to_cart'));
      expect(one.counts(closedFunnel, 'twice')).toEqual({ visit: 1 });
      const two = await funnel.when(event('10:00', 'page_view'), event('10:01', 'add_to_cart'));
      expect(two.counts(closedFunnel, 'twice')).toEqual({ visit: 1, 'visit#2': 1 });
    });
  });

  test('any event name may be a stage', async () => {
    const settings = { funnels: [{ name: 'game', stages: ['visit', 'wheel_spun', 'cart'] }] };
    const { counts } = await givenIn({ settings }, event('10:00', 'wheel_spun')).when(event('10:01', 'add_to_cart'));
    expect(counts(closedFunnel, 'game')).toEqual({ cart: 1 });
  });
});

describe('an open funnel marks users, in any order', () => {
  test('at each stage that an event reaches; every shop event is a visit', async () => {
    const { marked } = await nothing.when(event('10:00', 'purchase', { transactionId: 't1' }));
    expect([marked('visit'), marked('purchase'), marked('cart')]).toEqual([['ann'], ['ann'], []]);
  });

  test('once in an hour and city', async () => {
    const { marked } = await given(event('10:00', 'view_item')).when(event('10:59', 'view_item'));
    expect([marked('visit'), marked('view')]).toEqual([[], []]);
  });

  test('anew in another hour, and in a session of another city', async () => {
    const log = given(event('10:00', 'view_item'));
    expect((await log.when(event('11:00', 'view_item'))).marked('view')).toEqual(['ann']);
    expect(
      (await log.when(event('10:01', 'view_item', { city: 'Bergen', sessionId: 's2' }))).marked('view', 'Bergen'),
    ).toEqual(['ann']);
  });

  test('the hour is that of the event’s own time', async () => {
    const { marked } = await given(event('11:00', 'view_item')).when(event('10:50', 'view_item'));
    expect(marked('view')).toEqual(['ann']);
  });

  test('for every user by themselves', async () => {
    const { marked } = await given(event('10:00', 'view_item')).when(event('10:01', 'view_item', { userId: 'ben' }));
    expect(marked('view')).toEqual(['ben']);
  });
});
