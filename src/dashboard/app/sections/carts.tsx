import { useState } from 'preact/hooks';
import type { Data } from '../api/answers.ts';
import { answerOf, useAnswer } from '../api/ask.ts';
import { Chart, overTime } from '../charts/chart.tsx';
import { changeOf, Figure } from '../panel/figure.tsx';
import { Panel } from '../panel/panel.tsx';
import { formatCount, formatMoney, formatRate, formatSeconds } from '../text/format.ts';
import { clock } from '../text/time.ts';
import { oneOf, periodParams } from '../view.ts';
import { intervalOf, nameOf, type SectionProps } from './section.ts';

type Abandonment = Data<'/v1/abandonment'>;

/** Carts that were left: how many, what they were worth, what came back. */
export function Carts(props: SectionProps) {
  return (
    <>
      <Abandoned {...props} />
      <AbandonedItems {...props} />
      <CartList {...props} />
    </>
  );
}

function Abandoned({ view, currency, theme }: SectionProps) {
  const interval = intervalOf(view);
  const loaded = useAnswer('/v1/abandonment', { ...periodParams(view), city: view.city, interval });
  const { data, previous } = answerOf(loaded) ?? {};
  const series = (data?.series ?? []).map((point) => ({ ...point, start: clock(point.start, interval) }));
  const isEmpty = data === undefined || data.carts === 0;
  const option = overTime(
    series.map(({ start }) => start),
    [{ name: 'Abandonment rate', values: series.map(({ abandonment_rate }) => abandonment_rate) }],
    formatRate,
  );
  return (
    <Panel
      title="Abandonment"
      hint="Carts by the time in which they were opened"
      span={2}
      loaded={loaded}
      currency={currency}
      empty="No cart was opened in this period."
      columns={[
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
      ]}
      rows={isEmpty ? [] : series}
      figures={!isEmpty && <CartFigures now={data} before={previous} currency={currency} />}
      chart={<Chart label="Abandonment rate over time" option={option} theme={theme} height={180} />}
    />
  );
}

function AbandonedItems({ view: { from, to }, currency }: SectionProps) {
  const loaded = useAnswer('/v1/abandonment/items', { from, to, by: 'value', limit: 10 });
  return (
    <Panel
      title="Top abandoned items"
      hint="By what they were worth in abandoned carts; all cities"
      loaded={loaded}
      currency={currency}
      empty="No cart was abandoned in this period."
      columns={[
        { key: 'item_name', label: 'Item', as: 'text', of: nameOf },
        { key: 'carts', label: 'Carts', as: 'count' },
        { key: 'units', label: 'Units', as: 'count' },
        { key: 'value', label: 'Value', as: 'money', bar: true },
      ]}
      rows={answerOf(loaded)?.data ?? []}
    />
  );
}

interface FiguresProps {
  readonly now: Abandonment;
  readonly before: Abandonment | undefined;
  readonly currency: string;
}

function CartFigures({ now, before, currency }: FiguresProps) {
  const change = changeOf(now, before);
  const { abandoned_by_stage: stages, median_recovery_seconds: median = null } = now;
  return (
    <dl class="figures">
      <Figure
        name="abandonment_rate"
        label="Abandonment rate"
        value={formatRate(now.abandonment_rate ?? 0)}
        change={change('abandonment_rate')}
      />
      <Figure name="abandoned" label="Abandoned" value={formatCount(now.abandoned)} change={change('abandoned')} />
      <Figure
        label="Left behind"
        value={formatMoney(now.abandoned_value, currency)}
        change={change('abandoned_value')}
      />
      <Figure label="Won back" value={formatMoney(now.recovered_value, currency)} change={change('recovered_value')} />
      <Figure
        label="At the cart / at checkout"
        value={`${formatCount(stages.cart)} / ${formatCount(stages.checkout)}`}
      />
      <Figure label="Median time to recovery" value={median === null ? '–' : formatSeconds(median)} />
    </dl>
  );
}

const STATUSES = ['open', 'abandoned', 'recovered'] as const;
const ENDED = { open: 'last_activity_at', abandoned: 'abandoned_at', recovered: 'recovered_at' } as const;

function CartList({ view, currency }: Pick<SectionProps, 'view' | 'currency'>) {
  const [status, setStatus] = useState<(typeof STATUSES)[number]>('open');
  const { from, to, city } = view;
  const loaded = useAnswer('/v1/abandonment/carts', { from, to, city, status, limit: 15 });
  return (
    <Panel
      title="Carts"
      hint="One by one, newest first"
      span={3}
      loaded={loaded}
      currency={currency}
      empty={`No ${status} cart that was opened in this period.`}
      controls={
        <select
          aria-label="Which carts"
          value={status}
          onChange={(e) => setStatus(oneOf(STATUSES, e.currentTarget.value))}
        >
          <option value="open">open</option>
          <option value="abandoned">abandoned</option>
          <option value="recovered">recovered</option>
        </select>
      }
      columns={[
        { key: 'user_id', label: 'User', as: 'text' },
        { key: 'city', label: 'City', as: 'text' },
        { key: 'count', label: 'Items', as: 'count', of: ({ items }) => items.length },
        { key: 'value', label: 'Value', as: 'money', bar: true },
        { key: 'stage', label: 'Stage', as: 'text' },
        { key: ENDED[status], label: 'At', as: 'time' },
      ]}
      rows={answerOf(loaded)?.data ?? []}
    />
  );
}
