import { expect, test } from 'vitest';
import {
  abandonedCartsDefinition,
  abandonedInCarts,
  abandonedUnits,
  abandonedValue,
} from '../../../src/analytics/abandoned-carts/definition.ts';
import { CountOf } from '../../support/core/facts.ts';

test('what lay in a cart counts when it is abandoned, and not when it ends otherwise', () => {
  const count = new CountOf(abandonedCartsDefinition);
  const lines = [
    { itemId: 'mug', quantity: 3, value: 750 },
    { itemId: 'foreign', quantity: 1, value: 0 },
  ];
  for (const step of ['opened', 'abandoned', 'recovered', 'purchased'] as const) count.cart(step, { lines });
  expect(count.of(abandonedInCarts)).toEqual({ mug: 1, foreign: 1 });
  expect(count.of(abandonedUnits)).toEqual({ mug: 3, foreign: 1 });
  expect(count.of(abandonedValue, 'USD')).toEqual({ mug: 750 });
});
