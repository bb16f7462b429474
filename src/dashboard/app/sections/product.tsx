import type { Data } from '../api/answers.ts';
import { answerOf, useAnswer } from '../api/ask.ts';
import { Chart, overTime } from '../charts/chart.tsx';
import { Figure } from '../panel/figure.tsx';
import { Panel } from '../panel/panel.tsx';
import type { Column } from '../panel/table.tsx';
import { formatCount, formatMoney, formatRate } from '../text/format.ts';
import { periodParams } from '../view.ts';
import { nameOf, type SectionProps } from './section.ts';

type Item = Data<'/v1/products/{item_id}'>;

export const ITEM_COLUMNS: readonly Column<Item>[] = [
  { key: 'item_name', label: 'Item', as: 'text', of: nameOf },
  { key: 'views', label: 'Views', as: 'count' },
  { key: 'carts', label: 'Carts', as: 'count' },
  { key: 'orders', label: 'Orders', as: 'count' },
  { key: 'units', label: 'Units', as: 'count' },
  { key: 'revenue', label: 'Revenue', as: 'money' },
  { key: 'view_to_cart_rate', label: 'View to cart', as: 'rate' },
  { key: 'cart_to_order_rate', label: 'Cart to order', as: 'rate' },
  { key: 'stock_level', label: 'Stock', as: 'count' },
];

/** One product by itself. */
export function Product(props: SectionProps) {
  return (
    <>
      <Performance {...props} />
      <StockLevels {...props} />
      <PriceChanges {...props} />
    </>
  );
}

function Performance({ view, change, currency }: SectionProps) {
  const loaded = useAnswer('/v1/products/{item_id}', periodParams(view), { item_id: view.product });
  const { data, previous } = answerOf(loaded) ?? {};
  return (
    <Panel
      title="Product"
      hint={view.product}
      loaded={loaded}
      currency={currency}
      empty=""
      controls={
        <button type="button" onClick={() => change({ product: '' })}>
          Close
        </button>
      }
      columns={ITEM_COLUMNS}
      rows={data ? [data] : []}
      figures={data && <ProductFigures now={data} before={previous} currency={currency} />}
    />
  );
}

interface FiguresProps {
  readonly now: Item;
  readonly before: Item | undefined;
  readonly currency: string;
}

function ProductFigures({ now, before, currency }: FiguresProps) {
  const was = (key: 'views' | 'orders'): string | undefined => before && `${formatCount(before[key])} before`;
  const rate = now.view_to_cart_rate;
  return (
    <dl class="figures">
      <Figure label="Name" value={now.item_name || '–'} />
      <Figure label="Views" value={formatCount(now.views)} change={was('views')} />
      <Figure label="Orders" value={formatCount(now.orders)} change={was('orders')} />
      <Figure label="Revenue" value={formatMoney(now.revenue, currency)} />
      <Figure label="View to cart" value={rate === null ? '–' : formatRate(rate)} />
      <Figure label="Price" value={now.price === null ? '–' : formatMoney(now.price, currency)} />
    </dl>
  );
}

function StockLevels({ view: { from, to, product }, currency, theme }: SectionProps) {
  const loaded = useAnswer('/v1/inventory/{item_id}/stock', { from, to, limit: 200 }, { item_id: product });
  const rows = (answerOf(loaded)?.data ?? []).toReversed();
  const option = overTime(
    rows.map(({ changed_at }) => changed_at.slice(5, 16).replace('T', ' ')),
    [{ name: 'Stock', values: rows.map(({ stock_level }) => stock_level) }],
    formatCount,
  );
  return (
    <Panel
      title="Stock of the product"
      loaded={loaded}
      currency={currency}
      empty="Its stock did not change in this period."
      columns={[
        { key: 'changed_at', label: 'Changed', as: 'time' },
        { key: 'stock_level', label: 'Stock', as: 'count' },
      ]}
      rows={rows}
      chart={<Chart label="Stock level over time" option={option} theme={theme} height={200} />}
    />
  );
}

function PriceChanges({ view: { from, to, product }, currency }: SectionProps) {
  const loaded = useAnswer('/v1/inventory/{item_id}/price-impact', { from, to, limit: 20 }, { item_id: product });
  return (
    <Panel
      title="Price changes"
      hint="The 24 whole hours before and after each"
      loaded={loaded}
      currency={currency}
      empty="Its price did not change in this period."
      columns={[
        { key: 'changed_at', label: 'Changed', as: 'time' },
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
