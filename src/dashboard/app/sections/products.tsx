import { useAnswer } from '../api.ts';
import { Chart, overTime } from '../chart.tsx';
import { maybe, num, type Row, rowOf, rowsOf, text } from '../data.ts';
import { formatCount, formatMoney, formatRate } from '../format.ts';
import { Figure, Panel } from '../panel.tsx';
import type { Column } from '../table.tsx';
import { periodParams } from '../view.ts';
import type { SectionProps } from './context.ts';

const SORTS = ['views', 'carts', 'orders', 'units', 'revenue'];

const COLUMNS: readonly Column[] = [
  { key: 'item_name', label: 'Item', as: 'text' },
  { key: 'views', label: 'Views', as: 'count' },
  { key: 'carts', label: 'Carts', as: 'count' },
  { key: 'orders', label: 'Orders', as: 'count' },
  { key: 'units', label: 'Units', as: 'count' },
  { key: 'revenue', label: 'Revenue', as: 'money' },
  { key: 'view_to_cart_rate', label: 'View to cart', as: 'rate' },
  { key: 'cart_to_order_rate', label: 'Cart to order', as: 'rate' },
  { key: 'stock_level', label: 'Stock', as: 'count' },
];

const named = (row: Row): Row => ({ ...row, item_name: text(row['item_name']) || text(row['item_id']) });

/** What sells, and what rises at this hour. */
export function Products({ view, change, currency }: SectionProps) {
  const { from, to } = view;
  const popular = useAnswer('/v1/products', { from, to, sort: view.by, limit: 10 });
  const rising = useAnswer('/v1/products/rising', { by: 'views', limit: 8 });
  const choose = (row: Row): void => change({ product: text(row['item_id']) });
  return (
    <>
      <Panel
        title="Popular products"
        hint="All cities; choose one for its own view"
        loaded={popular}
        currency={currency}
        empty="No product was looked at in this period."
        onChoose={choose}
        chosen={(row) => row['item_id'] === view.product}
        controls={
          <select aria-label="Sorted by" value={view.by} onChange={(e) => change({ by: e.currentTarget.value })}>
            {SORTS.map((sort) => (
              <option key={sort} value={sort}>
                by {sort}
              </option>
            ))}
          </select>
        }
        span={2}
        show={({ data }) => ({
          columns: COLUMNS.map((column) => ({ ...column, bar: column.key === view.by })),
          rows: rowsOf(data).map(named),
        })}
      />
      <Panel
        title="Rising now"
        hint="This hour against the same hour of the days before"
        loaded={rising}
        currency={currency}
        empty="Nothing rises above its usual level at this hour."
        onChoose={choose}
        show={({ data }) => ({
          columns: [
            { key: 'item_name', label: 'Item', as: 'text' },
            { key: 'now', label: 'Views this hour', as: 'count' },
            { key: 'expected', label: 'Expected', as: 'decimal' },
            { key: 'score', label: 'Score', as: 'decimal', bar: true },
          ],
          rows: rowsOf(data).map(named),
        })}
      />
      {view.product !== '' && <Product view={view} change={change} currency={currency} />}
    </>
  );
}

/** One product by itself. */
function Product({ view, change, currency }: Omit<SectionProps, 'theme'>) {
  const path = encodeURIComponent(view.product);
  const performance = useAnswer(`/v1/products/${path}`, periodParams(view));
  const impact = useAnswer(`/v1/inventory/${path}/price-impact`, { from: view.from, to: view.to, limit: 20 });
  const stock = useAnswer(`/v1/inventory/${path}/stock`, { from: view.from, to: view.to, limit: 200 });
  const close = (
    <button type="button" onClick={() => change({ product: '' })}>
      Close
    </button>
  );
  return (
    <>
      <Panel
        title="Product"
        hint={view.product}
        loaded={performance}
        currency={currency}
        empty=""
        controls={close}
        show={({ data, previous }) => ({
          columns: COLUMNS,
          rows: [named(rowOf(data))],
          figures: <ProductFigures row={rowOf(data)} before={rowOf(previous)} currency={currency} />,
        })}
      />
      <Panel
        title="Stock of the product"
        loaded={stock}
        currency={currency}
        empty="Its stock did not change in this period."
        show={({ data }) => {
          const rows = rowsOf(data).toReversed();
          const option = overTime(
            rows.map((row) => text(row['changed_at']).slice(5, 16).replace('T', ' ')),
            [{ name: 'Stock', values: rows.map((row) => maybe(row['stock_level'])) }],
            formatCount,
          );
          return {
            columns: [
              { key: 'changed_at', label: 'Changed', as: 'time' },
              { key: 'stock_level', label: 'Stock', as: 'count' },
            ],
            rows,
            chart: <Chart label="Stock level over time" option={option} theme={view.theme} height={200} />,
          };
        }}
      />
      <Panel
        title="Price changes"
        hint="The 24 whole hours before and after each"
        loaded={impact}
        currency={currency}
        empty="Its price did not change in this period."
        show={({ data }) => ({
          columns: [
            { key: 'changed_at', label: 'Changed', as: 'time' },
            { key: 'price_before', label: 'From', as: 'money' },
            { key: 'price_after', label: 'To', as: 'money' },
            { key: 'orders_before', label: 'Orders before', as: 'count' },
            { key: 'orders_after', label: 'Orders after', as: 'count' },
            { key: 'revenue_before', label: 'Revenue before', as: 'money' },
            { key: 'revenue_after', label: 'Revenue after', as: 'money' },
            { key: 'hours', label: 'Hours after', as: 'count' },
          ],
          rows: rowsOf(data).map((row) => {
            const [before, after] = [rowOf(row['before']), rowOf(row['after'])];
            return {
              ...row,
              orders_before: before['orders'],
              orders_after: after['orders'],
              revenue_before: before['revenue'],
              revenue_after: after['revenue'],
              hours: after['hours'],
            };
          }),
        })}
      />
    </>
  );
}

function ProductFigures({
  row,
  before,
  currency,
}: {
  readonly row: Row;
  readonly before: Row;
  readonly currency: string;
}) {
  const was = (key: string): string | undefined =>
    before[key] === undefined ? undefined : `${formatCount(num(before[key]))} before`;
  const rate = (key: string): string => (maybe(row[key]) === null ? '–' : formatRate(num(row[key])));
  return (
    <dl class="figures">
      <Figure label="Name" value={text(row['item_name']) || '–'} />
      <Figure label="Views" value={formatCount(num(row['views']))} change={was('views')} />
      <Figure label="Orders" value={formatCount(num(row['orders']))} change={was('orders')} />
      <Figure label="Revenue" value={formatMoney(num(row['revenue']), currency)} />
      <Figure label="View to cart" value={rate('view_to_cart_rate')} />
      <Figure label="Price" value={maybe(row['price']) === null ? '–' : formatMoney(num(row['price']), currency)} />
    </dl>
  );
}
