import type { RefundedFact } from '../../metrics/facts.ts';
import type { Calendar } from '../../time/calendar.ts';
import type { Memory } from '../state/memory.ts';

type Where = Pick<RefundedFact, 'hour' | 'quarter' | 'dimensions' | 'admits'>;

/** Where something counted at this moment under these dimension values, so that it can be put right there. */
export function whereCounted(
  { sums, members }: Memory,
  calendar: Calendar,
  atMs: number,
  values: readonly string[],
): Where {
  const at = calendar.at(atMs);
  const ofDay = members.of(at.day);
  return {
    hour: sums.hour(at),
    quarter: sums.quarter(at),
    dimensions: sums.dictionaries.values.ofTexts(values),
    admits: (kind, number) => ofDay[kind].admits(number),
  };
}
