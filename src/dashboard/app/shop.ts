import { createContext } from 'preact';
import { useContext, useRef } from 'preact/hooks';
import type { Answer } from './api/answers.ts';
import type { Problem } from './api/ask.ts';
import { answerOf, REFRESH_MS, useAnswer } from './api/use-answer.ts';
import { addDays, type Interval } from './text/time.ts';
import { comparedIn, type View } from './view.ts';

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
  /** By which the period can be cut; and the one before, where both are compared. */
  readonly intervals: readonly Interval[];
  readonly from: string;
  readonly to: string;
  /** How soon its numbers may be others. */
  readonly refreshMs: number;
}

/** What is shown: a view, and the shop and period for it. */
interface Scene {
  readonly view: View;
  readonly shop: Shop;
}

const SLOW_MS = 60_000;

/** What the page must know first. While that of another view is asked for, the last one stays. */
export function useScene(view: View): { readonly scene?: Scene; readonly problem?: Problem } {
  const { from, to, city, currency } = view;
  const compare = comparedIn(view);
  const isPlain = compare !== '' && [from, to, city, currency].every((value) => value === '');
  const slowly = { everyMs: SLOW_MS };
  const store = useAnswer('/v1/revenue', { interval: 'day', compare: 'previous' }, slowly);
  const query = { from, to, city, currency, compare, interval: 'day' } as const;
  const period = useAnswer('/v1/revenue', isPlain ? undefined : query, slowly);
  const asked = isPlain ? store : period;
  const last = useRef<Scene>(undefined);
  const [ofStore, ofPeriod] = [answerOf(store), answerOf(asked)];
  if (store.state === 'failed') return { problem: store.problem };
  if (ofStore && asked.state === 'failed')
    return { problem: asked.problem, scene: { view, shop: shopOf(ofStore, ofStore) } };
  if (ofStore && ofPeriod) last.current = { view, shop: shopOf(ofStore, ofPeriod) };
  return last.current === undefined ? {} : { scene: last.current };
}

function shopOf(store: Answer<'/v1/revenue'>, { data, previous, meta }: Answer<'/v1/revenue'>): Shop {
  const today = store.meta.to;
  return {
    timezone: meta.timezone,
    today,
    storeCurrency: store.data.currency,
    currency: data.currency,
    currencies: data.currencies,
    intervals: data.intervals.filter((interval) => previous?.intervals.includes(interval) ?? true),
    from: meta.from,
    to: meta.to,
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
  from: '',
  to: '',
  refreshMs: SLOW_MS,
};

export const ShopContext = createContext(UNKNOWN);

/** Of charts; changes when the page's theme does. */
export const ThemeContext = createContext('light');

export const useShop = (): Shop => useContext(ShopContext);
