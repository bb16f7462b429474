import { useEffect, useState } from 'preact/hooks';

/** What can be chosen; the first is what stands where nothing is. */
export const CHOICES = {
  tab: ['now', 'sales', 'funnel', 'products', 'visitors', 'carts', 'stock', 'explore', 'health', 'connect'],
  compare: ['previous', 'week', 'year', 'yesterday', 'none'],
  kpi: ['revenue', 'orders', 'conversion', 'average', 'sessions'],
  interval: ['', 'hour', 'day'],
  mode: ['closed', 'open'],
  by: ['views', 'carts', 'orders', 'units', 'revenue', 'view_to_cart_rate', 'cart_to_order_rate', 'stock_level'],
  group: ['', 'category', 'brand'],
  rank_by: ['engagement', 'users', 'sessions', 'orders', 'revenue', 'conversion'],
  cart_status: ['open', 'abandoned', 'recovered'],
  explore: ['retention', 'customers', 'together', 'funnel'],
  cohort: ['visit', 'order'],
  cohort_by: ['week', 'month', 'day'],
  counted: ['visitor', 'session'],
  window: ['', '30m', '1h', '24h', '7d', '30d'],
  check: ['', 'accuracy'],
  theme: ['', 'light', 'dark'],
  screen: ['', 'second'],
} as const;

type Choices = { readonly [N in keyof typeof CHOICES]: (typeof CHOICES)[N][number] };

/** What the page shows; all of it stands in the URL, so that a view can be shared. */
export interface View extends Choices {
  readonly from: string;
  readonly to: string;
  /** The one value of a dimension that is looked at, as `channel:Email`. */
  readonly filter: string;
  /** The dimension by which numbers are broken down; the usual one where it is empty. */
  readonly breakdown: string;
  /** Of the amounts; the store's where it is empty. */
  readonly currency: string;
  readonly funnel: string;
  /** Of the funnel, that is looked into. */
  readonly stage: string;
  readonly product: string;
  /** Of the products that are listed: the levels of their category, and their brand. */
  readonly category: string;
  readonly category2: string;
  readonly category3: string;
  readonly category4: string;
  readonly category5: string;
  readonly brand: string;
  /** Whose way through the shop is shown. */
  readonly visitor: string;
  /** The product whose company in orders is looked at. */
  readonly item: string;
  /** The dimension of first orders by which customers are cut. */
  readonly first: string;
  /** Of the funnel that is built, as JSON. */
  readonly steps: string;
  /** By which that funnel is cut. */
  readonly cut: string;
  /** Whose orders are listed. */
  readonly reconciliation: string;
}

/** The choice of that name, or the first where there is none. */
export function oneOf<C extends string>(choices: readonly [C, ...C[]], name: string | null): C {
  return choices.find((choice) => choice === name) ?? choices[0];
}

/** The view that a link's parameters say. */
export function viewOf(search: string): View {
  const params = new URLSearchParams(search);
  const text = (name: string): string => params.get(name) ?? '';
  return {
    from: text('from'),
    to: text('to'),
    tab: oneOf(CHOICES.tab, params.get('tab')),
    compare: oneOf(CHOICES.compare, params.get('compare')),
    // Links of earlier versions name a city.
    filter: text('filter') || (text('city') && `city:${text('city')}`),
    breakdown: text('breakdown'),
    currency: /^[A-Z]{3}$/.exec(text('currency'))?.[0] ?? '',
    kpi: oneOf(CHOICES.kpi, params.get('kpi')),
    interval: oneOf(CHOICES.interval, params.get('interval')),
    funnel: text('funnel') || 'shop',
    mode: oneOf(CHOICES.mode, params.get('mode')),
    by: oneOf(CHOICES.by, params.get('by')),
    rank_by: oneOf(CHOICES.rank_by, params.get('rank_by')),
    stage: text('stage'),
    product: text('product'),
    group: oneOf(CHOICES.group, params.get('group')),
    category: text('category'),
    category2: text('category2'),
    category3: text('category3'),
    category4: text('category4'),
    category5: text('category5'),
    brand: text('brand'),
    visitor: text('visitor'),
    explore: oneOf(CHOICES.explore, params.get('explore')),
    cohort: oneOf(CHOICES.cohort, params.get('cohort')),
    cohort_by: oneOf(CHOICES.cohort_by, params.get('cohort_by')),
    counted: oneOf(CHOICES.counted, params.get('counted')),
    window: oneOf(CHOICES.window, params.get('window')),
    check: oneOf(CHOICES.check, params.get('check')),
    item: text('item'),
    first: text('first'),
    steps: text('steps'),
    cut: text('cut'),
    reconciliation: text('reconciliation'),
    cart_status: oneOf(CHOICES.cart_status, params.get('cart_status')),
    theme: oneOf(CHOICES.theme, params.get('theme')),
    screen: oneOf(CHOICES.screen, params.get('screen')),
  };
}

const EMPTY = new Map<string, string>(Object.entries(viewOf('')));

/** A view as a link's parameters, among which nothing stands that goes without saying. */
export const writeView = (view: View): string =>
  new URLSearchParams(Object.entries(view).filter(([name, value]) => value !== EMPTY.get(name))).toString();

/** The address of a view. */
export function linkTo(view: View): string {
  const params = writeView(view);
  return params === '' ? location.pathname : `${location.pathname}?${params}`;
}

/** What the API is asked to compare with; nothing where the view compares nothing. */
export const comparedIn = ({ compare }: View): Exclude<View['compare'], 'none'> | '' =>
  compare === 'none' ? '' : compare;

export type Change = (change: Partial<View>) => void;

/** The view of the URL, and how to go to another; the browser's back button goes back. */
export function useView(): [View, Change] {
  const [view, setView] = useState(() => viewOf(location.search));
  useEffect(() => {
    const back = (): void => setView(viewOf(location.search));
    addEventListener('popstate', back);
    return () => removeEventListener('popstate', back);
  }, []);
  const change: Change = (changed) => {
    const next = { ...viewOf(location.search), ...changed };
    history.pushState(null, '', linkTo(next));
    setView(next);
  };
  return [view, change];
}
