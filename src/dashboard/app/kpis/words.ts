import type { Timeline } from '../charts/timeline.ts';
import type { Shop } from '../shop.ts';
import { clock, daysBetween, formatDay } from '../text/time.ts';

/** What the period is compared with, as `yesterday`. */
export function otherPeriod({ compare, from, to, today }: Shop): string {
  const days = daysBetween(from, to) + 1;
  if (compare === 'week') return 'a week before';
  if (compare === 'year') return 'a year before';
  if (days > 1) return compare === 'yesterday' ? 'a day before' : `the ${days} days before`;
  return from === today ? 'yesterday' : 'the day before';
}

/** What a number of the period is compared with, as `yesterday by 15:00`. */
export function againstOf({ starts, interval, over, compared }: Timeline, shop: Shop): string {
  const other = otherPeriod(shop);
  const end = starts[over];
  if (end === undefined) return other;
  if (interval === 'day' && compared !== undefined)
    return `${other}, by ${formatDay(compared.until)}, ${clock(compared.until)}`;
  return shop.from === shop.to ? `${other} by ${clock(end)}` : `${other}, by ${formatDay(end)}, ${clock(end)}`;
}
