import { describe, expect, test } from 'vitest';
import { revenueCounts } from '../../src/analytics/shared/sales.ts';
import { sessionCounts } from '../../src/analytics/shared/sessions.ts';
import { decodeBuyer, encodeBuyer, firstOrderMs, LONG_AGO, withImport } from '../../src/fold/visitors/buyer.ts';
import {
  close,
  erase,
  event,
  givenIn,
  imported,
  item,
  type Logged,
  type Specification,
  takenBack,
} from '../support/core/given.ts';
import { BY_CUSTOMER } from '../support/core/settings.ts';

const given = (...log: Logged[]) => givenIn({ settings: BY_CUSTOMER }, ...log);
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

  test('new where a guest signs in behind their first order: their session had begun before', async () => {
    const guest = { userId: 'guest', anonymousId: 'guest', sessionId: 's' };
    const [page, hook] = [
      bought('10:05', { ...guest, transactionId: 'o', items: [item('mug', 5)] }),
      bought('10:06', { transactionId: 'o' }),
    ];
    const log = [event('10:00', 'page_view', guest), page, hook];
    expect(await sessionsOf([], ...log)).toEqual([2, 0]);
    expect(await sessionsOf([], log[0] ?? page, hook, page)).toEqual([2, 0]);
    const names = event('10:07', 'page_view', { sessionId: 's', anonymousId: 'guest' });
    expect(await sessionsOf(log, names)).toEqual([0, 0]);
    expect(await sessionsOf([event('10:00', 'page_view', guest), bought('10:06')], names)).toEqual([0, 0]);
  });

  test('new where page and hook report a first order under two names, whichever says more and comes first', async () => {
    const reports = (more: [object, object]): Logged[] => [
      event('10:00', 'page_view', { userId: 'page', sessionId: 's' }),
      bought('10:05', { userId: 'page', sessionId: 's', transactionId: 'o', ...more[0] }),
      bought('10:06', { userId: 'hook', transactionId: 'o', ...more[1] }),
    ];
    const lines = { items: [item('mug', 5)] };
    for (const more of [
      [lines, {}],
      [{}, lines],
    ] satisfies [object, object][]) {
      const [visit, page, hook] = reports(more);
      if (visit === undefined || page === undefined || hook === undefined) throw new Error('there are three');
      expect(await sessionsOf([], visit, page, hook)).toEqual([2, 0]);
      expect(await sessionsOf([], visit, hook, page)).toEqual([2, 0]);
    }
    const log = [bought('2026-11-01T10:00', { userId: 'page' })];
    expect(await sessionsOf(log, ...reports([lines, {}]))).toEqual([0, 2]);
  });

  test('returning where the user turns out to be a guest who had bought long before', async () => {
    const order = bought('2026-11-01T10:00', { userId: 'guest' });
    const log = [order, event('10:00', 'page_view')];
    expect(await sessionsOf(log, event('10:05', 'page_view', { anonymousId: 'guest' }))).toEqual([-1, 1]);
  });

  test('as their oldest order says, whichever comes first, and of an order without a moment as if it were the oldest', async () => {
    const [older, newer] = [bought('2026-11-01T10:00'), bought('2026-11-20T10:00')];
    const visit = event('2026-11-10T10:00', 'page_view', { sessionId: 'late' });
    expect(await sessionsOf([newer], visit)).toEqual([1, 0]);
    expect(await sessionsOf([newer, older], visit)).toEqual([0, 1]);
    expect(await sessionsOf([newer, imported('i1', older), close('i1')], visit)).toEqual([0, 1]);
    expect(firstOrderMs(decodeBuyer(''))).toBe(Number.NEGATIVE_INFINITY);
  });

  test('new again where the import that had the order is taken back, unless another or a live one says it too', async () => {
    const of = (id: string) => imported(id, bought('2026-11-01T10:00', { transactionId: `t of ${id}` }));
    const [one, other] = [of('i1'), of('i2')];
    const back = takenBack('i1', [one]);
    const visit = event('2026-11-21T10:00', 'page_view');
    expect(await sessionsOf([one, close('i1')], visit)).toEqual([0, 1]);
    expect(await sessionsOf([one, close('i1'), ...back], visit)).toEqual([1, 0]);
    expect(await sessionsOf([one, close('i1'), other, close('i2'), ...back], visit)).toEqual([0, 1]);
    expect(await sessionsOf([bought('09:00'), one, close('i1'), ...back], visit)).toEqual([0, 1]);
    const { naming } = await given(one, close('i1')).when(...back);
    expect(naming('ann').filter((key) => key.includes(':buyers:'))).toEqual([]);
  });

  test('returning where the order before was a guest’s who has signed in since', async () => {
    const log = [
      bought('2026-11-01T10:00', { userId: 'guest' }),
      event('2026-11-01T10:05', 'page_view', { anonymousId: 'guest' }),
    ];
    expect(await sessionsOf(log, event('2026-11-20T10:00', 'page_view'))).toEqual([0, 1]);
  });
});

test('who has bought is read as it was stored, and tells as many imports apart as there is room for', () => {
  const imports = new Map([
    ['imp-1', 5],
    ['imp 2', 9],
  ]);
  for (const ownMs of [undefined, LONG_AGO, 7]) {
    const buyer = { ownMs, imports };
    expect(decodeBuyer(encodeBuyer(buyer))).toEqual(buyer);
  }
  let many = { ownMs: undefined as number | undefined, imports: new Map() as ReadonlyMap<string, number> };
  for (let i = 0; i < 30; i++) many = withImport(many, `imp-${i}`, 100 - i);
  expect([many.imports.size, many.ownMs, firstOrderMs(many)]).toEqual([20, 71, 71]);
});

test('where it is no dimension of the shop, nobody is kept for good', async () => {
  const keysOfBuyers = async (log: Specification) =>
    (await log.when(bought('10:00'))).naming('ann').filter((key) => key.includes(':buyers:')).length;
  expect([await keysOfBuyers(givenIn({})), await keysOfBuyers(given())]).toEqual([0, 1]);
});
