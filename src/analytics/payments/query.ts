import { fromMinorUnits } from '../../events/money.ts';
import { byDimension, splitField, unescapeMetric } from '../../metrics/fields.ts';
import { ratio } from '../../metrics/query/params.ts';
import { windowsOf } from '../../metrics/query/period.ts';
import { rowOf, selectionOf } from '../../metrics/query/selection.ts';
import type { Counts } from '../../metrics/reader.ts';
import type { QueryContext } from '../question.ts';
import { paymentCounts } from './definition.ts';

interface PaymentsQuery {
  readonly currency?: string | undefined;
  readonly limit: number;
}

/** Payment types by orders, the most used first; ties by name. `share` is of all orders. */
export async function queryPayments({ currency, limit }: PaymentsQuery, context: QueryContext) {
  const { reader, calendar, period, storeCurrency, filter, breakdown } = context;
  const money = currency ?? storeCurrency;
  const windows = windowsOf(period, calendar);
  const [total, byValue] = await Promise.all([
    reader.totals(paymentCounts, windows, undefined, selectionOf(filter).dimensions),
    breakdown === undefined ? undefined : reader.totals(paymentCounts, windows, undefined, byDimension('', breakdown)),
  ]);
  const types = typesOf(total, filter?.value, money);
  const all = [...types.values()].reduce((sum, { orders }) => sum + orders, 0);
  const rows = byTypeAndValue(byValue ?? new Map(), filter?.value, money);
  return [...types]
    .map(([type, { orders, revenue }]) => ({
      payment_type: unescapeMetric(type),
      orders,
      revenue: fromMinorUnits(revenue, money),
      share: ratio(orders, all),
      ...(breakdown !== undefined && { breakdown: breakDown(breakdown, rows.get(type) ?? new Map(), money, limit) }),
    }))
    .sort((a, b) => b.orders - a.orders || (a.payment_type < b.payment_type ? -1 : 1))
    .slice(0, limit);
}

interface Paid {
  orders: number;
  revenue: number;
}

/** @param value of the dimension that the counts are kept by; none of sums over all */
function typesOf(counts: Counts, value: string | undefined, money: string): Map<string, Paid> {
  const types = new Map<string, Paid>();
  for (const [field, n] of counts) {
    const { metric, value: of } = value === undefined ? { metric: field, value } : splitField(field);
    if (of === value) addPaid(types, metric, n, money);
  }
  return types;
}

/** @param asked the one value that is asked about, where there is one */
function byTypeAndValue(counts: Counts, asked: string | undefined, money: string): Map<string, Map<string, Paid>> {
  const values = new Map<string, Map<string, Paid>>();
  for (const [field, n] of counts) {
    const { metric, value } = splitField(field);
    if (asked !== undefined && value !== asked) continue;
    const types = values.get(value) ?? new Map<string, Paid>();
    values.set(value, types);
    addPaid(types, metric, n, money);
  }
  const found = new Map<string, Map<string, Paid>>();
  for (const [value, types] of values)
    for (const [type, paid] of types) {
      const ofType = found.get(type) ?? new Map<string, Paid>();
      found.set(type, ofType.set(value, paid));
    }
  return found;
}

function addPaid(types: Map<string, Paid>, metric: string, n: number, money: string): void {
  const [orders, revenue] = ['orders:', `revenue:${money}:`];
  const prefix = [orders, revenue].find((start) => metric.startsWith(start));
  if (prefix === undefined) return;
  const type = metric.slice(prefix.length);
  const paid = types.get(type) ?? { orders: 0, revenue: 0 };
  paid[prefix === orders ? 'orders' : 'revenue'] += n;
  types.set(type, paid);
}

function breakDown(dimension: string, values: ReadonlyMap<string, Paid>, money: string, limit: number) {
  return [...values]
    .sort(([a, x], [b, y]) => y.orders - x.orders || (a < b ? -1 : 1))
    .slice(0, limit)
    .map(([value, { orders, revenue }]) =>
      rowOf(dimension, value, { orders, revenue: fromMinorUnits(revenue, money) }),
    );
}
