import { cartCounts } from '../../analytics/abandonment/definition.ts';
import { frequencies } from '../../analytics/event-frequencies/definition.ts';
import { closedFunnel } from '../../analytics/funnel/definition.ts';
import type { Funnel } from '../../analytics/funnel/funnel.ts';
import { paymentCounts } from '../../analytics/payments/definition.ts';
import { searchCounts, searchMisses } from '../../analytics/searches/definition.ts';
import { newUserCounts } from '../../analytics/sessions/definition.ts';
import {
  productCarts,
  productOrders,
  productRefunds,
  productRemoves,
  productRevenue,
  productUnits,
  productViews,
} from '../../analytics/shared/items.ts';
import { revenueCounts, UNITS_SOLD } from '../../analytics/shared/sales.ts';
import { sessionCounts } from '../../analytics/shared/sessions.ts';
import { usersInTime } from '../../analytics/shared/user-numbers.ts';
import { fromThousandths } from '../../events/numbers/quantity.ts';
import { VISIT_STAGE } from '../../events/stages.ts';
import type { CounterFamily, RankingFamily } from '../../metrics/family.ts';
import { byDimension, splitField, unescapeMetric } from '../../metrics/fields.ts';
import type { Counts, Reader } from '../../metrics/reader.ts';

/** What the answers have of one local date, by metric; money in minor units. */
export type Metrics = Map<string, number>;

const RANKINGS: readonly (readonly [metric: string, of: RankingFamily])[] = [
  ['searches', searchCounts],
  ['searches without results', searchMisses],
  ['item views', productViews],
  ['item carts', productCarts],
  ['item removes', productRemoves],
  ['item orders', productOrders],
  ['item units', productUnits],
];
const MONEY: readonly (readonly [metric: string, of: RankingFamily])[] = [
  ['item revenue', productRevenue],
  ['item refunds', productRefunds],
];
/** Under which a field of a counter is recounted. */
type Naming = (field: string) => string | undefined;

const COUNTERS: readonly (readonly [of: CounterFamily, naming: Naming])[] = [
  [sessionCounts, (field) => (field === 'purchasing' ? 'purchasing_sessions' : field)],
  [newUserCounts, () => 'new_users'],
  [frequencies, (field) => `events ${field}`],
  [revenueCounts, nameOfSale],
  [cartCounts, nameOfCart],
  [
    paymentCounts,
    (field) => (field.startsWith('orders:') ? `orders paid by ${unescapeMetric(field.slice(7))}` : undefined),
  ],
];

function nameOfSale(field: string): string | undefined {
  if (field === UNITS_SOLD) return 'units';
  const [metric = '', currency] = field.split(':');
  if (currency === undefined) return metric;
  return metric === 'orders' ? undefined : `${metric} ${currency}`;
}

/** `abandoned`, `abandoned_value:USD`; where its owner stood is not recounted. */
function nameOfCart(field: string): string | undefined {
  const [metric = '', of] = field.split(':');
  if (of === undefined) return `carts ${metric}`;
  return metric.endsWith('_value') ? `carts ${metric.replace('_', ' ')} ${of}` : undefined;
}

const BY_VALUE: ReadonlyMap<string, string> = new Map([
  ['events', 'events'],
  ['orders', 'orders'],
  ['sessions', 'sessions'],
  ['purchasing', 'purchasing_sessions'],
]);

function nameByValue({ metric, value }: { readonly metric: string; readonly value: string }, dimension: string) {
  const name = BY_VALUE.get(metric);
  return name === undefined ? undefined : `${name} by ${dimension}: ${value}`;
}

/** Reads of each date what the recount counts anew. */
export async function readStream(
  reader: Reader,
  days: readonly string[],
  funnels: readonly Funnel[],
  dimension?: string,
): Promise<Map<string, Metrics>> {
  const windows = { window: 'day', labels: days } as const;
  const found = new Map(days.map((day) => [day, new Map<string, number>()]));
  const add = (i: number, metric: string | undefined, value: number): void => {
    const metrics = found.get(days[i] ?? '');
    if (metric !== undefined && value !== 0) metrics?.set(metric, (metrics.get(metric) ?? 0) + value);
  };
  const addAll = (each: readonly Counts[], naming: Naming): void => {
    for (const [i, counts] of each.entries())
      for (const [field, value] of counts) add(i, naming(field), field === UNITS_SOLD ? fromThousandths(value) : value);
  };
  const counters = await Promise.all(COUNTERS.map(([of]) => reader.counters(of, windows)));
  for (const [i, [, naming]] of COUNTERS.entries()) addAll(counters[i] ?? [], naming);
  if (dimension !== undefined)
    for (const of of [sessionCounts, revenueCounts])
      addAll(await reader.counters(of, windows, undefined, byDimension('', dimension)), (field) =>
        nameByValue(splitField(field), dimension),
      );
  for (const { name } of funnels)
    addAll(await reader.counters(closedFunnel, windows, undefined, name), (stage) => `funnel ${name}: ${stage}`);
  const users = await usersInTime(reader, windows, [VISIT_STAGE], undefined);
  for (const [i, [count = 0]] of users.entries()) add(i, 'active_users', count);
  for (const [i, day] of days.entries()) {
    for (const [metric, of] of RANKINGS) {
      const sum = await total(reader, of, day, '');
      add(i, metric, of === productUnits ? fromThousandths(sum) : sum);
    }
    const currencies = [...(found.get(day)?.keys() ?? [])].flatMap(
      (name) => /^(?:revenue|refunds) (...)$/.exec(name)?.[1] ?? [],
    );
    for (const currency of new Set(currencies))
      for (const [metric, of] of MONEY) add(i, `${metric} ${currency}`, await total(reader, of, day, currency));
  }
  return found;
}

async function total(reader: Reader, of: RankingFamily, day: string, currency: string): Promise<number> {
  let sum = 0;
  for (const value of (await reader.everySum(of, { window: 'day', labels: [day] }, currency)).values()) sum += value;
  return sum;
}
