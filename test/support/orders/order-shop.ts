import { valueScores } from '../../../src/analytics/breakdowns/definition.ts';
import { couponOrders } from '../../../src/analytics/coupons/definition.ts';
import { paymentCounts } from '../../../src/analytics/payments/definition.ts';
import { productOrders, productRevenue } from '../../../src/analytics/shared/items.ts';
import { revenueCounts } from '../../../src/analytics/shared/sales.ts';
import { sessionCounts } from '../../../src/analytics/shared/sessions.ts';
import type { PartitionedShop } from '../core/partitioned-shop.ts';
import type { Sums } from './plain-orders.ts';

/** Has a visitor forgotten, as a request for it does. */
export function erase(shop: PartitionedShop, who: string): void {
  for (let partition = 0; partition < shop.partitions; partition++)
    for (const control of ['release', 'erase']) shop.append(partition, { control, user_id: who });
}

/** What the shop has counted, under a name of the plain count's. */
export function stored(shop: PartitionedShop, name: string): number {
  const [what = '', value] = name.split('|');
  if (what === 'bought') return shop.total(productOrders, value ?? '');
  if (what === 'bought for') return shop.total(productRevenue, value ?? '', 'USD');
  if (what === 'coupon') return shop.total(couponOrders, value ?? '');
  const where = value === undefined ? '' : `|${value}`;
  const of = value === undefined ? '' : 'by-city';
  if (what === 'came') return shop.total(sessionCounts, 'events') + (shop.tallies['duplicates'] ?? 0);
  if (what === 'sessions') return shop.total(sessionCounts, 'sessions');
  if (what === 'purchasing') return shop.total(sessionCounts, `purchasing${where}`, of);
  if (what === 'score') return value === undefined ? -1 : shop.total(valueScores, `score${where}`, 'by-city');
  if (what.startsWith('paid by ')) return shop.total(paymentCounts, `orders:${what.slice(8)}${where}`, of);
  const fields: Sums | Record<string, string> = { orders: 'orders', units: 'thousandths' };
  return shop.total(revenueCounts, `${fields[what] ?? `${what}:USD`}${where}`, of);
}
