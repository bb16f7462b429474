import type { Timeline } from '../charts/timeline.ts';
import type { Shop } from '../shop.ts';
import type { Interval } from '../text/time.ts';
import type { Change, View } from '../view.ts';

/** What every section is given. */
export interface SectionProps {
  readonly view: View;
  readonly change: Change;
}

/** What single numbers are given: an answer, that of the period before, and how far both can be compared. */
export interface FiguresProps<A> {
  readonly now: A | undefined;
  readonly before: A | undefined;
  readonly timeline: Timeline;
}

/** The intervals that can be chosen for the period: a day by days would be one bar. */
export const intervalsOf = ({ from, to, intervals }: Shop): readonly ('hour' | 'day')[] =>
  (['hour', 'day'] as const).filter((one) => intervals.includes(one) && (one === 'hour' || from !== to));

/** Buckets of a series: those of the URL where the period has them, or what fits it. */
export function intervalOf({ interval }: View, shop: Shop): 'hour' | 'day' {
  const offered = intervalsOf(shop);
  return offered.find((one) => one === interval) ?? (shop.from === shop.to ? (offered[0] ?? 'day') : 'day');
}

/** Of money there are quarters of an hour as well, which fit a day. */
export function moneyIntervalOf(view: View, shop: Shop): Interval {
  const interval = intervalOf(view, shop);
  const isChosen = interval === view.interval;
  return shop.from === shop.to && !isChosen && shop.intervals.includes('15m') ? '15m' : interval;
}

export const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + n, 0);
