import { describe, expect, test } from 'vitest';
import { cartCounts } from '../../src/analytics/abandonment/definition.ts';
import { newUserCounts } from '../../src/analytics/sessions/definition.ts';
import { openCarts } from '../../src/analytics/shared/realtime.ts';
import { revenueCounts } from '../../src/analytics/shared/sales.ts';
import { sessionCounts } from '../../src/analytics/shared/sessions.ts';
import { close, event, given, imported, item, MIN, nothing, tick } from '../support/core/given.ts';

const cart = { items: [item('mug', 5)] };
const inImport = (time: string, name: string, fields = {}) => imported('imp-1', event(time, name, fields));

describe('when an import’s lane closes, what is still open moves to the live lane', () => {
  test('its session goes on there', async () => {
    const { counts } = await given(inImport('10:00', 'page_view'), close('imp-1', '10:10')).when(
      event('10:20', 'page_view'),
    );
    expect(counts(sessionCounts)).toEqual({ events: 1, bounces: -1, session_ms: 20 * MIN });
  });

  test('beside the user’s live sessions, the newest and those before it', async () => {
    const log = [
      event('10:02', 'page_view', { sessionId: 'desk' }),
      inImport('10:00', 'page_view', { sessionId: 'phone' }),
      inImport('10:01', 'page_view', { sessionId: 'tablet' }),
      close('imp-1', '10:10'),
    ];
    const { counts } = await given(...log).when(
      event('10:20', 'page_view', { sessionId: 'phone' }),
      event('10:21', 'page_view', { sessionId: 'tablet' }),
      event('10:22', 'page_view', { sessionId: 'desk' }),
    );
    expect(counts(sessionCounts)).toEqual({ events: 3, bounces: -3, session_ms: 3 * 20 * MIN });
  });

  test.each([
    ['as the user’s newest', []],
    ['as one before the newest', [event('10:06', 'page_view', { sessionId: 'desk' })]],
  ])('a session that both lanes know stays as the live lane knows it, %s', async (_, newer) => {
    const shared = { sessionId: 'shared' };
    const live = [event('10:05', 'page_view', shared), ...newer];
    const { counts } = await given(...live, inImport('10:00', 'page_view', shared), close('imp-1', '10:10')).when(
      event('10:20', 'page_view', shared),
    );
    expect(counts(sessionCounts)).toEqual({ events: 1, bounces: -1, session_ms: 15 * MIN });
  });

  test('one that was over by live time does not come back', async () => {
    const { counts } = await given(
      imported('imp-1', event('2026-11-01T10:00', 'page_view', { sessionId: 's1' })),
      event('10:00', 'page_view', { userId: 'ben' }),
      close('imp-1'),
    ).when(event('10:10', 'page_view', { sessionId: 's1' }));
    expect(counts(sessionCounts)).toEqual({ events: 1, sessions: 1, bounces: 1 });
  });

  test('its user is no new one there, for thirty days after the last session began', async () => {
    const log = [imported('imp-1', event('2026-11-01T10:00', 'page_view')), close('imp-1', '10:00')];
    expect((await given(...log).when(event('10:00', 'page_view'))).counts(newUserCounts)).toEqual({});
    const later = await given(...log).when(event('2026-12-20T10:00', 'page_view'));
    expect(later.counts(newUserCounts)).toEqual({ users: 1 });
  });

  test('its orders are known there by their transaction, so that a purchase is not counted twice', async () => {
    const bought = (time: string) => event(time, 'purchase', { transactionId: 't1', value: 7 });
    const log = [imported('imp-1', bought('10:00')), event('10:05', 'page_view', { userId: 'ben' }), close('imp-1')];
    const { counts, tallies } = await given(...log).when(
      bought('10:10'),
      event('10:11', 'refund', { transactionId: 't1' }),
    );
    expect(counts(revenueCounts)).toEqual({ 'refunds:USD': 700 });
    expect(tallies).toEqual({ duplicates: 1, events: 1 });
  });

  test('nothing of the lane is left; what it has handed over says where it came from', async () => {
    const log = [
      inImport('10:00', 'add_to_cart', cart),
      inImport('10:01', 'purchase', { transactionId: 't1' }),
      inImport('10:02', 'page_view', { sessionId: 'phone' }),
    ];
    expect((await given(...log).when(tick('10:05'))).naming('imp-1').length).toBeGreaterThan(4);
    const { naming } = await given(...log).when(close('imp-1', '10:10'));
    expect(naming('imp-1').filter((key) => !key.includes(':live'))).toEqual([]);
  });
});

describe('an import’s open cart', () => {
  test('is the user’s live cart from then on, still of its import', async () => {
    const log = [inImport('10:00', 'add_to_cart', cart), close('imp-1', '10:10')];
    const moved = await given(...log.slice(0, 1)).when(close('imp-1', '10:10'));
    expect([moved.counts(cartCounts), moved.counts(openCarts)]).toEqual([{}, { count: 1, 'value:USD': 500 }]);
    const due = await given(...log).when(tick('11:00:01'));
    expect(due.counts(cartCounts)).toMatchObject({ abandoned: 1 });
    expect(due.messages).toMatchObject([{ source: 'imp-1', opened_at: '2026-11-20T10:00:00+00:00' }]);
  });

  test('is abandoned at once where live time has passed its deadline', async () => {
    const { counts, messages } = await given(
      event('18:00', 'page_view', { userId: 'ben' }),
      inImport('10:00', 'add_to_cart', cart),
    ).when(close('imp-1'));
    expect(counts(cartCounts)).toMatchObject({ abandoned: 1 });
    expect(messages).toMatchObject([{ topic: 'abandoned', abandoned_at: '2026-11-20T11:00:00+00:00' }]);
  });

  test('is abandoned by the closing’s arrival where no live event has come yet', async () => {
    const { counts } = await given(inImport('10:00', 'add_to_cart', cart)).when(close('imp-1', '18:00'));
    expect(counts(cartCounts)).toMatchObject({ abandoned: 1 });
  });

  test('ends as abandoned where the user has a live cart, which stays as it is', async () => {
    const { counts, messages, listed } = await given(
      event('10:05', 'add_to_cart', { items: [item('pen', 2)] }),
      inImport('10:00', 'add_to_cart', cart),
    ).when(close('imp-1', '10:10'));
    expect(counts(cartCounts)).toEqual({ abandoned: 1, 'abandoned_at:cart': 1, 'abandoned_value:USD': 500 });
    expect(counts(openCarts)).toEqual({});
    expect(messages).toMatchObject([{ topic: 'abandoned', source: 'imp-1' }]);
    expect(listed('abandoned')).toEqual(['ann']);
  });

  test('ends without a word where it was abandoned before and taken up again', async () => {
    const { counts, messages, listed } = await given(
      event('12:30', 'add_to_cart', { items: [item('pen', 2)] }),
      inImport('10:00', 'add_to_cart', cart),
      inImport('12:00', 'add_to_cart', cart),
    ).when(close('imp-1', '12:40'));
    expect([counts(cartCounts), messages]).toEqual([{}, []]);
    expect(listed('abandoned')).toEqual(['ann']);
  });

  test('that was abandoned can be recovered by a live purchase', async () => {
    const { counts, messages } = await given(
      inImport('10:00', 'add_to_cart', cart),
      inImport('12:00', 'page_view', { userId: 'ben' }),
      close('imp-1', '12:40'),
    ).when(event('13:00', 'purchase', { transactionId: 't1' }));
    expect(counts(cartCounts)).toMatchObject({ recovered: 1 });
    expect(messages).toMatchObject([{ topic: 'recovered', source: 'imp-1' }]);
  });
});

test('a closing without a lane changes nothing', async () => {
  const { counts, messages, tallies } = await given(event('10:00', 'add_to_cart', cart)).when(close('imp-9', '18:00'));
  expect([counts(cartCounts), messages, tallies]).toEqual([{}, [], {}]);
});

test('live events have no closing: a record that says so is passed over', async () => {
  const live = { ...close('imp-1', '18:00'), importId: undefined };
  const { counts } = await given(event('10:00', 'add_to_cart', cart)).when(live, event('10:30', 'page_view'));
  expect([counts(cartCounts), counts(sessionCounts)]).toEqual([{}, { events: 1, session_ms: 30 * MIN }]);
  expect((await nothing.when(live)).tallies).toEqual({});
});
