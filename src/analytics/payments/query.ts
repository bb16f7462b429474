import { fromMinorUnits } from '../../events/money.ts';
import { splitField, unescapeMetric } from '../../metrics/fields.ts';
import { ratio } from '../../metrics/query/params.ts';
import { windowsOf } from '../../metrics/query/period.ts';
import type { QueryContext } from '../question.ts';
import { paymentCounts } from './definition.ts';

interface PaymentsQuery {
  readonly city?: string | undefined;
  readonly currency?: string | undefined;
  readonly limit: number;
}

/** Payment types by orders, the most used first; ties by name. `share` is of all orders. */
export async function queryPayments({ city, currency, limit }: PaymentsQuery, context: QueryContext) {
  const { reader, calendar, period, storeCurrency } = context;
  const money = currency ?? storeCurrency;
  const total = await reader.totals(paymentCounts, windowsOf(period, calendar));
  const orders = new Map<string, number>();
  const revenue = new Map<string, number>();
  for (const [field, n] of total) {
    const { metric, city: of } = splitField(field);
    if (of !== city) continue;
    if (metric.startsWith('orders:')) orders.set(metric.slice('orders:'.length), n);
    else if (metric.startsWith(`revenue:${money}:`)) revenue.set(metric.slice(`revenue:${money}:`.length), n);
  }
  const all = [...orders.values()].reduce((sum, n) => sum + n, 0);
  return [...orders]
    .map(([type, n]) => ({
      payment_type: unescapeMetric(type),
      orders: n,
      revenue: fromMinorUnits(revenue.get(type) ?? 0, money),
      share: ratio(n, all),
    }))
    .sort((a, b) => b.orders - a.orders || (a.payment_type < b.payment_type ? -1 : 1))
    .slice(0, limit);
}
