import { useAnswer } from '../api.ts';
import { Chart, overTime } from '../chart.tsx';
import { clock, maybe, num, type Row, rowOf, rowsOf } from '../data.ts';
import { formatCount, formatMoney } from '../format.ts';
import { changeOf, Figure, Panel } from '../panel.tsx';
import { periodParams } from '../view.ts';
import { intervalOf, type SectionProps } from './context.ts';

/** Revenue over time, and how it was paid. */
export function Money({ view, currency, theme }: SectionProps) {
  const interval = view.interval || (intervalOf(view) === 'day' ? 'day' : '15m');
  const loaded = useAnswer('/v1/revenue', { ...periodParams(view), city: view.city, interval });
  const payments = useAnswer('/v1/payments', { from: view.from, to: view.to, city: view.city });
  const write = (n: number): string => formatMoney(n, currency);
  return (
    <>
      <Panel
        title="Revenue"
        hint={`By ${interval === '15m' ? '15 minutes' : interval}, refunds apart`}
        loaded={loaded}
        currency={currency}
        empty="Nothing was sold in this period."
        span={2}
        show={({ data, previous }) => {
          const answer = rowOf(data);
          const before = rowsOf(rowOf(previous)['series']);
          const rows = rowsOf(answer['series']).map((point) => ({ ...point, start: clock(point['start'], interval) }));
          const values = (of: readonly Row[]): (number | null)[] => of.map((row) => maybe(row['revenue']));
          const lines = [{ name: 'Revenue', values: values(rows), kind: 'bar' } as const];
          const compared = before.length > 0 ? [{ name: 'Period before', values: values(before), dashed: true }] : [];
          const option = overTime(
            rows.map(({ start }) => start),
            [...lines, ...compared],
            write,
          );
          return {
            columns: [
              { key: 'start', label: 'From', as: 'text' },
              { key: 'revenue', label: 'Revenue', as: 'money' },
              { key: 'refunds', label: 'Refunds', as: 'money' },
              { key: 'net_revenue', label: 'Net', as: 'money' },
              { key: 'orders', label: 'Orders', as: 'count' },
              { key: 'units', label: 'Units', as: 'count' },
              { key: 'average_order_value', label: 'Average order', as: 'money' },
            ],
            rows: num(answer['orders']) + num(answer['refunds']) === 0 ? [] : rows,
            figures: <MoneyFigures row={answer} before={rowOf(previous)} currency={currency} />,
            chart: <Chart label="Revenue over time" option={option} theme={theme} />,
          };
        }}
      />
      <Panel
        title="Payment types"
        loaded={payments}
        currency={currency}
        empty="Nothing was paid in this period."
        show={({ data }) => ({
          columns: [
            { key: 'payment_type', label: 'Paid by', as: 'text' },
            { key: 'orders', label: 'Orders', as: 'count' },
            { key: 'revenue', label: 'Revenue', as: 'money' },
            { key: 'share', label: 'Share', as: 'rate', bar: true },
          ],
          rows: rowsOf(data),
        })}
      />
    </>
  );
}

function MoneyFigures({
  row,
  before,
  currency,
}: {
  readonly row: Row;
  readonly before: Row;
  readonly currency: string;
}) {
  const change = changeOf(row, before);
  const average = maybe(row['average_order_value']);
  return (
    <dl class="figures">
      <Figure
        name="revenue"
        label="Revenue"
        value={formatMoney(num(row['revenue']), currency)}
        change={change('revenue')}
      />
      <Figure name="orders" label="Orders" value={formatCount(num(row['orders']))} change={change('orders')} />
      <Figure
        label="Average order"
        value={average === null ? '–' : formatMoney(average, currency)}
        change={change('average_order_value')}
      />
      <Figure label="Refunds" value={formatMoney(num(row['refunds']), currency)} change={change('refunds')} />
    </dl>
  );
}
