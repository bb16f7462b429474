import { useState } from 'preact/hooks';
import { useAnswer } from '../api.ts';
import { Chart, overTime } from '../chart.tsx';
import { clock, maybe, num, type Row, rowOf, rowsOf } from '../data.ts';
import { formatCount, formatMoney, formatRate, formatSeconds } from '../format.ts';
import { changeOf, Figure, Panel } from '../panel.tsx';
import { periodParams } from '../view.ts';
import { intervalOf, type SectionProps } from './context.ts';

/** Carts that were left: how many, what they were worth, what came back. */
export function Carts({ view, currency, theme }: SectionProps) {
  const interval = intervalOf(view);
  const loaded = useAnswer('/v1/abandonment', { ...periodParams(view), city: view.city, interval });
  const items = useAnswer('/v1/abandonment/items', { from: view.from, to: view.to, by: 'value', limit: 10 });
  return (
    <>
      <Panel
        title="Abandonment"
        hint="Carts by the time in which they were opened"
        span={2}
        loaded={loaded}
        currency={currency}
        empty="No cart was opened in this period."
        show={({ data, previous }) => {
          const answer = rowOf(data);
          const rows = rowsOf(answer['series']).map((point) => ({ ...point, start: clock(point['start'], interval) }));
          const rates = rows.map((row: Row) => maybe(row['abandonment_rate']));
          const option = overTime(
            rows.map(({ start }) => start),
            [{ name: 'Abandonment rate', values: rates }],
            formatRate,
          );
          return {
            columns: [
              { key: 'start', label: 'From', as: 'text' },
              { key: 'carts', label: 'Carts', as: 'count' },
              { key: 'purchased', label: 'Purchased', as: 'count' },
              { key: 'emptied', label: 'Emptied', as: 'count' },
              { key: 'abandoned', label: 'Abandoned', as: 'count' },
              { key: 'open', label: 'Open', as: 'count' },
              { key: 'recovered', label: 'Recovered', as: 'count' },
              { key: 'abandonment_rate', label: 'Rate', as: 'rate' },
              { key: 'abandoned_value', label: 'Left', as: 'money' },
              { key: 'recovered_value', label: 'Won back', as: 'money' },
            ],
            rows: num(answer['carts']) === 0 ? [] : rows,
            ...(num(answer['carts']) > 0 && {
              figures: <CartFigures row={answer} before={rowOf(previous)} currency={currency} />,
            }),
            chart: <Chart label="Abandonment rate over time" option={option} theme={theme} height={180} />,
          };
        }}
      />
      <Panel
        title="Top abandoned items"
        hint="By what they were worth in abandoned carts; all cities"
        loaded={items}
        currency={currency}
        empty="No cart was abandoned in this period."
        show={({ data }) => ({
          columns: [
            { key: 'item_name', label: 'Item', as: 'text' },
            { key: 'carts', label: 'Carts', as: 'count' },
            { key: 'units', label: 'Units', as: 'count' },
            { key: 'value', label: 'Value', as: 'money', bar: true },
          ],
          rows: rowsOf(data).map((row) => ({ ...row, item_name: row['item_name'] ?? row['item_id'] })),
        })}
      />
      <CartList view={view} currency={currency} />
    </>
  );
}

function CartFigures({
  row,
  before,
  currency,
}: {
  readonly row: Row;
  readonly before: Row;
  readonly currency: string;
}) {
  const change = changeOf(row, before);
  const stages = rowOf(row['abandoned_by_stage']);
  const median = maybe(row['median_recovery_seconds']);
  return (
    <dl class="figures">
      <Figure
        name="abandonment_rate"
        label="Abandonment rate"
        value={formatRate(num(row['abandonment_rate']))}
        change={change('abandonment_rate')}
      />
      <Figure
        name="abandoned"
        label="Abandoned"
        value={formatCount(num(row['abandoned']))}
        change={change('abandoned')}
      />
      <Figure
        label="Left behind"
        value={formatMoney(num(row['abandoned_value']), currency)}
        change={change('abandoned_value')}
      />
      <Figure
        label="Won back"
        value={formatMoney(num(row['recovered_value']), currency)}
        change={change('recovered_value')}
      />
      <Figure
        label="At the cart / at checkout"
        value={`${formatCount(num(stages['cart']))} / ${formatCount(num(stages['checkout']))}`}
      />
      <Figure label="Median time to recovery" value={median === null ? '–' : formatSeconds(median)} />
    </dl>
  );
}

function CartList({ view, currency }: Pick<SectionProps, 'view' | 'currency'>) {
  const [status, setStatus] = useState('open');
  const loaded = useAnswer('/v1/abandonment/carts', {
    from: view.from,
    to: view.to,
    city: view.city,
    status,
    limit: 15,
  });
  const at = { open: 'last_activity_at', abandoned: 'abandoned_at', recovered: 'recovered_at' }[status] ?? 'opened_at';
  return (
    <Panel
      title="Carts"
      hint="One by one, newest first"
      span={3}
      loaded={loaded}
      currency={currency}
      empty={`No ${status} cart that was opened in this period.`}
      controls={
        <select aria-label="Which carts" value={status} onChange={(e) => setStatus(e.currentTarget.value)}>
          <option value="open">open</option>
          <option value="abandoned">abandoned</option>
          <option value="recovered">recovered</option>
        </select>
      }
      show={({ data }) => ({
        columns: [
          { key: 'user_id', label: 'User', as: 'text' },
          { key: 'city', label: 'City', as: 'text' },
          { key: 'count', label: 'Items', as: 'count' },
          { key: 'value', label: 'Value', as: 'money', bar: true },
          { key: 'stage', label: 'Stage', as: 'text' },
          { key: at, label: 'At', as: 'time' },
        ],
        rows: rowsOf(data).map((row) => ({ ...row, count: rowsOf(row['items']).length })),
      })}
    />
  );
}
