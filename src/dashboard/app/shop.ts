import { createContext } from 'preact';
import { useContext, useRef } from 'preact/hooks';
import type { Answer } from './api/answers.ts';
import type { Problem } from './api/problem.ts';
import { answerOf, REFRESH_MS, useAnswer } from './api/use-answer.ts';
import { type Filter, filteredBy, filterOf } from './filter.ts';
import { addDays, type Interval } from './text/time.ts';
import type { View } from './view.ts';

/** The shop and the period that is shown, as the server says: no panel asks before they are known. */
export interface Shop {
  readonly timezone: string;
  /** The store's date. */
  readonly today: string;
  readonly storeCurrency: string;
  /** Of the amounts that are shown. */
  readonly currency: string;
  /** Those in which the period has orders, the most frequent first. */
  readonly currencies: readonly { readonly currency: string; readonly orders: number }[];
  /** By which the period can be cut. */
  readonly intervals: readonly Interval[];
  /** By which everything is counted, the store's own ones among them. */
  readonly dimensions: readonly string[];
  /** With what the period is compared. */
  readonly compare: View['compare'];
  /** To what the view is narrowed down; not all numbers can be. */
  readonly filter: Filter | undefined;
  readonly from: string;
  readonly to: string;
  /** May whoever looks change what is kept: notes, keys? */
  readonly isAdmin: boolean;
  /** How soon its numbers may be others. */
  readonly refreshMs: number;
}

/** What is shown: a view, and the shop and period for it. */
export interface Scene {
  readonly view: View;
  readonly shop: Shop;
}

const SLOW_MS = 60_000;

/** What the page must know first. While that of another view is asked for, the last one stays. */
export function useScene(view: View): { readonly scene?: Scene; readonly problem?: Problem } {
  const { from, to, filter, currency } = view;
  const isPlain = [from, to, filter, currency].every((value) => value === '');
  const slowly = { everyMs: SLOW_MS };
  const store = useAnswer('/v1/revenue', { interval: 'day' }, slowly);
  const query = { from, to, ...filteredBy(view), currency, interval: 'day' } as const;
  const period = useAnswer('/v1/revenue', isPlain ? undefined : query, slowly);
  const asked = isPlain ? store : period;
  const key = useAnswer('/v1/key', {}, { everyMs: Number.POSITIVE_INFINITY });
  const isAdmin = answerOf(key)?.data.scopes.includes('admin') === true;
  const last = useRef<Scene>(undefined);
  const [ofStore, ofPeriod] = [answerOf(store), answerOf(asked)];
  if (store.state === 'failed') return { problem: store.problem };
  if (ofStore && asked.state === 'failed')
    return { problem: asked.problem, scene: { view, shop: shopOf(view, ofStore, ofStore, isAdmin) } };
  // What is for admins alone has its place from the first on.
  if (ofStore && ofPeriod && key.state !== 'loading')
    last.current = { view, shop: shopOf(view, ofStore, ofPeriod, isAdmin) };
  return last.current === undefined ? {} : { scene: last.current };
}

type Said = Answer<'/v1/revenue'>;

function shopOf(view: View, store: Said, { data, meta }: Said, isAdmin: boolean): Shop {
  const today = store.meta.to;
  return {
    timezone: meta.timezone,
    today,
    storeCurrency: store.data.currency,
    currency: data.currency,
    currencies: data.currencies,
    intervals: data.intervals,
    dimensions: store.data.dimensions,
    compare: view.compare,
    filter: filterOf(view),
    from: meta.from,
    to: meta.to,
    isAdmin,
    refreshMs: meta.to < addDays(today, -1) ? SLOW_MS : REFRESH_MS,
  };
}

const UNKNOWN: Shop = {
  timezone: 'UTC',
  today: '',
  storeCurrency: 'USD',
  currency: 'USD',
  currencies: [],
  intervals: [],
  dimensions: [],
  compare: 'previous',
  filter: undefined,
  from: '',
  to: '',
  isAdmin: false,
  refreshMs: SLOW_MS,
};

export const ShopContext = createContext(UNKNOWN);

/** Of charts; changes when the page's theme does. */
export const ThemeContext = createContext('light');

export const useShop = (): Shop => useContext(ShopContext);
