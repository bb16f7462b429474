import type { Timeline } from '../charts/timeline.ts';
import type { Shop } from '../shop.ts';
import { clock, daysBetween, formatDay } from '../text/time.ts';
import { said } from '../words/said.ts';

/** What the period is compared with, as `yesterday`. */
export function otherPeriod({ compare, from, to, today }: Shop): string {
  const days = daysBetween(from, to) + 1;
  if (compare === 'week') return said('a week before');
  if (compare === 'year') return said('a year before');
  if (days > 1)
    return compare === 'yesterday' ? said('a day before') : said('the {n} days before', { n: String(days) });
  return from === today ? said('yesterday') : said('the day before');
}

/** What a number of the period is compared with, as `yesterday by 15:00`. */
export function againstOf({ starts, interval, over, compared }: Timeline, shop: Shop): string {
  const other = otherPeriod(shop);
  const end = starts[over];
  if (end === undefined) return other;
  if (interval === 'day' && compared !== undefined)
    return said('{period}, by {day}, {time}', {
      period: other,
      day: formatDay(compared.until),
      time: clock(compared.until),
    });
  return shop.from === shop.to
    ? said('{period} by {time}', { period: other, time: clock(end) })
    : said('{period}, by {day}, {time}', { period: other, day: formatDay(end), time: clock(end) });
}
