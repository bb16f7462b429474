import { describe, expect, test } from 'vitest';
import { frequencies } from '../../src/analytics/event-frequencies/definition.ts';
import { productCarts, productRemoves, productViews } from '../../src/analytics/shared/items.ts';
import { sessionCounts } from '../../src/analytics/shared/sessions.ts';
import { event, inventoryEvent, item, nothing } from '../support/core/given.ts';

describe('an event counts an item once, however many lines name it', () => {
  const lines = [item('mug', 5, 2), item('mug', 6, 1), item('pen')];

  test.each([
    ['view_item', productViews],
    ['add_to_cart', productCarts],
    ['remove_from_cart', productRemoves],
  ])('%s', async (name, family) => {
    const { counts } = await nothing.when(event('10:00', name, { items: lines }));
    expect(counts(family)).toEqual({ mug: 1, pen: 1 });
  });

  test('and no other event counts it', async () => {
    const { counts } = await nothing.when(event('10:00', 'select_item', { items: lines }));
    for (const family of [productViews, productCarts, productRemoves]) expect(counts(family)).toEqual({});
  });
});

test('custom events are shop events: counted by name, and with the session', async () => {
  const { counts } = await nothing.when(event('10:00', 'wheel_spun'));
  expect(counts(frequencies)).toEqual({ wheel_spun: 1 });
  expect(counts(sessionCounts)).toEqual({ events: 1, sessions: 1 });
});

test('inventory events are counted by name, without a city, and belong to no session', async () => {
  const { counts, countsIn } = await nothing.when(inventoryEvent('10:00', 'price_change', { price: 3 }));
  expect(counts(frequencies)).toEqual({ price_change: 1 });
  expect(countsIn('unknown', frequencies)).toEqual({});
  expect(counts(sessionCounts)).toEqual({});
});
