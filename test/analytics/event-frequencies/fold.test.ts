import { expect, test } from 'vitest';
import { foldEventFrequencies } from '../../../src/analytics/event-frequencies/fold.ts';
import { frequencies } from '../../../src/analytics/event-frequencies/keys.ts';
import { Writes } from '../../../src/analytics/writes.ts';
import { cartFact, eventFact, sumsOf } from '../../support/facts.ts';

test('every name is counted, custom events too, and carts’ steps are no events', () => {
  const writes = new Writes();
  for (const fact of [eventFact({ name: 'wheel_spun' }), eventFact({ name: 'view_item' }), cartFact('opened')])
    foldEventFrequencies(fact, writes);
  expect(sumsOf(writes, frequencies)).toEqual({
    wheel_spun: 1,
    'wheel_spun|Pune': 1,
    view_item: 1,
    'view_item|Pune': 1,
  });
});
