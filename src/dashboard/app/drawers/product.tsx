import { useMemo } from 'preact/hooks';
import type { Data } from '../api/answers.ts';
import { answerOf, type Loaded, useAnswer } from '../api/use-answer.ts';
import { Chart } from '../charts/chart.tsx';
import { type Mark, markedMoments } from '../charts/marks/mark.ts';
import { steps } from '../charts/steps.ts';
import { useNotes } from '../notes/notes-scope.tsx';
import type { Column } from '../panel/columns.ts';
import { Drawer } from '../panel/drawer.tsx';
import { Figure } from '../panel/figure.tsx';
import { Panel } from '../panel/panel.tsx';
import { SALES_COLUMNS } from '../sections/catalogue/sales-columns.ts';
import { TogetherOnDemand } from '../sections/explore/bought-together.tsx';
import type { SectionProps } from '../sections/section.ts';
import { useShop } from '../shop.ts';
import { formatCount, writeCount, writeMoney, writeRate } from '../text/format.ts';
import { nameAmong } from '../text/item-name.ts';
import { clock, formatDay } from '../text/time.ts';
import { comparedIn } from '../view.ts';
import { said } from '../words/said.ts';
import { words } from '../words/words.ts';

type Item = Data<'/v1/products/{item_id}'>;

export const ITEM_COLUMNS: readonly Column<Item>[] = [
  { key: 'item_name', label: said('Item'), as: 'text', of: nameAmong },
  ...SALES_COLUMNS,
  { key: 'stock_level', label: said('Stock'), as: 'count' },
];

/** One product by itself. */
export function ProductDrawer(props: SectionProps) {
  const { change } = props;
  return (
    <Drawer label={said('Product')} onClose={() => change({ product: '' })}>
      <Performance {...props} />
      <StockAndPrices {...props} />
      <TogetherOnDemand {...props} />
    </Drawer>
  );
}

function Performance({ view }: SectionProps) {
  const { product } = view;
  const compare = comparedIn(view);
  const { from, to, today, currency, refreshMs } = useShop();
  const query = { from, to, currency, compare };
  const loaded = useAnswer('/v1/products/{item_id}', query, { params: { item_id: product }, everyMs: refreshMs });
  const { data, previous } = answerOf(loaded) ?? {};
  const until = answerOf(loaded)?.meta.compared_until;
  // Of an item there are no buckets: the server says up to when it answers the other period.
  const by =
    to < today || until === undefined
      ? ''
      : said('; before: up to {day}, {time}', { day: formatDay(until), time: clock(until) });
  return (
    <Panel
      title={said('Product')}
      name="product"
      isUnfiltered
      hint={`${product}${by}`}
      loaded={loaded}
      empty=""
      height={70}
      columns={ITEM_COLUMNS}
      rows={data ? [data] : []}
      figures={<ProductFigures now={data} before={previous} />}
    />
  );
}

interface FiguresProps {
  readonly now: Item | undefined;
  readonly before: Item | undefined;
}

function ProductFigures({ now, before }: FiguresProps) {
  const { currency } = useShop();
  const was = (key: 'views' | 'orders'): string | undefined =>
    before && said('{n} before', { n: formatCount(before[key]) });
  return (
    <dl class="figures">
      <Figure name="name" label={said('Name')} value={now?.item_name || '–'} />
      <Figure name="views" label={said('Views')} value={writeCount(now?.views)} note={was('views')} />
      <Figure name="item_orders" label={said('Orders')} value={writeCount(now?.orders)} note={was('orders')} />
      <Figure name="item_revenue" label={said('Revenue')} value={writeMoney(now?.revenue, currency)} />
      <Figure name="carts_per_view" label={said('Carts per view')} value={writeRate(now?.view_to_cart_rate)} />
      <Figure name="price" label={said('Price')} value={writeMoney(now?.price, currency)} />
    </dl>
  );
}

type PriceImpact = '/v1/inventory/{item_id}/price-impact';

const NONE: Data<'/v1/inventory/{item_id}/stock'> = [];
const NO_CHANGES: Data<PriceImpact> = [];

const priceMark = (
  { changed_at: at, price_before: before, price_after: after }: Data<PriceImpact>[number],
  currency: string,
): Mark => {
  const { notes: says } = words();
  const [was, is] = [writeMoney(before, currency), writeMoney(after, currency)];
  return { id: at, kind: 'price', at, text: before === null ? says.firstPrice(is) : says.price(was, is) };
};

/** What it cost and how many there were, of which the one may tell why of the other. */
function StockAndPrices({ view: { product } }: SectionProps) {
  const { from, to, currency, refreshMs } = useShop();
  const prices = useAnswer(
    '/v1/inventory/{item_id}/price-impact',
    { from, to, currency, limit: 20 },
    { params: { item_id: product }, everyMs: refreshMs },
  );
  return (
    <>
      <StockLevels product={product} changes={answerOf(prices)?.data ?? NO_CHANGES} />
      <PriceChanges loaded={prices} />
    </>
  );
}

interface StockLevelsProps {
  readonly product: string;
  readonly changes: Data<PriceImpact>;
}

function StockLevels({ product, changes }: StockLevelsProps) {
  const { from, to, timezone, currency, refreshMs } = useShop();
  const { marks } = useNotes();
  const query = { from, to, limit: 200 };
  const loaded = useAnswer('/v1/inventory/{item_id}/stock', query, {
    params: { item_id: product },
    everyMs: refreshMs,
  });
  const levels = answerOf(loaded)?.data ?? NONE;
  const moments = useMemo(() => levels.map(({ changed_at }) => changed_at).toReversed(), [levels]);
  const marked = useMemo(() => {
    const prices = changes.map((change) => priceMark(change, currency));
    return markedMoments(moments, [...marks, ...prices]);
  }, [moments, changes, marks, currency]);
  const option = useMemo(() => {
    const rows = levels.toReversed();
    return steps({
      name: said('Stock'),
      moments,
      values: rows.map(({ stock_level }) => stock_level),
      timezone,
      write: formatCount,
      marked,
    });
  }, [levels, moments, timezone, marked]);
  return (
    <Panel
      title={said('Stock of the product')}
      name="stock-of-the-product"
      isUnfiltered
      loaded={loaded}
      empty={said('Its stock did not change in this period.')}
      height={200}
      columns={[
        { key: 'changed_at', label: said('Changed'), as: 'moment' },
        { key: 'stock_level', label: said('Stock'), as: 'count' },
      ]}
      rows={levels}
      chart={<Chart label={said('Stock level over time')} option={option} marked={marked} height={200} />}
    />
  );
}

/** Of hours of which none is over yet nothing is known, not even 0. */
const known = <H extends { readonly hours: number }>(hours: H | null): H | undefined =>
  hours === null || hours.hours === 0 ? undefined : hours;

function PriceChanges({ loaded }: { readonly loaded: Loaded<PriceImpact> }) {
  return (
    <Panel
      title={said('Price changes')}
      name="price-changes"
      isUnfiltered
      hint={said('The 24 whole hours before and after each')}
      loaded={loaded}
      empty={said('Its price did not change in this period.')}
      height={200}
      columns={[
        { key: 'changed_at', label: said('Changed'), as: 'moment' },
        { key: 'price_before', label: said('From'), as: 'money' },
        { key: 'price_after', label: said('To'), as: 'money' },
        { key: 'orders_before', label: said('Orders before'), as: 'count', of: ({ before }) => known(before)?.orders },
        { key: 'orders_after', label: said('Orders after'), as: 'count', of: ({ after }) => known(after)?.orders },
        {
          key: 'revenue_before',
          label: said('Revenue before'),
          as: 'money',
          of: ({ before }) => known(before)?.revenue,
        },
        { key: 'revenue_after', label: said('Revenue after'), as: 'money', of: ({ after }) => known(after)?.revenue },
        { key: 'hours', label: said('Hours after'), as: 'count', of: ({ after }) => after?.hours },
      ]}
      rows={answerOf(loaded)?.data ?? []}
    />
  );
}
