import { describe, expect, test } from 'vitest';
import { cartCounts } from '../../src/analytics/abandonment/definition.ts';
import { closedFunnel } from '../../src/analytics/funnel/definition.ts';
import { revenueCounts } from '../../src/analytics/shared/sales.ts';
import { sessionCounts } from '../../src/analytics/shared/sessions.ts';
import { DEFAULT_DIMENSIONS } from '../../src/metrics/dimension.ts';
import { event, given, givenIn, HOUR, item } from '../support/core/given.ts';

const DAY = 24 * HOUR;

describe('a session counts under the first value that its events name', () => {
  test('what is counted of the session goes over when a later event is the first to name one; its events before stay', async () => {
    const log = given(
      event('10:00', 'page_view', { city: undefined }),
      event('10:01', 'view_item', { city: undefined }),
    );
    const outcome = await log.when(event('10:02', 'add_to_cart', { city: 'Bergen', items: [item('mug', 2)] }));
    expect(outcome.countsIn('unknown', sessionCounts)).toEqual({ sessions: -1, session_ms: -60_000 });
    expect(outcome.countsIn('Bergen', sessionCounts)).toEqual({ sessions: 1, session_ms: 120_000, events: 1 });
    expect(outcome.countsIn('unknown', closedFunnel, 'shop')).toEqual({ visit: -1, view: -1 });
    expect(outcome.countsIn('Bergen', closedFunnel, 'shop')).toEqual({ visit: 1, view: 1, cart: 1 });
    expect(outcome.countsIn('Bergen', cartCounts)).toEqual({ opened: 1 });
    expect(outcome.counts(sessionCounts)).toEqual({ session_ms: 60_000, events: 1 });
  });

  test('another value of a later event changes nothing, and the order is the session’s', async () => {
    const outcome = await given(event('10:00', 'page_view', { channel: 'Email' })).when(
      event('10:05', 'purchase', { channel: 'Referral', transactionId: 't', value: 5 }),
    );
    expect(outcome.countsBy('channel', 'Email', revenueCounts)).toMatchObject({ orders: 1, 'revenue:USD': 500 });
    expect(outcome.countsBy('channel', 'Referral', revenueCounts)).toEqual({});
    expect(outcome.countsBy('channel', 'Email', sessionCounts)).toMatchObject({ purchasing: 1 });
  });
});

describe('who comes directly', () => {
  const brought = event('2026-11-01T10:00', 'page_view', { channel: 'Email' });

  test('counts under what brought them last, within ATTRIBUTION_WINDOW', async () => {
    const outcome = await given(brought).when(event('2026-11-20T10:00', 'page_view'));
    expect(outcome.countsBy('channel', 'Email', sessionCounts)).toMatchObject({ sessions: 1 });
  });

  test('counts as Direct behind that', async () => {
    const settings = { attributionWindowMs: 10 * DAY };
    const outcome = await givenIn({ settings }, brought).when(event('2026-11-20T10:00', 'page_view'));
    expect(outcome.countsBy('channel', 'Direct', sessionCounts)).toMatchObject({ sessions: 1 });
  });

  test('counts under what brings them now, as soon as an event says it', async () => {
    const outcome = await given(brought).when(
      event('2026-11-20T10:00', 'page_view'),
      event('2026-11-20T10:01', 'page_view', { channel: 'Paid Search' }),
    );
    expect(outcome.countsBy('channel', 'Email', sessionCounts)).toEqual({ events: 1 });
    expect(outcome.countsBy('channel', 'Paid Search', sessionCounts)).toMatchObject({ sessions: 1, events: 1 });
  });
});

describe('values beyond a dimension’s cap', () => {
  const settings = { dimensions: DEFAULT_DIMENSIONS.map((dimension) => ({ ...dimension, cap: 2 })) };
  const visit = (time: string, city: string) => event(time, 'page_view', { city, userId: `of ${city}` });
  const three = [visit('10:00', 'Oslo'), visit('10:01', 'Rome'), visit('10:02', 'Bonn')];

  test('count as (other) from the first event on, in the order of the log', async () => {
    const outcome = await givenIn({ settings }, ...three).when(visit('10:03', 'Lima'), visit('10:04', 'Rome'));
    expect(outcome.countsIn('(other)', sessionCounts)).toMatchObject({ sessions: 1, events: 1 });
    expect(outcome.countsIn('Lima', sessionCounts)).toEqual({});
    expect(outcome.countsIn('Rome', sessionCounts)).toMatchObject({ events: 1 });
    expect(outcome.counts(sessionCounts)).toMatchObject({ events: 2 });
  });

  test('are other ones on another day; a session goes on as what it began as', async () => {
    const log = givenIn({ settings }, ...three, event('23:50', 'page_view', { city: 'Lima', userId: 'late' }));
    const outcome = await log.when(event('2026-11-21T00:05', 'view_item', { city: 'Lima', userId: 'late' }));
    // The event counts on a day on which there is room, the session on its own.
    expect(outcome.countsIn('Lima', sessionCounts)).toEqual({ events: 1 });
    expect(outcome.countsIn('(other)', sessionCounts)).toEqual({ bounces: -1, session_ms: 15 * 60_000 });
  });

  test('are the same in orders and carts of their sessions', async () => {
    const outcome = await givenIn({ settings }, ...three).when(
      event('10:05', 'add_to_cart', { city: 'Lima', userId: 'x', items: [item('mug', 2)] }),
      event('10:06', 'purchase', { city: 'Lima', userId: 'x', transactionId: 't', value: 2 }),
    );
    expect(outcome.countsIn('(other)', cartCounts)).toEqual({ opened: 1, purchased: 1 });
    expect(outcome.countsIn('(other)', revenueCounts)).toMatchObject({ orders: 1 });
    expect(outcome.naming('Lima').filter((key) => key.includes(':by-'))).toEqual([]);
  });
});
