import { expect, test } from 'vitest';
import { foldCities } from '../../../src/analytics/cities/fold.ts';
import { cityScores } from '../../../src/analytics/cities/keys.ts';
import { Writes } from '../../../src/analytics/writes.ts';
import { eventFact, sumsOf } from '../../support/facts.ts';

test('a city’s score is views once, carts three, checkouts five and purchases ten times', () => {
  const writes = new Writes();
  const order = { revenue: 250, units: 1, lines: [] };
  for (const name of ['page_view', 'view_item', 'add_to_cart', 'begin_checkout'])
    foldCities(eventFact({ name }), writes);
  foldCities(eventFact({ name: 'purchase' }, { order }), writes);
  expect(sumsOf(writes, cityScores)).toEqual({ 'score|Pune': 19 });
});
