import { frequencies } from '../analytics/event-frequencies/definition.ts';
import { revenueCounts, UNITS_SOLD } from '../analytics/shared/sales.ts';
import { fromThousandths } from '../events/numbers/quantity.ts';
import { addUp } from '../metrics/query/totals.ts';
import type { Reader } from '../metrics/reader.ts';
import type { Calendar } from '../time/calendar.ts';

/**
 * Events by name, orders, units and money (minor units) of the last days, of which there are `days`: what
 * two generations are compared by. Days of an import that lie further back are not among them.
 */
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
    ['event ', frequencies],
    ['', revenueCounts],
  ] as const)
    for (const [metric, n] of addUp(await reader.counters(family, { window: 'day', labels }))) {
      // A generation of an earlier version has whole units.
      if (metric === UNITS_SOLD) totals.set('units', fromThousandths(n));
      else totals.set(`${prefix}${metric}`, n);
    }
  return totals;
}
