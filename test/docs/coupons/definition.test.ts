import { expect, test } from 'vitest';
import { Writes } from '../../../src/metrics/writes.ts';
import { eventFact, sumsOf } from '../../support/core/facts.ts';
import { couponCounts, couponsDefinition } from './definition.ts';

test('a coupon that is used counts, over all cities and for its own; nothing else does', () => {
  const writes = new Writes();
  for (const name of ['coupon_used', 'coupon_used', 'coupon_shown'])
    couponsDefinition.fold(eventFact({ name, city: 'Pune' }), writes);
  expect(sumsOf(writes, couponCounts)).toEqual({ used: 2, 'used|Pune': 2 });
});
