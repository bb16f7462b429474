import { frequencies } from '../analytics/event-frequencies/keys.ts';
import { splitField } from '../analytics/fields.ts';
import type { Reader } from '../analytics/reader.ts';
import { revenueCounts } from '../analytics/sales.ts';
import { addUp } from '../analytics/totals.ts';
import type { Calendar } from '../analytics/windows.ts';

/** Events by name, orders and money over all days that are kept: what two generations are compared by. */
export async function totalsOf(
  reader: Reader,
  calendar: Calendar,
  days: number,
  nowMs: number,
): Promise<Map<string, number>> {
  const { day: today } = calendar.at(nowMs);
  const labels = Array.from({ length: days + 1 }, (_, i) => calendar.addDays(today, 1 - i));
  const totals = new Map<string, number>();
  for (const [prefix, family] of [
    ['', frequencies],
    ['revenue: ', revenueCounts],
  ] as const)
    for (const [field, n] of addUp(await reader.counters(family, { window: 'day', labels }))) {
      const { metric, city } = splitField(field);
      if (city === undefined) totals.set(`${prefix}${metric}`, n);
    }
  return totals;
}
