import type { Change, View } from '../view.ts';

/** What every section is given. */
export interface SectionProps {
  readonly view: View;
  readonly change: Change;
  readonly currency: string;
  /** Of charts; changes when the page's theme does. */
  readonly theme: string;
}

/** Buckets of a series: those of the URL, or what fits the period. */
export function intervalOf({ interval, from, to }: View): 'hour' | 'day' {
  if (interval === 'hour' || interval === 'day') return interval;
  return from !== to ? 'day' : 'hour';
}
