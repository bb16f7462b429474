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
import { Writes } from '../../../src/metrics/writes.ts';
import { eventFact, item, sumsOf } from '../../support/core/facts.ts';

test('an event counts an item once, however many lines name it; units are the sum of quantities', () => {
  const writes = new Writes();
  const order = { revenue: 1_000, units: 5, lines: [{ itemId: 'a', units: 5, revenue: 1_000 }] };
  items.fold(eventFact({ name: 'view_item', items: [item('a'), item('a'), item('b')] }), writes);
  items.fold(eventFact({ name: 'purchase', items: [item('a', 2), item('a', 3)] }, { order }), writes);
  expect(sumsOf(writes, productViews)).toEqual({ a: 1, b: 1 });
  expect(sumsOf(writes, productOrders)).toEqual({ a: 1 });
  expect(sumsOf(writes, productUnits)).toEqual({ a: 5 });
  expect(sumsOf(writes, productRevenue, 'USD')).toEqual({ a: 1_000 });
});

test('the newest name of an item stays, in whatever order events come', () => {
  const writes = new Writes();
  const named = (itemName: string, timestampMs: number) =>
    eventFact({ name: 'view_item', timestampMs, items: [{ ...item('a'), itemName }] });
  for (const fact of [named('new', 2_000), named('old', 1_000)]) items.fold(fact, writes);
  const kept = writes.latest.get(itemNames)?.get('a');
  expect(kept && unstampLatest(stampLatest(kept))).toBe('new');
});

test('where one event gives an item several names, the greatest in text order is its newest', () => {
  for (const names of [
    ['Mug', 'Nice mug'],
    ['Nice mug', 'Mug'],
  ]) {
    const writes = new Writes();
    const lines = names.map((itemName) => ({ ...item('a'), itemName }));
    items.fold(eventFact({ name: 'view_item', items: lines }), writes);
    expect(writes.latest.get(itemNames)?.get('a')?.value).toBe('Nice mug');
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
