import { useMemo } from 'preact/hooks';
import type { Data } from '../api/answers.ts';
import { answerOf, useAnswer } from '../api/use-answer.ts';
import { Chart } from '../charts/chart.tsx';
import { steps } from '../charts/steps.ts';
import type { Column } from '../panel/columns.ts';
import { Drawer } from '../panel/drawer.tsx';
import { Figure } from '../panel/figure.tsx';
import { Panel } from '../panel/panel.tsx';
import { TogetherOnDemand } from '../sections/explore/bought-together.tsx';
import { nameOf, type SectionProps } from '../sections/section.ts';
import { useShop } from '../shop.ts';
import { formatCount, writeCount, writeMoney, writeRate } from '../text/format.ts';
import { clock, formatDay } from '../text/time.ts';
import { comparedIn } from '../view.ts';

type Item = Data<'/v1/products/{item_id}'>;

export const ITEM_COLUMNS: readonly Column<Item>[] = [
  { key: 'item_name', label: 'Item', as: 'text', of: nameOf },
  { key: 'views', label: 'Views', as: 'count' },
  { key: 'carts', label: 'Carts', as: 'count' },
  { key: 'orders', label: 'Orders', as: 'count' },
  { key: 'units', label: 'Units', as: 'count' },
  { key: 'revenue', label: 'Revenue', as: 'money' },
  { key: 'view_to_cart_rate', label: 'Carts per view', as: 'rate' },
  { key: 'cart_to_order_rate', label: 'Orders per cart', as: 'rate' },
  { key: 'stock_level', label: 'Stock', as: 'count' },
];

/** One product by itself. */
export function ProductDrawer(props: SectionProps) {
  const { change } = props;
  return (
    <Drawer label="Product" onClose={() => change({ product: '' })}>
      <Performance {...props} />
      <StockLevels {...props} />
      <PriceChanges {...props} />
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
  const by = to < today || until === undefined ? '' : `; before: up to ${formatDay(until)}, ${clock(until)}`;
  return (
    <Panel
      title="Product"
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
  const was = (key: 'views' | 'orders'): string | undefined => before && `${formatCount(before[key])} before`;
  return (
    <dl class="figures">
      <Figure name="name" label="Name" value={now?.item_name || '–'} />
      <Figure name="views" label="Views" value={writeCount(now?.views)} note={was('views')} />
      <Figure name="item_orders" label="Orders" value={writeCount(now?.orders)} note={was('orders')} />
      <Figure name="item_revenue" label="Revenue" value={writeMoney(now?.revenue, currency)} />
      <Figure name="carts_per_view" label="Carts per view" value={writeRate(now?.view_to_cart_rate)} />
      <Figure name="price" label="Price" value={writeMoney(now?.price, currency)} />
    </dl>
  );
}

const NONE: Data<'/v1/inventory/{item_id}/stock'> = [];

function StockLevels({ view: { product } }: SectionProps) {
  const { from, to, timezone, refreshMs } = useShop();
  const query = { from, to, limit: 200 };
  const loaded = useAnswer('/v1/inventory/{item_id}/stock', query, {
    params: { item_id: product },
    everyMs: refreshMs,
  });
  const levels = answerOf(loaded)?.data ?? NONE;
  const option = useMemo(() => {
    const rows = levels.toReversed();
    return steps({
      name: 'Stock',
      moments: rows.map(({ changed_at }) => changed_at),
      values: rows.map(({ stock_level }) => stock_level),
      timezone,
      write: formatCount,
    });
  }, [levels, timezone]);
  return (
    <Panel
      title="Stock of the product"
      loaded={loaded}
      empty="Its stock did not change in this period."
      height={200}
      columns={[
        { key: 'changed_at', label: 'Changed', as: 'moment' },
        { key: 'stock_level', label: 'Stock', as: 'count' },
      ]}
      rows={levels}
      chart={<Chart label="Stock level over time" option={option} height={200} />}
    />
  );
}

function PriceChanges({ view: { product } }: SectionProps) {
  const { from, to, currency, refreshMs } = useShop();
  const query = { from, to, currency, limit: 20 };
  const loaded = useAnswer('/v1/inventory/{item_id}/price-impact', query, {
    params: { item_id: product },
    everyMs: refreshMs,
  });
  return (
    <Panel
      title="Price changes"
      hint="The 24 whole hours before and after each"
      loaded={loaded}
      empty="Its price did not change in this period."
      height={200}
      columns={[
        { key: 'changed_at', label: 'Changed', as: 'moment' },
        { key: 'price_before', label: 'From', as: 'money' },
        { key: 'price_after', label: 'To', as: 'money' },
        { key: 'orders_before', label: 'Orders before', as: 'count', of: ({ before }) => before?.orders },
        { key: 'orders_after', label: 'Orders after', as: 'count', of: ({ after }) => after?.orders },
        { key: 'revenue_before', label: 'Revenue before', as: 'money', of: ({ before }) => before?.revenue },
        { key: 'revenue_after', label: 'Revenue after', as: 'money', of: ({ after }) => after?.revenue },
        { key: 'hours', label: 'Hours after', as: 'count', of: ({ after }) => after?.hours },
      ]}
      rows={answerOf(loaded)?.data ?? []}
    />
  );
}
