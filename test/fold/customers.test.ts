import { describe, expect, test } from 'vitest';
import { revenueCounts } from '../../src/analytics/shared/sales.ts';
import { sessionCounts } from '../../src/analytics/shared/sessions.ts';
import { DEFAULT_DIMENSIONS, dimensionOf } from '../../src/metrics/dimension.ts';
import { close, erase, event, givenIn, imported, type Logged, type Specification } from '../support/core/given.ts';

const CUSTOMER = dimensionOf('customer');
if (CUSTOMER === undefined) throw new Error('there is no such dimension');
const IN_SHOP = { settings: { dimensions: [...DEFAULT_DIMENSIONS, CUSTOMER] } };

const given = (...log: Logged[]) => givenIn(IN_SHOP, ...log);
const bought = (time: string, more: Parameters<typeof event>[2] = {}) =>
  event(time, 'purchase', { transactionId: `t${time}`, value: 5, ...more });
const sessionsOf = async (log: Logged[], ...next: Logged[]) => {
  const outcome = await given(...log).when(...next);
  return ['new', 'returning'].map((value) => outcome.countsBy('customer', value, sessionCounts)['sessions'] ?? 0);
};

describe('by customer a session counts as', () => {
  test('new, its first order too, where its visitor has never bought before it began', async () => {
    const outcome = await given(event('10:00', 'page_view')).when(bought('10:05'), event('10:06', 'page_view'));
    expect(outcome.countsBy('customer', 'new', revenueCounts)).toMatchObject({ orders: 1, 'revenue:USD': 500 });
    expect(outcome.countsBy('customer', 'returning', sessionCounts)).toEqual({});
  });

  test('returning, its orders too, where they have: ever, also years ago', async () => {
    const outcome = await given(bought('2024-01-05T10:00')).when(bought('2026-11-20T10:00'));
    expect(outcome.countsBy('customer', 'returning', revenueCounts)).toMatchObject({ orders: 1 });
    expect(outcome.countsBy('customer', 'returning', sessionCounts)).toMatchObject({ sessions: 1 });
  });

  test('returning from the session on that follows the first order, and not before', async () => {
    expect(await sessionsOf([bought('10:00')], event('10:20', 'page_view'))).toEqual([0, 0]);
    expect(await sessionsOf([bought('10:00')], event('11:00', 'page_view'))).toEqual([0, 1]);
    expect(await sessionsOf([event('10:00', 'page_view')], event('11:00', 'page_view'))).toEqual([1, 0]);
  });

  test('returning behind an import that has the order, once that is complete', async () => {
    const order = imported('i1', bought('2026-11-01T10:00'));
    expect(await sessionsOf([order], event('2026-11-20T10:00', 'page_view'))).toEqual([1, 0]);
    expect(await sessionsOf([order, close('i1')], event('2026-11-20T10:00', 'page_view'))).toEqual([0, 1]);
  });

  test('new again where the visitor was erased', async () => {
    expect(await sessionsOf([bought('10:00'), erase('ann', '12:00')], event('13:00', 'page_view'))).toEqual([1, 0]);
  });

  test('returning where a guest signs in as somebody who has bought before: the session goes over to it', async () => {
    const log = [bought('2026-11-01T10:00'), event('2026-11-20T10:00', 'page_view', { userId: 'guest' })];
    const signsIn = event('2026-11-20T10:05', 'page_view', { anonymousId: 'guest' });
    expect(await sessionsOf(log, signsIn)).toEqual([-1, 1]);
  });

  test('returning where the order before was a guest’s who has signed in since', async () => {
    const log = [
      bought('2026-11-01T10:00', { userId: 'guest' }),
      event('2026-11-01T10:05', 'page_view', { anonymousId: 'guest' }),
    ];
    expect(await sessionsOf(log, event('2026-11-20T10:00', 'page_view'))).toEqual([0, 1]);
  });
});

test('where it is no dimension of the shop, nobody is kept for good', async () => {
  const keysOfBuyers = async (log: Specification) =>
    (await log.when(bought('10:00'))).naming('ann').filter((key) => key.includes(':buyers:')).length;
  expect([await keysOfBuyers(givenIn({})), await keysOfBuyers(given())]).toEqual([0, 1]);
});
