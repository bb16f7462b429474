import type { Timeline } from '../charts/timeline.ts';
import type { Shop } from '../shop.ts';
import { clock, daysBetween, formatDay } from '../text/time.ts';

/** What a number of the period is compared with, as `yesterday by 15:00`. */
export function againstOf({ starts, interval, over }: Timeline, { from, to, today }: Shop): string {
  const days = daysBetween(from, to) + 1;
  const before = days > 1 ? `the ${days} days before` : from === today ? 'yesterday' : 'the day before';
  const end = starts[over];
  if (end === undefined) return before;
  if (interval === 'day') return `${before} up to ${formatDay(starts[over - 1] ?? '')}`;
  return days > 1 ? `${before}, by ${formatDay(end)}, ${clock(end)}` : `${before} by ${clock(end)}`;
}
