import type { Counting, Definition } from '../../metrics/definition.ts';
import type { OrderFacts, OrderRecountFact } from '../../metrics/facts.ts';
import { family } from '../../metrics/family.ts';
import type { Sums } from '../../metrics/sums/sums.ts';

const CAP = 20_000;
/** Stands for orders that name no coupon. */
const NO_COUPON = '(none)';

const ranking = <const N extends string>(name: N, description: string, dimensions: readonly string[] = []) =>
  family({ name: `coupons:${name}`, kind: 'ranking', windows: ['hour', 'day'], dimensions, cap: CAP, description });

export const couponOrders = ranking('orders', 'orders by coupon');
export const couponRevenue = ranking('revenue', 'revenue of orders by coupon, in minor units', ['currency']);
export const couponDiscount = ranking('discount', 'what orders had off, by coupon, in minor units', ['currency']);

type Priced = Pick<OrderRecountFact, 'hour' | 'currency' | 'admits'>;

function countCoupons(sums: Sums): Counting {
  const { coupons } = sums.dictionaries;
  const orders = sums.members(couponOrders, 'coupons');
  const none = coupons.ofText(NO_COUPON);
  const other = sums.dictionaries.otherOf('coupons');
  const count = (fact: Priced, order: OrderFacts, sign: 1 | -1): void => {
    const { hour, currency } = fact;
    const { parts, revenue } = order;
    const named = parts?.coupon === undefined ? none : coupons.ofText(parts.coupon);
    const coupon = named === none || fact.admits('coupons', named) ? named : other;
    hour.add(orders, coupon, sign);
    hour.add(sums.members(couponRevenue, 'coupons', currency), coupon, sign * revenue);
    if (parts !== undefined) hour.add(sums.members(couponDiscount, 'coupons', currency), coupon, sign * parts.discount);
  };
  return {
    event(fact) {
      if (fact.name === 'purchase' && fact.order !== undefined) count(fact, fact.order, 1);
    },
    orderRecount: (fact) => count(fact, fact.order, fact.sign),
  };
}

export const couponsDefinition = {
  families: [couponOrders, couponRevenue, couponDiscount],
  count: countCoupons,
} satisfies Definition;
