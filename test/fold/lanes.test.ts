import { describe, expect, test } from 'vitest';
import { cartCounts } from '../../src/analytics/abandonment/definition.ts';
import { frequencies } from '../../src/analytics/event-frequencies/definition.ts';
import { newUserCounts } from '../../src/analytics/sessions/definition.ts';
import { actionCounts, openCarts } from '../../src/analytics/shared/realtime.ts';
import { revenueCounts } from '../../src/analytics/shared/sales.ts';
import { sessionCounts } from '../../src/analytics/shared/sessions.ts';
import { arriving, event, given, imported, item, nothing, tick } from '../support/core/given.ts';

const old = (time: string, name: string, fields = {}) =>
  arriving('10:00', imported('imp-1', event(`2025-03-01T${time}`, name, fields)));
const cart = { items: [item('mug', 5)] };

describe('an import beside the live shop', () => {
  test('counts in the hours of its own times', async () => {
    const { hoursOf } = await given(event('10:00', 'page_view')).when(old('09:00', 'page_view'));
    expect(hoursOf(frequencies, 'page_view')).toEqual({ '2025-03-01T09': 1 });
  });

  test('its time moves no live cart, and live time moves none of its carts', async () => {
    const ahead = imported('imp-1', event('14:00', 'page_view', { userId: 'ben' }));
    const live = await given(event('10:00', 'add_to_cart', cart)).when(ahead);
    expect(live.counts(cartCounts)).toEqual({});
    const history = await given(old('09:00', 'add_to_cart', cart)).when(tick('10:00'), event('18:00', 'page_view'));
    expect(history.counts(cartCounts)).toEqual({});
  });

  test('its own time abandons its carts; the message names the import as the source', async () => {
    const { counts, messages } = await given(old('09:00', 'add_to_cart', cart)).when(
      old('10:00:01', 'page_view', { userId: 'ben' }),
    );
    expect(counts(cartCounts)).toMatchObject({ abandoned: 1 });
    expect(messages).toMatchObject([{ source: 'imp-1', abandoned_at: '2025-03-01T10:00:00+00:00' }]);
  });

  test('a user has a session, a cart and a name of their own in each lane', async () => {
    const { counts } = await given(event('10:00', 'add_to_cart', cart)).when(
      imported('imp-1', event('10:05', 'add_to_cart', cart)),
    );
    expect(counts(sessionCounts)).toEqual({ events: 1, sessions: 1 });
    expect(counts(cartCounts)).toEqual({ opened: 1 });
    expect(counts(newUserCounts)).toEqual({ users: 1 });
  });

  test('a live event and an imported one with the same id are two events, and two imports’ are two', async () => {
    const same = event('10:00', 'page_view', { eventId: 'e' });
    const { tallies } = await given(same).when(
      imported('imp-1', same),
      imported('imp-2', same),
      imported('imp-2', same),
    );
    expect(tallies).toEqual({ events: 2, duplicates: 1 });
  });

  test('a live order and an imported one with the same transaction are two orders', async () => {
    const bought = (id: string) => event('10:00', 'purchase', { eventId: id, transactionId: 't1', value: 1 });
    const { counts } = await given(bought('a')).when(imported('imp-1', bought('b')));
    expect(counts(revenueCounts)).toMatchObject({ orders: 1 });
  });

  test('its carts are none of the live numbers’', async () => {
    const { counts } = await nothing.when(old('09:00', 'add_to_cart', cart));
    expect(counts(openCarts)).toEqual({});
  });
});

test('events are folded in the order of the log; each counts in the hour of its own time', async () => {
  const { hoursOf } = await given(event('12:00', 'page_view')).when(
    event('10:30', 'page_view'),
    event('12:01', 'search'),
  );
  expect(hoursOf(frequencies, 'page_view')).toEqual({ '2026-11-20T10': 1 });
  expect(hoursOf(frequencies, 'search')).toEqual({ '2026-11-20T12': 1 });
});

describe('lane time', () => {
  test('is the newest timestamp that came: an older one does not turn it back', async () => {
    const { counts } = await given(
      event('10:00', 'add_to_cart', cart),
      event('10:55', 'page_view', { userId: 'ben' }),
    ).when(event('09:00', 'page_view', { userId: 'ben' }), event('11:00:01', 'page_view', { userId: 'ben' }));
    expect(counts(cartCounts)).toMatchObject({ abandoned: 1 });
  });

  test('a tick behind it changes nothing', async () => {
    const outcome = await given(event('10:00', 'add_to_cart', cart), event('10:50', 'page_view')).when(tick('10:30'));
    expect([outcome.counts(cartCounts), outcome.messages]).toEqual([{}, []]);
  });
});

describe('what is about the last hour', () => {
  test('counts an event that arrived within an hour of its own time, in that time’s window', async () => {
    const { counts, hoursOf } = await nothing.when(arriving('11:00', event('10:00', 'page_view')));
    expect(counts(actionCounts)).toEqual({ page_view: 1 });
    expect(hoursOf(actionCounts, 'page_view')).toEqual({ '2026-11-20T10': 1 });
  });

  test('and none that arrived later; it counts everywhere else', async () => {
    const { counts } = await nothing.when(arriving('11:00:01', event('10:00', 'page_view')));
    expect(counts(actionCounts)).toEqual({});
    expect(counts(frequencies)).toEqual({ page_view: 1 });
  });
});
