import { expect, test } from 'vitest';
import { breakdownsDefinition, valueScores } from '../../../src/analytics/breakdowns/definition.ts';
import { CountOf } from '../../support/core/facts.ts';

test('a city’s score, as any dimension value’s, is views once, carts three, checkouts five and purchases ten times', () => {
  const count = new CountOf(breakdownsDefinition);
  const order = { revenue: 250, units: 1, lines: [] };
  for (const name of ['page_view', 'view_item', 'add_to_cart', 'begin_checkout']) count.event({ name });
  count.event({ name: 'purchase' }, { order });
  expect(count.of(valueScores)).toEqual({ 'score|Pune': 19 });
});
