import type { Data } from '../api/answers.ts';
import { answerOf, useAnswer } from '../api/ask.ts';
import { Chart, overTime } from '../charts/chart.tsx';
import { changeOf, Figure } from '../panel/figure.tsx';
import { Panel } from '../panel/panel.tsx';
import { formatCount, formatMoney } from '../text/format.ts';
import { clock } from '../text/time.ts';
import { periodParams } from '../view.ts';
import { intervalOf, type SectionProps } from './section.ts';

type Answer = Data<'/v1/revenue'>;

/** Revenue over time, and how it was paid. */
export function Money(props: SectionProps) {
  return (
    <>
      <Revenue {...props} />
      <Payments {...props} />
    </>
  );
}

function Revenue({ view, currency, theme }: SectionProps) {
  const interval = view.interval || (intervalOf(view) === 'day' ? 'day' : '15m');
  const loaded = useAnswer('/v1/revenue', { ...periodParams(view), city: view.city, interval });
  const { data, previous } = answerOf(loaded) ?? {};
  const series = (data?.series ?? []).map((point) => ({ ...point, start: clock(point.start, interval) }));
  const isEmpty = data === undefined || data.orders + data.refunds === 0;
  return (
    <Panel
      title="Revenue"
      hint={`By ${interval === '15m' ? '15 minutes' : interval}, refunds apart`}
      loaded={loaded}
      currency={currency}
      empty="Nothing was sold in this period."
      span={2}
      columns={[
        { key: 'start', label: 'From', as: 'text' },
        { key: 'revenue', label: 'Revenue', as: 'money' },
        { key: 'refunds', label: 'Refunds', as: 'money' },
        { key: 'net_revenue', label: 'Net', as: 'money' },
        { key: 'orders', label: 'Orders', as: 'count' },
        { key: 'units', label: 'Units', as: 'count' },
        { key: 'average_order_value', label: 'Average order', as: 'money' },
      ]}
      rows={isEmpty ? [] : series}
      figures={data && <MoneyFigures now={data} before={previous} currency={currency} />}
      chart={
        <Chart label="Revenue over time" option={revenueOption(series, previous?.series, currency)} theme={theme} />
      }
    />
  );
}

function revenueOption(series: Answer['series'], before: Answer['series'] | undefined, currency: string) {
  const values = (of: Answer['series']): number[] => of.map(({ revenue }) => revenue);
  return overTime(
    series.map(({ start }) => start),
    [
      { name: 'Revenue', values: values(series), kind: 'bar' },
      ...(before ? [{ name: 'Period before', values: values(before), dashed: true }] : []),
    ],
    (n) => formatMoney(n, currency),
  );
}

interface FiguresProps {
  readonly now: Answer;
  readonly before: Answer | undefined;
  readonly currency: string;
}

function MoneyFigures({ now, before, currency }: FiguresProps) {
  const change = changeOf(now, before);
  const average = now.average_order_value;
  return (
    <dl class="figures">
      <Figure name="revenue" label="Revenue" value={formatMoney(now.revenue, currency)} change={change('revenue')} />
      <Figure name="orders" label="Orders" value={formatCount(now.orders)} change={change('orders')} />
      <Figure
        label="Average order"
        value={average === null ? '–' : formatMoney(average, currency)}
        change={change('average_order_value')}
      />
      <Figure label="Refunds" value={formatMoney(now.refunds, currency)} change={change('refunds')} />
    </dl>
  );
}

function Payments({ view: { from, to, city }, currency }: SectionProps) {
  const loaded = useAnswer('/v1/payments', { from, to, city });
  return (
    <Panel
      title="Payment types"
      loaded={loaded}
      currency={currency}
      empty="Nothing was paid in this period."
      columns={[
        { key: 'payment_type', label: 'Paid by', as: 'text' },
        { key: 'orders', label: 'Orders', as: 'count' },
        { key: 'revenue', label: 'Revenue', as: 'money' },
        { key: 'share', label: 'Share', as: 'rate', bar: true },
      ]}
      rows={answerOf(loaded)?.data ?? []}
    />
  );
}
