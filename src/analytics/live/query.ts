import { fromMinorUnits } from '../../events/money.ts';
import { inCurrency } from '../../metrics/fields.ts';
import type { Counts } from '../../metrics/reader.ts';
import type { QueryContext } from '../question.ts';
import { actionCounts, openCarts, recentUsers } from '../shared/realtime.ts';
import { revenueCounts } from '../shared/sales.ts';

const WINDOW_MS = 5_000;
const ACTIVE_MS = 5 * 60_000;

const empty: Counts = new Map();

/** The shop at this moment: five minutes of users in half minutes, two closed windows of actions, carts and orders. */
export async function queryLive({ reader, calendar, storeCurrency: currency, nowMs }: QueryContext) {
  const openMs = Math.floor(nowMs / WINDOW_MS) * WINDOW_MS;
  const realtime = calendar.realtimeBuckets('5s', openMs - 2 * WINDOW_MS, openMs + WINDOW_MS);
  const users = calendar.realtimeBuckets('30s', nowMs - ACTIVE_MS, nowMs + 1);
  const labels = (of: readonly { readonly label: string }[]): string[] => of.map(({ label }) => label);
  const value = inCurrency('value', currency);
  const money = ['orders', 'revenue', 'refunds'].map((metric) => inCurrency(metric, currency));
  const [actions, [active = 0], [carts = empty], [today = empty]] = await Promise.all([
    reader.counters(actionCounts, { window: '5s', labels: labels(realtime) }),
    reader.uniques(recentUsers, { window: '30s', labels: labels(users), dimensions: [''] }),
    reader.counters(openCarts, { window: 'none', labels: [''] }, ['count', value]),
    reader.counters(revenueCounts, { window: 'day', labels: [calendar.at(nowMs).day] }, ['orders', ...money]),
  ]);
  const closed = actions.slice(0, 2).flatMap((counts) => [...counts.values()]);
  const of = (counts: Counts, field: string | undefined): number => counts.get(field ?? '') ?? 0;
  return {
    active_users: active,
    events_per_second: closed.reduce((sum, n) => sum + n, 0) / ((2 * WINDOW_MS) / 1_000),
    window: {
      start: calendar.format(realtime[1]?.startMs ?? openMs),
      counts: Object.fromEntries(actions[1] ?? empty),
    },
    open_carts: of(carts, 'count'),
    open_carts_value: fromMinorUnits(of(carts, value), currency),
    orders_today: of(today, 'orders'),
    revenue_today: fromMinorUnits(of(today, money[1]), currency),
    refunds_today: fromMinorUnits(of(today, money[2]), currency),
    currency,
  };
}
