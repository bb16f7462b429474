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

/** How an item is called; by its id where it has no name. */
export const nameOf = (item: { readonly item_id: string; readonly item_name: string | null }): string =>
  item.item_name || item.item_id;
