import type { Timeline } from '../charts/timeline.ts';
import type { Shop } from '../shop.ts';
import type { Change } from '../view.ts';

/** Looks closer at the days of two buckets; nothing to look closer at where one day is shown. */
export function pickDays(
  { starts }: Timeline,
  { from, to, today }: Shop,
  change: Change,
): ((first: number, last: number) => void) | undefined {
  if (from === to) return undefined;
  const dayOf = (bucket: number): string | undefined => starts[bucket]?.slice(0, 10);
  return (first, last) => {
    const days = { from: dayOf(first) ?? from, to: dayOf(last) ?? to };
    // Today stands for itself.
    change(days.from === today && days.to === today ? { from: '', to: '' } : days);
  };
}
