import { expect, test } from 'vitest';
import { CountOf } from '../../support/core/facts.ts';
import { couponCounts, couponsDefinition } from './definition.ts';

test('a coupon that is used counts, over all cities and for its own; nothing else does', () => {
  const count = new CountOf(couponsDefinition);
  for (const name of ['coupon_used', 'coupon_used', 'coupon_shown']) count.event({ name, city: 'Pune' });
  expect(count.of(couponCounts)).toEqual({ used: 2, 'used|Pune': 2 });
});
