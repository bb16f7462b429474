import Big from 'big.js';
import type { WireItem, WireShopEvent } from '../schema.ts';

/** What an order says beside its worth, amounts as written; what it leaves out is 0. */
export interface OrderParts {
  readonly shipping: number;
  readonly tax: number;
  readonly discount: number;
  readonly coupon: string | undefined;
}

/** Of a purchase that says anything of these; where it names no discount or coupon itself, its items do. */
export function orderPartsOf(event: WireShopEvent): OrderParts | undefined {
  if (event.name !== 'purchase') return undefined;
  const { shipping, tax, discount = itemDiscounts(event.items), coupon = itemCoupon(event.items) } = event;
  if ([shipping, tax, discount, coupon].every((part) => part === undefined)) return undefined;
  return { shipping: shipping ?? 0, tax: tax ?? 0, discount: discount ?? 0, coupon };
}

/** An item's discount is for each unit of it. */
function itemDiscounts(items: readonly WireItem[] = []): number | undefined {
  let total: Big | undefined;
  for (const { discount, quantity = 1 } of items)
    if (discount !== undefined) total = new Big(discount).times(quantity).plus(total ?? 0);
  return total?.toNumber();
}

function itemCoupon(items: readonly WireItem[] = []): string | undefined {
  return items.find(({ coupon }) => coupon !== undefined)?.coupon;
}
