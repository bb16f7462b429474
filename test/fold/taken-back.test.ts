import { describe, expect, test } from 'vitest';
import { cartCounts } from '../../src/analytics/abandonment/definition.ts';
import { frequencies } from '../../src/analytics/event-frequencies/definition.ts';
import { newUserCounts } from '../../src/analytics/sessions/definition.ts';
import { productViews } from '../../src/analytics/shared/items.ts';
import { openCarts } from '../../src/analytics/shared/realtime.ts';
import { revenueCounts } from '../../src/analytics/shared/sales.ts';
import { sessionCounts } from '../../src/analytics/shared/sessions.ts';
import { MEMBER_CAPS } from '../../src/metrics/members.ts';
import {
  close,
  event,
  givenIn,
  imported,
  inventoryEvent,
  item,
  type Logged,
  takenBack,
  tick,
} from '../support/core/given.ts';
import { BY_CUSTOMER } from '../support/core/settings.ts';

const given = (...log: Logged[]) => givenIn({ settings: BY_CUSTOMER }, ...log);
const nothing = given();

const mugs = { items: [item('mug', 5)] };
const old = (time: string, name: string, fields = {}) => imported('imp-1', event(`2025-03-01T${time}`, name, fields));
const recent = (time: string, name: string, fields = {}) => imported('imp-1', event(time, name, fields));

/** A bit of everything: orders and refunds, carts that end in each way, searches, sessions, stock. */
const history: readonly Logged[] = [
  old('09:00', 'page_view', { channel: 'Email', country: 'NO' }),
  old('09:01', 'search', { searchTerm: 'mug', resultsCount: 0 }),
  old('09:02', 'view_item', mugs),
  old('09:03', 'add_to_cart', mugs),
  old('09:04', 'begin_checkout', mugs),
  old('09:05', 'purchase', { transactionId: 't1', value: 7, paymentType: 'card', ...mugs }),
  old('09:06', 'refund', { transactionId: 't1', value: 3 }),
  old('09:07', 'refund', { transactionId: 'nobody’s' }),
  old('09:08', 'add_to_cart', { userId: 'ben', ...mugs }),
  old('11:00', 'page_view', { userId: 'cy' }),
  old('11:01', 'purchase', { userId: 'ben', transactionId: 't2', value: 5 }),
  old('11:02', 'add_to_cart', { userId: 'cy', ...mugs }),
  old('11:03', 'remove_from_cart', { userId: 'cy', ...mugs }),
  old('11:04', 'add_to_cart', { userId: 'dan', ...mugs }),
  old('13:00', 'page_view', { userId: 'ann' }),
  old('13:01', 'add_to_cart', { userId: 'eve', ...mugs }),
];
const live: readonly Logged[] = [
  event('08:00', 'page_view'),
  event('08:01', 'add_to_cart', { userId: 'eve', items: [item('pen', 2)] }),
  event('08:02', 'purchase', { userId: 'dan', transactionId: 't9', value: 4 }),
];

describe('an import that is taken back', () => {
  test('leaves a live session alone that is just like one of its own', async () => {
    const row = event('08:30', 'page_view', { userId: 'eve' });
    const more = event('08:40', 'page_view', { userId: 'eve' });
    const old = imported('imp-1', row);
    const closed = [old, close('imp-1', '08:35')];
    const without = await given(row).when(more);
    const withIt = await given(row, ...closed, ...takenBack('imp-1', [old], '08:36')).when(more);
    expect(withIt.counts(sessionCounts)).toEqual(without.counts(sessionCounts));
  });

  test('leaves the answers of a shop that never had it, with its users’ live events beside it', async () => {
    const closed = [...history, close('imp-1', '08:30')];
    const without = await given(...live).when(tick('20:00'));
    const withIt = await given(...live, ...closed).when(tick('20:00'));
    expect(withIt.answers()).not.toEqual(without.answers());
    const back = await given(...live, ...closed).when(...takenBack('imp-1', history), tick('20:00'));
    expect(back.answers()).toEqual(without.answers());
    expect(back.messages.map(({ user_id }) => user_id)).toEqual(['eve']);
  });

  test('takes its stock and prices off, but for the newest, which stay as they are known', async () => {
    const rows = [
      imported('imp-1', inventoryEvent('2025-03-01T09:00', 'stock_update', { stockLevel: 0 })),
      imported('imp-1', inventoryEvent('2025-03-01T09:01', 'price_change', { price: 3 })),
      imported('imp-1', inventoryEvent('2025-03-01T09:02', 'price_change', { price: 4 })),
    ];
    const shelf = inventoryEvent('08:00', 'stock_update', { stockLevel: 9 });
    const without = await given(shelf).when(inventoryEvent('08:10', 'stock_update', { stockLevel: 8 }));
    expect(without.answers().size).toBeGreaterThan(0);
    const loaded = await given(shelf).when(...rows, inventoryEvent('08:10', 'stock_update', { stockLevel: 8 }));
    expect([...loaded.answers().keys()].length).toBeGreaterThan([...without.answers().keys()].length);
    const fresh = inventoryEvent('08:10', 'stock_update', { stockLevel: 8 });
    const shop = await given(shelf, fresh).when();
    const back = await given(shelf, ...rows, fresh).when(...rows.map((one) => ({ ...one, importId: '-imp-1' })));
    expect(back.answers()).toEqual(shop.answers());
  });

  test('its tallies go as they came', async () => {
    const came = await nothing.when(...history, close('imp-1'));
    const { tallies } = await given(...history, close('imp-1')).when(...takenBack('imp-1', history));
    expect(tallies).toEqual(Object.fromEntries(Object.entries(came.tallies).map(([name, n]) => [name, -n])));
    expect(came.tallies).toMatchObject({ events: expect.any(Number), unknown_refunds: 1 });
  });

  test('may close more than once, as one does that was interrupted for an hour', async () => {
    const rows = [...history.slice(0, 9), close('imp-1', '08:10'), ...history.slice(9), close('imp-1', '08:20')];
    const without = await given(...live).when();
    expect((await given(...live, ...rows).when(...takenBack('imp-1', rows))).answers()).toEqual(without.answers());
  });

  test('nothing is left of the lane in which it is', async () => {
    expect(
      (await given(...history).when(...history.map((one) => ({ ...one, importId: '-imp-1' })))).naming('-imp-1'),
    ).not.toEqual([]);
    const back = await given(...history, close('imp-1')).when(...takenBack('imp-1', history));
    expect(back.naming('-imp-1')).toEqual([]);
  });

  test('is said by nobody: carts that it left are no messages once more', async () => {
    const { messages } = await given(...history, close('imp-1')).when(...takenBack('imp-1', history));
    expect(messages).toEqual([]);
  });
});

describe('what an import had handed over to the live lane goes with it', () => {
  test('a cart that is still open', async () => {
    const rows = [recent('10:00', 'add_to_cart', mugs)];
    const { counts } = await given(...live, ...rows, close('imp-1')).when(...takenBack('imp-1', rows));
    expect(counts(openCarts)).toEqual({ count: -1, 'value:USD': -500 });
    const later = await given(...live, ...rows, close('imp-1'), ...takenBack('imp-1', rows)).when(tick('20:00'));
    expect(later.counts(cartCounts)).toEqual((await given(...live).when(tick('20:00'))).counts(cartCounts));
  });

  test.each([
    ['that lane time has abandoned since', [tick('12:00')]],
    [
      'that lane time has abandoned since, and that was bought after all',
      [tick('12:00'), event('12:10', 'purchase', { transactionId: 't7' })],
    ],
  ])('a cart %s', async (_, since) => {
    const rows = [recent('10:00', 'add_to_cart', mugs)];
    const start = event('09:00', 'page_view', { userId: 'zoe' });
    const shop = [start, ...rows, close('imp-1', '10:05'), ...since];
    const { answers, listed } = await given(...shop).when(...takenBack('imp-1', rows));
    expect([listed('abandoned'), listed('recovered')]).toEqual([[], []]);
    const carts = [...answers()].filter(([key]) => /:(abandonment|recovery-times|cart)/.test(key));
    expect(carts).toEqual([]);
  });

  test('one that it had abandoned itself, and that a live purchase has recovered', async () => {
    const rows = [recent('10:00', 'add_to_cart', mugs), recent('11:30', 'page_view', { userId: 'cy' })];
    const shop = [event('09:00', 'page_view', { userId: 'zoe' }), ...rows, close('imp-1', '11:31')];
    const bought = event('11:40', 'purchase', { transactionId: 't7', value: 5 });
    expect((await given(...shop).when(bought)).listed('recovered')).toEqual(['ann']);
    const { answers, listed } = await given(...shop, bought).when(...takenBack('imp-1', rows));
    expect(listed('recovered')).toEqual([]);
    expect([...answers()].filter(([key]) => /:(abandonment|recovery-times|cart)/.test(key))).toEqual([]);
  });

  test('orders, so that they may be reported again; those that the live lane knows by itself stay', async () => {
    const bought = (userId: string) => event('10:00', 'purchase', { userId, transactionId: `of ${userId}`, value: 7 });
    const rows = [imported('imp-1', bought('ann')), imported('imp-1', bought('ben'))];
    const log = [bought('ben'), ...rows, close('imp-1', '10:10'), ...takenBack('imp-1', rows, '10:20')];
    const { counts, tallies } = await given(...log).when(bought('ann'), bought('ben'));
    expect(counts(revenueCounts)).toEqual({ orders: 1, 'orders:USD': 1, 'revenue:USD': 700 });
    expect(tallies).toEqual({ events: 1, duplicates: 1 });
  });

  test('visits with which nothing live has gone on: who comes next is new, in a session of their own', async () => {
    const rows = [recent('10:00', 'page_view'), recent('10:01', 'page_view', { sessionId: 'phone' })];
    const start = event('09:00', 'page_view', { userId: 'zoe' });
    const log = [start, ...rows, close('imp-1', '10:02'), ...takenBack('imp-1', rows, '10:03')];
    const { counts } = await given(...log).when(event('10:05', 'page_view', { sessionId: 'phone' }));
    expect(counts(sessionCounts)).toEqual({ events: 1, sessions: 1, bounces: 1 });
    expect(counts(newUserCounts)).toEqual({ users: 1 });
  });

  test('who has bought in it alone: their next session is a new customer’s', async () => {
    const rows = [old('09:05', 'purchase', { transactionId: 't1', value: 7 })];
    const log = [...live, ...rows, close('imp-1', '10:02')];
    const next = event('10:05', 'page_view', { sessionId: 'next' });
    const isNew = async (...more: Logged[]) =>
      (await given(...log, ...more).when(next)).countsBy('customer', 'new', sessionCounts)['sessions'];
    expect([await isNew(), await isNew(...takenBack('imp-1', rows, '10:03'))]).toEqual([undefined, 1]);
  });

  test('who was known before stays known', async () => {
    const rows = [recent('10:00', 'page_view', { userId: 'zoe' })];
    const start = event('2026-11-18T09:00', 'page_view', { userId: 'zoe' });
    const log = [start, ...rows, close('imp-1', '10:02'), ...takenBack('imp-1', rows, '10:03')];
    const { counts } = await given(...log).when(event('11:05', 'page_view', { userId: 'zoe' }));
    expect(counts(newUserCounts)).toEqual({});
  });

  test('a visit with which live events have gone on is theirs', async () => {
    const rows = [recent('10:00', 'page_view')];
    const start = event('09:00', 'page_view', { userId: 'zoe' });
    const log = [start, ...rows, close('imp-1', '10:02'), event('10:05', 'page_view')];
    const { counts } = await given(...log, ...takenBack('imp-1', rows, '10:06')).when(event('10:07', 'page_view'));
    expect(counts(sessionCounts)).toEqual({ events: 1, session_ms: 120_000 });
  });
});

describe('what a day tells apart', () => {
  const view = (id: string) => old('09:00', 'view_item', { items: [item(id)] });

  test('comes to the same members, those that were refused among them', async () => {
    const options = { memberCaps: { ...MEMBER_CAPS, items: 2 } };
    const rows = [view('mug'), view('pen'), view('cup')];
    const came = await givenIn(options).when(...rows);
    expect(came.counts(productViews)).toEqual({ mug: 1, pen: 1, '(other)': 1 });
    const back = await givenIn(options, ...rows, close('imp-1')).when(...takenBack('imp-1', rows));
    expect(back.counts(productViews)).toEqual({ mug: -1, pen: -1, '(other)': -1 });
  });
});

describe('negative controls', () => {
  const without = async () => (await given(...live).when()).answers();

  test('a lane that misses a record is found out', async () => {
    const missing = history.filter((_, i) => i !== 4);
    const back = await given(...live, ...history, close('imp-1')).when(...takenBack('imp-1', missing));
    expect(back.answers()).not.toEqual(await without());
  });

  test('as is one whose sums have no minus', async () => {
    const again = takenBack('imp-1', history).map((one) => ({ ...one, importId: 'imp-2' }));
    const { counts, answers } = await given(...live, ...history, close('imp-1')).when(...again);
    expect(counts(frequencies)['page_view']).toBeGreaterThan(0);
    expect(answers()).not.toEqual(await without());
  });
});
