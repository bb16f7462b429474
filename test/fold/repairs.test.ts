import { expect, test } from 'vitest';
import { productRevenue, productUnits } from '../../src/analytics/shared/items.ts';
import { revenueCounts } from '../../src/analytics/shared/sales.ts';
import type { LogEvent } from '../../src/events/event.ts';
import { event, inventoryEvent, type Logged, moment, nothing } from '../support/core/given.ts';

const logged = (logEvent: LogEvent): Logged => ({ event: logEvent, importId: undefined, arrivedAtMs: moment('10:00') });

test('each rule counts once for each event that it was applied to, be it one that is sent again', async () => {
  const repaired = ['null', 'cut'];
  const twice = event('10:00', 'view_item', { eventId: 'again', repaired });
  const { tallies } = await nothing.when(
    twice,
    twice,
    event('10:00', 'view_item'),
    inventoryEvent('10:00', 'stock_update', { stockLevel: 1, repaired: ['text_as_number'] }),
  );
  expect(tallies).toEqual({ events: 3, duplicates: 1, 'repair:null': 2, 'repair:cut': 2, 'repair:text_as_number': 1 });
});

test('what was ignored is counted as that, and as no event', async () => {
  const { tallies } = await nothing.when(logged({ kind: 'ignored', count: 2 }), logged({ kind: 'ignored', count: 1 }));
  expect(tallies).toEqual({ ignored: 3 });
});

test('a line below 0 lowers the revenue, and is nothing that was sold', async () => {
  const line = (itemId: string, price: number, quantity = 1) => ({ itemId, itemName: undefined, price, quantity });
  const { counts } = await nothing.when(
    event('10:00', 'purchase', { transactionId: 't1', items: [line('mug', 8, 2), line('voucher', -3.5, 1)] }),
  );
  expect(counts(revenueCounts)).toMatchObject({ 'revenue:USD': 1_250, thousandths: 2_000 });
  expect(counts(productUnits)).toEqual({ mug: 2_000 });
  expect(counts(productRevenue, 'USD')).toEqual({ mug: 1_600, voucher: -350 });
});
