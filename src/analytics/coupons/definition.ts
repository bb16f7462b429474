import type { Counting, Definition } from '../../metrics/definition.ts';
import { family } from '../../metrics/family.ts';
import type { Sums } from '../../metrics/sums/sums.ts';

const CAP = 20_000;
/** Stands for orders that name no coupon. */
export const NO_COUPON = '(none)';

const ranking = <const N extends string>(name: N, description: string, dimensions: readonly string[] = []) =>
  family({ name: `coupons:${name}`, kind: 'ranking', windows: ['hour', 'day'], dimensions, cap: CAP, description });

export const couponOrders = ranking('orders', 'orders by coupon');
export const couponRevenue = ranking('revenue', 'revenue of orders by coupon, in minor units', ['currency']);
export const couponDiscount = ranking('discount', 'what orders had off, by coupon, in minor units', ['currency']);

function countCoupons(sums: Sums): Counting {
  const { coupons } = sums.dictionaries;
  const orders = sums.members(couponOrders, 'coupons');
  const none = coupons.ofText(NO_COUPON);
  const other = sums.dictionaries.otherOf('coupons');
  return {
    event(fact) {
      const { name, hour, order, currency } = fact;
      if (name !== 'purchase' || order === undefined) return;
      const { parts } = order;
      const named = parts?.coupon === undefined ? none : coupons.ofText(parts.coupon);
      const coupon = named === none || fact.admits('coupons', named) ? named : other;
      hour.add(orders, coupon);
      hour.add(sums.members(couponRevenue, 'coupons', currency), coupon, order.revenue);
      if (parts !== undefined) hour.add(sums.members(couponDiscount, 'coupons', currency), coupon, parts.discount);
    },
  };
}

export const couponsDefinition = {
  families: [couponOrders, couponRevenue, couponDiscount],
  count: countCoupons,
} satisfies Definition;
