import { useMemo } from 'preact/hooks';
import type { Data } from '../api/answers.ts';
import { askAll } from '../api/ask.ts';
import { answerOf, useAnswer } from '../api/use-answer.ts';
import { Chart } from '../charts/chart.tsx';
import { overTime } from '../charts/over-time.ts';
import { beside } from '../charts/timeline.ts';
import { filteredBy } from '../filter.ts';
import { otherPeriod } from '../kpis/words.ts';
import { NoteButton } from '../notes/note-button.tsx';
import { useMarks } from '../notes/notes-scope.tsx';
import { changeOf, Figure } from '../panel/figure.tsx';
import { Panel } from '../panel/panel.tsx';
import { untilOf } from '../series/fairly.ts';
import { fairMoney } from '../series/money-sums.ts';
import { useSeries } from '../series/use-series.ts';
import { useShop } from '../shop.ts';
import { capital, formatMoney, formatOnAxis, writeCount, writeMoney } from '../text/format.ts';
import { comparedIn } from '../view.ts';
import { said } from '../words/said.ts';
import { calledIn } from './dimensions/dimension.ts';
import { RevenueBy } from './dimensions/revenue-by.tsx';
import { pickDays } from './pick-days.ts';
import { type FiguresProps, moneyIntervalOf, type SectionProps } from './section.ts';

type Answer = Data<'/v1/revenue'>;

/** Revenue over time, and how it was paid. */
export function Money(props: SectionProps) {
  return (
    <>
      <Revenue {...props} />
      <Payments {...props} />
      <RevenueBy {...props} />
    </>
  );
}

const HINTS = {
  '15m': said('By 15 minutes, refunds apart'),
  hour: said('By hour, refunds apart'),
  day: said('By day, refunds apart'),
} as const;

function Revenue({ view, change }: SectionProps) {
  const shop = useShop();
  const { from, to, currency, timezone, refreshMs } = shop;
  const compare = comparedIn(view);
  const interval = moneyIntervalOf(view, shop);
  const query = { from, to, ...filteredBy(view), currency, compare, interval };
  const loaded = useAnswer('/v1/revenue', query, { everyMs: refreshMs });
  const { data, previous, meta } = answerOf(loaded) ?? {};
  const { timeline, points } = useSeries(data?.series, interval, meta);
  const before = previous?.series;
  const other = capital(otherPeriod(shop));
  const marked = useMarks(timeline);
  const option = useMemo(
    () =>
      overTime(
        timeline,
        [
          { name: said('Revenue'), values: points.map(({ revenue }) => revenue), kind: 'bar' },
          ...(before
            ? [{ name: other, values: beside(before, timeline).map((one) => one?.revenue), isBefore: true }]
            : []),
        ],
        {
          write: (n) => formatMoney(n, currency),
          onAxis: (n) => formatOnAxis(n, 'money', { currency, timezone }),
          marked,
        },
      ),
    [timeline, points, before, other, currency, timezone, marked],
  );
  const isEmpty = data === undefined || data.orders + data.refunds === 0;
  return (
    <Panel
      title={said('Revenue')}
      name="revenue"
      hint={`${HINTS[interval]}${previous ? untilOf(timeline) : ''}`}
      loaded={loaded}
      empty={said('Nothing was sold in this period.')}
      span={2}
      height={240}
      controls={<NoteButton of={said('Revenue')} />}
      columns={[
        { key: 'start', label: said('From'), as: interval === 'day' ? 'day' : 'hour' },
        { key: 'revenue', label: said('Revenue'), as: 'money' },
        { key: 'refunds', label: said('Refunds'), as: 'money' },
        { key: 'net_revenue', label: said('Net'), as: 'money' },
        { key: 'orders', label: said('Orders'), as: 'count' },
        { key: 'units', label: said('Units'), as: 'count' },
        { key: 'average_order_value', label: said('Average order'), as: 'money' },
      ]}
      rows={isEmpty ? [] : points}
      figures={<MoneyFigures now={data} before={previous} timeline={timeline} />}
      chart={
        <Chart
          label={said('Revenue over time')}
          option={option}
          marked={marked}
          onPick={pickDays(timeline, shop, change)}
        />
      }
    />
  );
}

function MoneyFigures({ now, before, timeline }: FiguresProps<Answer>) {
  const { currency } = useShop();
  const fair = now && fairMoney(now, before, timeline);
  const change = changeOf(fair?.now, fair?.before);
  return (
    <dl class="figures">
      <Figure
        name="revenue"
        label={said('Revenue')}
        value={writeMoney(now?.revenue, currency)}
        change={change('revenue')}
      />
      <Figure name="orders" label={said('Orders')} value={writeCount(now?.orders)} change={change('orders')} />
      <Figure
        name="average_order_value"
        label={said('Average order')}
        value={writeMoney(now?.average_order_value, currency)}
        change={change('average_order_value')}
      />
      <Figure
        name="refunds"
        label={said('Refunds')}
        value={writeMoney(now?.refunds, currency)}
        change={change('refunds')}
      />
    </dl>
  );
}

function Payments({ view }: SectionProps) {
  const { from, to, currency, refreshMs } = useShop();
  const query = { from, to, ...filteredBy(view), currency };
  const loaded = useAnswer('/v1/payments', query, { everyMs: refreshMs });
  return (
    <Panel
      title={said('Payment types')}
      name="payment-types"
      hint={said('All orders; amounts are of those in {currency}', { currency })}
      loaded={loaded}
      empty={said('Nothing was paid in this period.')}
      height={190}
      columns={[
        { key: 'payment_type', label: said('Paid by'), as: 'text', of: (row) => calledIn(row, 'payment_type') },
        { key: 'orders', label: said('Orders'), as: 'count' },
        { key: 'revenue', label: said('Revenue'), as: 'money' },
        { key: 'share', label: said('Share'), as: 'rate', bar: true },
      ]}
      rows={answerOf(loaded)?.data ?? []}
      allRows={() => askAll('/v1/payments', query)}
    />
  );
}
