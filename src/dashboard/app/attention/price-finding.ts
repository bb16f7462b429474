import { said } from '../words/said.ts';
import { words } from '../words/words.ts';
import type { Finding, Writing } from './findings.ts';

interface Sold {
  readonly orders: number;
  readonly hours: number;
}

/** A product, a change of its price, and what was ordered of it in the hours before and after. */
export interface Repriced {
  readonly item_id: string;
  readonly item_name: string | null;
  readonly changed_at: string;
  readonly price_before: number | null;
  readonly price_after: number;
  readonly before: Sold | null;
  readonly after: Sold | null;
}

const WHOLE_DAY = 24;
/** Of an alert's name. */
const MOST_NAME = 128;
const ONE_AFTER = 'One order in the 24 hours after {old} became {new}';
const SOME_AFTER = '{n} orders in the 24 hours after {old} became {new}';
/** By how much of what such counts stray by themselves orders have to fall. */
const DEVIATIONS = 2.5;

/** The change of a price after which orders of the product fell most; by whole days, so that no night stands beside a day. */
export function priceThatHurt(
  changes: readonly Repriced[],
  period: { readonly from: string; readonly to: string },
  { count, money }: Writing,
): Finding | undefined {
  const fallen = changes
    .flatMap(({ before, after, ...change }) =>
      before?.hours === WHOLE_DAY && after?.hours === WHOLE_DAY
        ? [{ ...change, was: before.orders, is: after.orders }]
        : [],
    )
    .filter(({ was, is }) => was - is > DEVIATIONS * Math.sqrt(was + is))
    .toSorted((a, b) => b.was - b.is - (a.was - a.is));
  const [most] = fallen;
  if (most === undefined || most.price_before === null) return undefined;
  const item = most.item_name || most.item_id;
  return {
    name: 'price',
    title: said('Fewer orders of {item} since its price changed', { item }),
    detail: said(most.is === 1 ? ONE_AFTER : SOME_AFTER, {
      n: count(most.is),
      old: money(most.price_before),
      new: money(most.price_after),
    }),
    usual: said('{n} in the 24 hours before', { n: count(most.was) }),
    leadsTo: { tab: 'products', product: most.item_id, ...period },
    watch: {
      name: words().alerts.priceName(item).slice(0, MOST_NAME),
      answer: `products/${encodeURIComponent(most.item_id)}`,
      field: 'orders',
      when: { is: 'drop_percent', than: 50 },
      over: 60 * WHOLE_DAY,
    },
  };
}
