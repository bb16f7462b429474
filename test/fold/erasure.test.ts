import { describe, expect, test } from 'vitest';
import { cartCounts } from '../../src/analytics/abandonment/definition.ts';
import { newUserCounts } from '../../src/analytics/sessions/definition.ts';
import { openCarts } from '../../src/analytics/shared/realtime.ts';
import { revenueCounts } from '../../src/analytics/shared/sales.ts';
import { sessionCounts } from '../../src/analytics/shared/sessions.ts';
import { close, erase, event, given, imported, item, tick } from '../support/core/given.ts';

const cart = { items: [item('mug', 5)] };

/** All that can be kept of a user: two sessions, an order, a cart that was recovered, one that is open. */
const everything = (userId: string, importId?: string) =>
  [
    event('08:00', 'add_to_cart', { ...cart, userId, sessionId: 's"1' }),
    event('09:30', 'purchase', { userId, transactionId: `t|${[...userId].reverse().join('')}`, value: 4 }),
    event('10:00', 'search', { userId, searchTerm: 'mug' }),
    event('10:01', 'add_to_cart', { ...cart, userId }),
  ].map((one) => (importId === undefined ? one : imported(importId, one)));

describe('an erased user', () => {
  test.each(['ann', 'a*n"n[x]:{0}|\\', 'tick'])('is named nowhere in the state, in any lane: %s', async (user) => {
    const log = [...everything(user), ...everything(user, 'imp-1'), ...everything('ben')];
    const before = await given(...log).when(tick('10:05'));
    expect(before.naming(user).length).toBeGreaterThan(8);
    const after = await given(...log).when(erase(user));
    expect(after.naming(user)).toEqual([]);
    expect(after.naming('ben').length).toBeGreaterThan(5);
    expect(after.tallies).toEqual({ erasures: 1 });
  });

  test('leaves counters as they were; an open cart ends as emptied', async () => {
    const { counts } = await given(...everything('ann')).when(erase('ann'));
    expect(counts(cartCounts)).toEqual({ emptied: 1 });
    expect(counts(openCarts)).toEqual({ count: -1, 'value:USD': -500 });
    expect([counts(sessionCounts), counts(revenueCounts)]).toEqual([{}, {}]);
  });

  test('an abandoned cart goes without a word: it stays counted, and is listed no more', async () => {
    const { counts, messages, listed } = await given(event('10:00', 'add_to_cart', cart), tick('12:00')).when(
      erase('ann'),
      event('12:01', 'purchase', { transactionId: 't1' }),
    );
    expect([counts(cartCounts), messages, listed('abandoned')]).toEqual([{}, [], []]);
  });

  test('has carts that end in every lane', async () => {
    const { counts } = await given(...everything('ann'), ...everything('ann', 'imp-1')).when(
      erase('ann'),
      close('imp-1'),
      tick('2026-11-22T10:00'),
    );
    expect(counts(cartCounts)).toEqual({ emptied: 2 });
  });

  test('comes back as a new one, with a session of their own', async () => {
    const { counts } = await given(...everything('ann')).when(erase('ann'), event('10:05', 'page_view'));
    expect(counts(newUserCounts)).toEqual({ users: 1 });
    expect(counts(sessionCounts)).toEqual({ events: 1, sessions: 1, bounces: 1 });
  });

  test('an order of theirs is nobody’s: whoever reports it again, it counts once; an event sent again still is a repeat within its window', async () => {
    const known = event('10:02', 'page_view', { eventId: 'known' });
    const { counts, tallies } = await given(...everything('ann'), known).when(
      erase('ann'),
      event('10:05', 'purchase', { transactionId: 't|nna', value: 4 }),
      event('10:06', 'page_view', { eventId: 'known' }),
    );
    expect(counts(revenueCounts)).not.toHaveProperty('orders');
    expect(tallies).toMatchObject({ orders_taken_back: 1, duplicates: 1 });
  });

  test('nobody else is touched, not one whose name begins alike', async () => {
    const { counts } = await given(...everything('anna'), ...everything('ann')).when(
      erase('ann'),
      event('10:05', 'page_view', { userId: 'anna' }),
      tick('11:05:01'),
    );
    expect(counts(cartCounts)).toMatchObject({ emptied: 1, abandoned: 1 });
    expect(counts(sessionCounts)).toMatchObject({ events: 1, session_ms: 4 * 60_000 });
  });
});
