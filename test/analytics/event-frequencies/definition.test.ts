import { expect, test } from 'vitest';
import { eventFrequenciesDefinition, frequencies } from '../../../src/analytics/event-frequencies/definition.ts';
import { Writes } from '../../../src/metrics/writes.ts';
import { cartFact, eventFact, sumsOf } from '../../support/core/facts.ts';

test('every name is counted, custom events too, and carts’ steps are no events', () => {
  const writes = new Writes();
  for (const fact of [eventFact({ name: 'wheel_spun' }), eventFact({ name: 'view_item' }), cartFact('opened')])
    eventFrequenciesDefinition.fold(fact, writes);
  expect(sumsOf(writes, frequencies)).toEqual({
    wheel_spun: 1,
    'wheel_spun|Pune': 1,
    view_item: 1,
    'view_item|Pune': 1,
  });
});
