import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STAMP_LENGTH, stampLatest, unstampLatest } from '../../../src/adapters/redis/commit/latest-stamp.ts';
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
  const order = { revenue: 1_000, units: 5_000, lines: [{ itemId: 'a', units: 5_000, revenue: 1_000 }] };
  count.event({ name: 'view_item', items: [item('a'), item('a'), item('b')] });
  count.event({ name: 'purchase', items: [item('a', 2), item('a', 3)] }, { order });
  expect(count.of(productViews)).toEqual({ a: 1, b: 1 });
  expect(count.of(productOrders)).toEqual({ a: 1 });
  expect(count.of(productUnits)).toEqual({ a: 5_000 });
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
  expect(title && unstampLatest(stampLatest(title.kept, 0))).toBe('new');
});

describe('of one millisecond', () => {
  const named = (itemName: string) => ({ ...item('a'), itemName });
  const newest = (count: CountOf) => allTitles(count.sums).map(({ kept }) => kept.value);

  test.each([[['Mug', 'Nice mug']], [['Nice mug', 'Mug']]])('the last name that came stays: %j', (names) => {
    const count = new CountOf(items);
    for (const name of names) count.event({ name: 'view_item', timestampMs: 1_000, items: [named(name)] });
    expect(newest(count)).toEqual(names.slice(-1));
  });

  test.each([[['Mug', 'Nice mug']], [['Nice mug', 'Mug']]])('that of an event’s last line: %j', (names) => {
    const count = new CountOf(items).event({ name: 'view_item', items: names.map(named) });
    expect(newest(count)).toEqual(names.slice(-1));
  });
});

test('a stamp gives back its value, and tells moments, then partitions, by its first bytes', () => {
  const moment = fc.nat({ max: 8.64e15 });
  const place = fc.tuple(moment, fc.nat({ max: 9_999 }));
  fc.assert(
    fc.property(place, place, fc.string({ unit: 'binary' }), ([atMs, partition], [laterMs, other], value) => {
      const stamp = stampLatest({ atMs, value }, partition);
      expect(unstampLatest(stamp)).toBe(value);
      const isBefore = atMs < laterMs || (atMs === laterMs && partition < other);
      const later = stampLatest({ atMs: laterMs, value: '' }, other);
      expect(stamp.slice(0, STAMP_LENGTH) < later.slice(0, STAMP_LENGTH)).toBe(isBefore);
    }),
  );
});
