import { useMemo } from 'preact/hooks';
import type { Data } from '../api/answers.ts';
import { askAll } from '../api/ask.ts';
import { answerOf, useAnswer } from '../api/use-answer.ts';
import { Chart } from '../charts/chart.tsx';
import { overTime } from '../charts/over-time.ts';
import { filteredBy } from '../filter.ts';
import { NoteButton } from '../notes/note-button.tsx';
import { useMarks } from '../notes/notes-scope.tsx';
import { Choice } from '../panel/choice.tsx';
import { changeOf, Figure } from '../panel/figure.tsx';
import { Panel } from '../panel/panel.tsx';
import { useRoom } from '../panel/use-room.ts';
import { addUp, fairly, untilOf } from '../series/fairly.ts';
import { useSeries } from '../series/use-series.ts';
import { useShop } from '../shop.ts';
import { formatRate, writeCount, writeMoney, writeRate, writeSeconds } from '../text/format.ts';
import { nameAmong } from '../text/item-name.ts';
import { CHOICES, comparedIn } from '../view.ts';
import { said } from '../words/said.ts';
import { calledValue } from './dimensions/dimension.ts';
import { pickDays } from './pick-days.ts';
import { type FiguresProps, intervalOf, type SectionProps } from './section.ts';

type Answer = Data<'/v1/abandonment'>;
type Point = NonNullable<Answer['series']>[number];

/** Carts that were left: how many, what they were worth, what came back. */
export function Carts(props: SectionProps) {
  return (
    <>
      <Abandonment {...props} />
      <AbandonedItems />
      <CartList {...props} />
    </>
  );
}

function Abandonment({ view, change }: SectionProps) {
  const shop = useShop();
  const { from, to, currency, refreshMs } = shop;
  const compare = comparedIn(view);
  const interval = intervalOf(view, shop);
  const query = { from, to, ...filteredBy(view), currency, compare, interval };
  const loaded = useAnswer('/v1/abandonment', query, { everyMs: refreshMs });
  const { data, previous, meta } = answerOf(loaded) ?? {};
  const { timeline, points } = useSeries(data?.series, interval, meta);
  const marked = useMarks(timeline);
  const option = useMemo(() => {
    const values = points.map(({ abandonment_rate }) => abandonment_rate);
    // Carts that are open may yet be abandoned: from the first of them on, the rate is one so far.
    const open = points.findIndex((point) => point.open > 0);
    const over = open < 0 ? timeline.over : Math.min(timeline.over, open);
    return overTime({ ...timeline, over }, [{ name: said('Abandonment rate'), values }], { write: formatRate, marked });
  }, [timeline, points, marked]);
  return (
    <Panel
      title={said('Abandonment')}
      name="abandonment"
      hint={`${said('Carts by the time in which they were opened')}${previous ? untilOf(timeline) : ''}`}
      span={2}
      loaded={loaded}
      empty={said('No cart was opened in this period.')}
      height={240}
      controls={<NoteButton of={said('Abandonment')} />}
      columns={[
        { key: 'start', label: said('From'), as: interval },
        { key: 'carts', label: said('Carts'), as: 'count' },
        { key: 'purchased', label: said('Purchased'), as: 'count' },
        { key: 'emptied', label: said('Emptied'), as: 'count' },
        { key: 'abandoned', label: said('Abandoned'), as: 'count' },
        { key: 'open', label: said('Open'), as: 'count' },
        { key: 'recovered', label: said('Recovered'), as: 'count' },
        { key: 'abandonment_rate', label: said('Rate'), as: 'rate' },
        { key: 'abandoned_value', label: said('Left'), as: 'money' },
        { key: 'recovered_value', label: said('Won back'), as: 'money' },
      ]}
      rows={data?.carts === 0 ? [] : points}
      figures={data?.carts !== 0 && <CartFigures now={data} before={previous} timeline={timeline} />}
      chart={
        <Chart
          label={said('Abandonment rate over time')}
          option={option}
          marked={marked}
          onPick={pickDays(timeline, shop, change)}
        />
      }
    />
  );
}

function sumCarts(points: readonly Point[]) {
  const [carts, abandoned] = [addUp(points, 'carts'), addUp(points, 'abandoned')];
  return {
    abandoned,
    abandonment_rate: carts === 0 ? null : abandoned / carts,
    abandoned_value: addUp(points, 'abandoned_value'),
    recovered_value: addUp(points, 'recovered_value'),
  };
}

function CartFigures({ now, before, timeline }: FiguresProps<Answer>) {
  const { currency } = useShop();
  const fair = now && fairly<ReturnType<typeof sumCarts>, Point>({ timeline, now, before, sum: sumCarts });
  const change = changeOf(fair?.now, fair?.before);
  const stages = now?.abandoned_by_stage;
  return (
    <dl class="figures">
      <Figure
        name="abandonment_rate"
        label={said('Abandonment rate')}
        value={writeRate(now?.abandonment_rate)}
        change={change('abandonment_rate')}
      />
      <Figure
        name="abandoned"
        label={said('Abandoned')}
        value={writeCount(now?.abandoned)}
        change={change('abandoned')}
      />
      <Figure
        name="abandoned_value"
        label={said('Left behind')}
        value={writeMoney(now?.abandoned_value, currency)}
        change={change('abandoned_value')}
      />
      <Figure
        name="recovered_value"
        label={said('Won back')}
        value={writeMoney(now?.recovered_value, currency)}
        change={change('recovered_value')}
      />
      <Figure
        name="left_at"
        label={said('At cart / checkout')}
        value={`${writeCount(stages?.cart)} / ${writeCount(stages?.checkout)}`}
      />
      <Figure
        name="median_recovery"
        label={said('Median to recovery')}
        value={writeSeconds(now?.median_recovery_seconds)}
      />
    </dl>
  );
}

function AbandonedItems() {
  const { from, to, currency, refreshMs } = useShop();
  const query = { from, to, currency, by: 'value' } as const;
  const loaded = useAnswer('/v1/abandonment/items', { ...query, limit: 10 }, { everyMs: refreshMs });
  return (
    <Panel
      title={said('What was left behind, by value')}
      name="abandoned-items"
      isUnfiltered
      hint={said('Items in abandoned carts, by what they were worth')}
      loaded={loaded}
      empty={said('No cart was abandoned in this period.')}
      height={246}
      columns={[
        { key: 'item_name', label: said('Item'), as: 'text', of: nameAmong },
        { key: 'carts', label: said('Carts'), as: 'count' },
        { key: 'units', label: said('Units'), as: 'count' },
        { key: 'value', label: said('Value'), as: 'money', bar: true },
      ]}
      rows={answerOf(loaded)?.data ?? []}
      allRows={() => askAll('/v1/abandonment/items', query)}
    />
  );
}

const ENDED = { open: 'last_activity_at', abandoned: 'abandoned_at', recovered: 'recovered_at' } as const;
const AT = { open: said('Last active'), abandoned: said('Abandoned'), recovered: said('Recovered') } as const;

const STATUSES = { open: said('open'), abandoned: said('abandoned'), recovered: said('recovered') } as const;
const NONE = {
  open: said('No open cart that was opened in this period.'),
  abandoned: said('No abandoned cart that was opened in this period.'),
  recovered: said('No recovered cart that was opened in this period.'),
} as const;
const STAGES: Readonly<Record<string, string>> = { cart: said('in the cart'), checkout: said('at the checkout') };

function CartList({ view, change }: SectionProps) {
  const { from, to, refreshMs } = useShop();
  const { cart_status: status } = view;
  const query = { from, to, ...filteredBy(view), status };
  const { limit, onMore } = useRoom(15);
  const loaded = useAnswer('/v1/abandonment/carts', { ...query, limit }, { everyMs: refreshMs });
  return (
    <Panel
      title={said('Carts')}
      name="carts"
      hint={said('One by one, newest first; choose a visitor to see the way through the shop')}
      span={3}
      loaded={loaded}
      empty={NONE[status]}
      height={430}
      controls={
        <Choice
          label={said('Which carts')}
          value={status}
          options={CHOICES.cart_status}
          called={(one) => STATUSES[one]}
          onChoose={(one) => change({ cart_status: one })}
        />
      }
      columns={[
        { key: 'user_id', label: said('Visitor'), as: 'text' },
        { key: 'city', label: said('City'), as: 'text', of: ({ city }) => calledValue(city) },
        { key: 'count', label: said('Items'), as: 'count', of: ({ items }) => items.length },
        { key: 'value', label: said('Value'), as: 'money', bar: true, currency: ({ currency }) => currency },
        { key: 'stage', label: said('Stage'), as: 'text', of: ({ stage }) => STAGES[stage] ?? stage },
        { key: ENDED[status], label: AT[status], as: 'moment' },
      ]}
      rows={answerOf(loaded)?.data ?? []}
      onMore={onMore}
      onChoose={({ user_id }) => change({ visitor: user_id })}
      allRows={() => askAll('/v1/abandonment/carts', query)}
    />
  );
}
