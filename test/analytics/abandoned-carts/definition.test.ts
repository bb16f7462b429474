import { expect, test } from 'vitest';
import {
  abandonedCartsDefinition,
  abandonedInCarts,
  abandonedUnits,
  abandonedValue,
} from '../../../src/analytics/abandoned-carts/definition.ts';
import { Writes } from '../../../src/metrics/writes.ts';
import { cartFact, sumsOf } from '../../support/core/facts.ts';

test('what lay in a cart counts when it is abandoned, and not when it ends otherwise', () => {
  const writes = new Writes();
  const lines = [
    { itemId: 'mug', quantity: 3, value: 750 },
    { itemId: 'foreign', quantity: 1, value: 0 },
  ];
  for (const step of ['opened', 'abandoned', 'recovered', 'purchased'] as const)
    abandonedCartsDefinition.fold({ ...cartFact(step), lines }, writes);
  expect(sumsOf(writes, abandonedInCarts)).toEqual({ mug: 1, foreign: 1 });
  expect(sumsOf(writes, abandonedUnits)).toEqual({ mug: 3, foreign: 1 });
  expect(sumsOf(writes, abandonedValue, 'USD')).toEqual({ mug: 750 });
});
