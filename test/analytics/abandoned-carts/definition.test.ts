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
    { itemId: 'mug', units: 3_000, value: 750 },
    { itemId: 'foreign', units: 1_000, value: 0 },
  ];
  for (const step of ['opened', 'abandoned', 'recovered', 'purchased'] as const) count.cart(step, { lines });
  expect(count.of(abandonedInCarts)).toEqual({ mug: 1, foreign: 1 });
  expect(count.of(abandonedUnits)).toEqual({ mug: 3_000, foreign: 1_000 });
  expect(count.of(abandonedValue, 'USD')).toEqual({ mug: 750 });
});
