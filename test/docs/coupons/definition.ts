import type { Definition } from '../../../src/metrics/definition.ts';
import type { Fact } from '../../../src/metrics/facts.ts';
import { family } from '../../../src/metrics/family.ts';
import type { Writes } from '../../../src/metrics/writes.ts';

export const couponCounts = family({
  name: 'coupons',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: [],
  cap: 10_000,
  description: 'coupon_used events; also by city',
});

function foldCoupons(fact: Fact, writes: Writes): void {
  if (fact.kind !== 'event' || fact.event.name !== 'coupon_used') return;
  writes.addInCity(couponCounts, fact.at, 'used', fact.event.city);
}

export const couponsDefinition = {
  families: [couponCounts],
  fold: foldCoupons,
} satisfies Definition;
