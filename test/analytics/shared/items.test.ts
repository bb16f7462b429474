import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stampLatest, unstampLatest } from '../../../src/adapters/redis/commit/latest-stamp.ts';
import {
  itemNames,
  items,
  productOrders,
  productRevenue,
  productUnits,
  productViews,
} from '../../../src/analytics/shared/items.ts';
import { CountOf, item } from '../../support/core/facts.ts';
import { allTitles } from '../../support/core/sums.ts';

test('an event counts an item once, however many lines name it; units are the sum of quantities', () => {
  const count = new CountOf(items);
  const order = { revenue: 1_000, units: 5, lines: [{ itemId: 'a', units: 5, revenue: 1_000 }] };
  count.event({ name: 'view_item', items: [item('a'), item('a'), item('b')] });
  count.event({ name: 'purchase', items: [item('a', 2), item('a', 3)] }, { order });
  expect(count.of(productViews)).toEqual({ a: 1, b: 1 });
  expect(count.of(productOrders)).toEqual({ a: 1 });
  expect(count.of(productUnits)).toEqual({ a: 5 });
  expect(count.of(productRevenue, 'USD')).toEqual({ a: 1_000 });
});

test('the newest name of an item stays, in whatever order events come', () => {
  const count = new CountOf(items);
  const name = (itemName: string, timestampMs: number) =>
    count.event({ name: 'view_item', timestampMs, items: [{ ...item('a'), itemName }] });
  name('new', 2_000);
  name('old', 1_000);
  const [title] = allTitles(count.sums);
  expect(title).toMatchObject({ family: itemNames, field: 'a' });
  expect(title && unstampLatest(stampLatest(title.kept))).toBe('new');
});

test('where one event gives an item several names, the greatest in text order is its newest', () => {
  for (const names of [
    ['Mug', 'Nice mug'],
    ['Nice mug', 'Mug'],
  ]) {
    const lines = names.map((itemName) => ({ ...item('a'), itemName }));
    const count = new CountOf(items).event({ name: 'view_item', items: lines });
    expect(allTitles(count.sums).map(({ kept }) => kept.value)).toEqual(['Nice mug']);
  }
});

test('a stamp gives back its value, whatever quotes, commas and backslashes it and the event id are made of', () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('"', ',', '\\', ']', '|', 'a') }));
  fc.assert(
    fc.property(text, text, (eventId, value) => {
      expect(unstampLatest(stampLatest({ atMs: 1_290_000_000_000, eventId, value }))).toBe(value);
    }),
    {
      examples: [
        ['id', ','],
        ['id', ''],
        [',', ''],
        ['","', '","'],
      ],
    },
  );
});
