import type { Counting, Definition } from '../../../src/metrics/definition.ts';
import { family } from '../../../src/metrics/family.ts';
import type { Sums } from '../../../src/metrics/sums/sums.ts';

export const couponCounts = family({
  name: 'coupons',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: [],
  cap: 10_000,
  description: 'coupon_used events',
});

function countCoupons(sums: Sums): Counting {
  const used = sums.counter(couponCounts, 'used');
  return {
    event({ name, hour, dimensions }) {
      if (name === 'coupon_used') hour.add(used, dimensions);
    },
  };
}

export const couponsDefinition = { families: [couponCounts], count: countCoupons } satisfies Definition;
