import { expect, test } from 'vitest';
import { citiesDefinition, cityScores } from '../../../src/analytics/cities/definition.ts';
import { Writes } from '../../../src/metrics/writes.ts';
import { eventFact, sumsOf } from '../../support/core/facts.ts';

test('a city’s score is views once, carts three, checkouts five and purchases ten times', () => {
  const writes = new Writes();
  const order = { revenue: 250, units: 1, lines: [] };
  for (const name of ['page_view', 'view_item', 'add_to_cart', 'begin_checkout'])
    citiesDefinition.fold(eventFact({ name }), writes);
  citiesDefinition.fold(eventFact({ name: 'purchase' }, { order }), writes);
  expect(sumsOf(writes, cityScores)).toEqual({ 'score|Pune': 19 });
});
