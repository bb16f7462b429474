import { useMemo } from 'preact/hooks';
import { useShop } from '../shop.ts';
import { counted, formatMoney } from '../text/format.ts';
import { localTime } from '../text/time.ts';
import { said } from '../words/said.ts';
import type { Happening } from './feed.ts';

interface FeedListProps {
  readonly happenings: readonly Happening[];
  readonly nameOf: (itemId: string) => string;
  readonly most: number;
}

const SHOWN_NAMES = 2;

export function FeedList({ happenings, nameOf, most }: FeedListProps) {
  const { timezone } = useShop();
  // Seconds in which nothing came leave it as it is.
  return useMemo(() => list({ happenings, nameOf, most }, timezone), [happenings, nameOf, most, timezone]);
}

function list({ happenings, nameOf, most }: FeedListProps, timezone: string) {
  if (happenings.length === 0) return <p class="state">{said('Nothing has come since this was opened.')}</p>;
  return (
    <ol class="feed">
      {happenings.slice(0, most).map((one) => (
        <li key={one.id} class={one.kind}>
          <span class="quiet">{localTime(Date.parse(one.at), timezone).slice(11)}</span>
          <span class="what">{whatOf(one, nameOf)}</span>
          <b>{formatMoney(one.amount, one.currency)}</b>
        </li>
      ))}
    </ol>
  );
}

function whatOf({ kind, count, itemIds, city }: Happening, nameOf: (itemId: string) => string): string {
  if (kind === 'order') return counted(count, 'An order', '{n} orders');
  const more = count > SHOWN_NAMES ? counted(count - SHOWN_NAMES, ' and one more', ' and {n} more') : '';
  const names = itemIds.slice(0, SHOWN_NAMES).map(nameOf).join(' + ');
  return (
    said('Cart: {names}', { names: `${names}${more}` }) +
    (city === '' || city === 'unknown' ? '' : said(', from {city}', { city }))
  );
}
