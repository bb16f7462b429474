import type { WindowName } from '../time/windows.ts';
import { type LocalTime, labelOf } from '../time/windows.ts';
import type { Sum } from './writes.ts';

/** By member. */
export type Sums = ReadonlyMap<string, Pick<Sum, 'n'>>;

/** Sums of the finest windows, added up to a coarser one. */
export function addUpTo(window: WindowName, byTime: ReadonlyMap<LocalTime, Sums>): Map<string, Sums> {
  const byLabel = new Map<string, Sums>();
  for (const [time, sums] of byTime) {
    const label = labelOf(time, window);
    const total = byLabel.get(label);
    // Mostly one finest window makes up a coarser one of a batch: it is taken as it is.
    if (total === undefined) byLabel.set(label, sums);
    else byLabel.set(label, added(total, sums));
  }
  return byLabel;
}

function added(some: Sums, more: Sums): Map<string, Pick<Sum, 'n'>> {
  const total = new Map(some);
  for (const [member, { n }] of more) total.set(member, { n: (total.get(member)?.n ?? 0) + n });
  return total;
}
