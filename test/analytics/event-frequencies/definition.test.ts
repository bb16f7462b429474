import { expect, test } from 'vitest';
import { eventFrequenciesDefinition, frequencies } from '../../../src/analytics/event-frequencies/definition.ts';
import { CountOf } from '../../support/core/facts.ts';

test('every name is counted, custom events too, and carts’ steps are no events', () => {
  const count = new CountOf(eventFrequenciesDefinition);
  count.event({ name: 'wheel_spun' }).event({ name: 'view_item' }).cart('opened');
  expect(count.of(frequencies)).toEqual({
    wheel_spun: 1,
    'wheel_spun|Pune': 1,
    view_item: 1,
    'view_item|Pune': 1,
  });
});
