import { timeWithEnough, type Watch } from '../alerts/watch.ts';
import type { Data } from '../api/answers.ts';
import { said } from '../words/said.ts';
import { words } from '../words/words.ts';

/** Of the page's view, what shows it; today where the period is empty. */
interface Place {
  readonly tab: 'sales' | 'funnel' | 'products' | 'visitors' | 'carts' | 'stock';
  readonly from?: string;
  readonly to?: string;
  readonly product?: string;
  readonly cart_status?: 'abandoned';
}

/** What should be looked at: the number, what it usually is, and where to look. */
export interface Finding {
  readonly name: string;
  readonly title: string;
  readonly detail: string;
  readonly usual: string;
  readonly leadsTo: Place;
  /** By what somebody is told when it happens again. */
  readonly watch: Watch;
}

/** How numbers are written. */
export interface Writing {
  readonly count: (n: number) => string;
  readonly rate: (n: number) => string;
  readonly money: (n: number) => string;
  readonly moment: (iso: string) => string;
}

type Stock = Data<'/v1/inventory'>;

/** Items that are out of stock, and are looked at all the same. */
export function outYetViewed(items: Stock, { count }: Writing): Finding | undefined {
  const wanted = items
    .filter(({ stock_level, views_while_out }) => stock_level === 0 && (views_while_out ?? 0) > 0)
    .toSorted((a, b) => (b.views_while_out ?? 0) - (a.views_while_out ?? 0));
  const [most] = wanted;
  if (most === undefined) return undefined;
  const views = wanted.reduce((sum, { views_while_out }) => sum + (views_while_out ?? 0), 0);
  return {
    name: 'out-of-stock',
    title: said('{n} out of stock, still looked at', { n: count(wanted.length) }),
    detail:
      wanted.length === 1
        ? said('{item}, views since then: {n}', { n: count(views), item: most.item_name || most.item_id })
        : said('{n} views since they ran out; most of {item}', {
            n: count(views),
            item: most.item_name || most.item_id,
          }),
    usual: said('usually none'),
    leadsTo: { tab: 'stock' },
    watch: {
      name: words().alerts.names['out-of-stock'],
      answer: 'inventory',
      field: 'sum.views_while_out',
      filter: { status: 'out' },
      when: { is: 'above', than: 0 },
    },
  };
}

type Searches = Data<'/v1/searches'>;
const LEAST_SEARCHES = 5;

/** The term that most searches found nothing for. */
export function foundNothing(searches: Searches, { count }: Writing): Finding | undefined {
  const empty = searches.filter(({ no_results }) => no_results >= LEAST_SEARCHES);
  const most = empty.toSorted((a, b) => b.no_results - a.no_results)[0];
  if (most === undefined) return undefined;
  return {
    name: 'searches',
    title: said('“{term}” finds nothing', { term: most.search_term }),
    detail:
      said('{n} of {all} searches', { n: count(most.no_results), all: count(most.count) }) +
      (empty.length > 1 ? said('; {n} more like it', { n: count(empty.length - 1) }) : ''),
    usual: said('usually a search finds something'),
    leadsTo: { tab: 'visitors' },
    watch: {
      name: words().alerts.names.searches,
      answer: 'searches',
      field: 'max.no_results',
      filter: { by: 'no_results' },
      when: { is: 'above', than: LEAST_SEARCHES - 1 },
    },
  };
}

type Funnel = Data<'/v1/funnel'>;
interface Visits {
  readonly stages: readonly { readonly stage: string; readonly count: number }[];
}
const LEAST_CHECKOUTS = 20;
const LEAST_DAYS = 3;
/** Long enough for as many visits as it takes, in a shop of some size. */
const CHECKOUT_MINUTES = 360;
/** A little below the least is nothing yet: visits that are not over may still buy. */
const BELOW_LEAST = 0.9;

/** How many of those at the checkout buy; nothing where too few are there. */
function checkoutRate({ stages }: Visits): number | undefined {
  const of = (name: string): number => stages.find(({ stage }) => stage === name)?.count ?? 0;
  return of('checkout') < LEAST_CHECKOUTS ? undefined : of('purchase') / of('checkout');
}

/** @param week the days before today */
export function checkoutBelow(today: Visits, week: Funnel, { rate }: Writing): Finding | undefined {
  const now = checkoutRate(today);
  const days = (week.series ?? []).flatMap((day) => checkoutRate(day) ?? []);
  if (now === undefined || days.length < LEAST_DAYS) return undefined;
  const [least, most] = [Math.min(...days), Math.max(...days)];
  if (now >= least * BELOW_LEAST) return undefined;
  return {
    name: 'checkout',
    title: said('Only {rate} of checkouts end in an order today', { rate: rate(now) }),
    detail: said('Look whether payment, delivery or a code fails'),
    usual: said('{least} to {most} on the days before', { least: rate(least), most: rate(most) }),
    leadsTo: { tab: 'funnel', from: '', to: '' },
    watch: {
      name: words().alerts.names.checkout,
      answer: 'funnel',
      field: 'stages.stage=purchase.percent_of_previous',
      when: { is: 'below', than: Math.floor(100 * least * BELOW_LEAST) },
      over: CHECKOUT_MINUTES,
    },
  };
}

type Revenue = Data<'/v1/revenue'>;
const SILENT_QUARTERS = 2;
const LEAST_USUAL_ORDERS = 4;
const NEARLY_ALL = 90;

/** No order for half an hour in which there usually are some. @param over quarters of an hour of today that are over */
export function paymentsSilent(
  today: Revenue,
  before: Revenue | undefined,
  over: number,
  { count, moment }: Writing,
): Finding | undefined {
  const from = over - SILENT_QUARTERS;
  const ordersIn = (answer: Revenue | undefined): number =>
    (answer?.series ?? []).slice(from, over).reduce((sum, { orders }) => sum + orders, 0);
  const since = today.series[from]?.start;
  if (from < 0 || since === undefined) return undefined;
  const isSilent = today.series.slice(from).every(({ orders }) => orders === 0);
  const usual = ordersIn(before);
  if (!isSilent || usual < LEAST_USUAL_ORDERS) return undefined;
  return {
    name: 'payments',
    title: said('No order since {time}', { time: moment(since) }),
    detail: said('Look whether the checkout and the payment provider answer'),
    usual: said('{n} orders in the same half hour yesterday', { n: count(usual) }),
    leadsTo: { tab: 'sales', from: '', to: '' },
    watch: {
      name: words().alerts.names.payments,
      answer: 'revenue',
      field: 'orders',
      when: { is: 'drop_percent', than: NEARLY_ALL },
      over: timeWithEnough(usual, 15 * SILENT_QUARTERS),
    },
  };
}

type Carts = Data<'/v1/abandonment/carts'>;
const TIMES_AN_ORDER = 2;

/** Carts that were left with far more in them than an order usually is. */
export function richCartsLeft(
  carts: Carts,
  { average_order_value, currency }: Pick<Revenue, 'average_order_value' | 'currency'>,
  { count, money }: Writing,
): Finding | undefined {
  if (average_order_value === null) return undefined;
  const least = TIMES_AN_ORDER * average_order_value;
  const left = carts.filter((cart) => cart.currency === currency && cart.value >= least);
  if (left.length === 0) return undefined;
  const worth = left.reduce((sum, { value }) => sum + value, 0);
  return {
    name: 'carts',
    title:
      left.length === 1
        ? said('{money} left in one large cart', { money: money(worth) })
        : said('{money} left in {n} large carts', { money: money(worth), n: count(left.length) }),
    detail: said(
      left.length === 1
        ? 'It is worth at least {money}, twice an order of this period'
        : 'Each is worth at least {money}, twice an order of this period',
      { money: money(least) },
    ),
    usual: said('an order is {money}', { money: money(average_order_value) }),
    leadsTo: { tab: 'carts', cart_status: 'abandoned' },
    watch: {
      name: words().alerts.names.carts,
      answer: 'abandonment/carts',
      field: 'sum.value',
      filter: { status: 'abandoned', currency, min_value: least.toFixed(2) },
      when: { is: 'above', than: Math.ceil(worth) },
    },
  };
}
