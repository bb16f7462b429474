import type { Data } from '../../api/answers.ts';
import { askAll } from '../../api/ask.ts';
import { answerOf, useAnswer } from '../../api/use-answer.ts';
import { otherPeriod } from '../../kpis/words.ts';
import type { Column } from '../../panel/columns.ts';
import { Panel } from '../../panel/panel.tsx';
import { useRoom } from '../../panel/use-room.ts';
import { useShop } from '../../shop.ts';
import { formatMove } from '../../text/format.ts';
import { CHOICES, comparedIn } from '../../view.ts';
import { said } from '../../words/said.ts';
import type { SectionProps } from '../section.ts';
import { breakdownOf, calledDimension, calledIn, calledValues, choosing } from './dimension.ts';
import { DimensionChoice } from './dimension-choice.tsx';

type Value = Data<'/v1/breakdowns/{dimension}'>[number];

const RANKED: Readonly<Record<string, string>> = { engagement: 'engagement_score', conversion: 'orders_per_session' };

const COLUMNS: readonly Column<Value>[] = [
  { key: 'engagement_score', label: said('Engagement'), as: 'count' },
  { key: 'users', label: said('Users'), as: 'count' },
  { key: 'sessions', label: said('Sessions'), as: 'count' },
  { key: 'orders', label: said('Orders'), as: 'count' },
  { key: 'revenue', label: said('Revenue'), as: 'money' },
  {
    key: 'orders_per_session',
    label: said('Orders per 100 sessions'),
    as: 'decimal',
    of: ({ conversion_rate: rate }) => rate && rate * 100,
  },
];

const COMPARED: readonly Column<Value>[] = [
  {
    key: 'change',
    label: said('Revenue moved'),
    as: 'move',
    of: ({ revenue, previous }) => previous && formatMove(revenue, previous.revenue, false),
  },
  { key: 'moved', label: said('Rank moved'), as: 'move', of: moved },
];

function moved({ rank, previous_rank: before = null }: Value): string {
  if (before === null) return said('new');
  const by = before - rank;
  if (by === 0) return '=';
  return by > 0 ? `▲ ${by}` : `▼ ${-by}`;
}

/** The values of a dimension by rank, with where they stood before; one that is chosen is followed by the whole page. */
export function Ranking(props: SectionProps) {
  const { view, change } = props;
  const { rank_by } = view;
  const shop = useShop();
  const { from, to, currency, refreshMs } = shop;
  const dimension = breakdownOf(view, shop);
  const compare = comparedIn(view);
  const query = { from, to, currency, compare, rank_by };
  const { limit, onMore } = useRoom(15);
  const params = { dimension };
  const loaded = useAnswer('/v1/breakdowns/{dimension}', { ...query, limit }, { params, everyMs: refreshMs });
  const ranked = RANKED[rank_by] ?? rank_by;
  const sort = {
    by: ranked,
    keys: CHOICES.rank_by.map((rank) => RANKED[rank] ?? rank),
    onSort: (key: string) =>
      change({ rank_by: CHOICES.rank_by.find((rank) => (RANKED[rank] ?? rank) === key) ?? rank_by }),
  };
  const named: readonly Column<Value>[] = [
    { key: 'rank', label: said('Rank'), as: 'count' },
    { key: 'value', label: calledDimension(dimension), as: 'text', of: (row) => calledIn(row, dimension) },
  ];
  return (
    <Panel
      title={said('Ranking')}
      name="ranking"
      isUnfiltered
      hint={`${said('All {values}. Choose one and the whole page follows', { values: calledValues(dimension) })}${compare ? said('; compared with {period}', { period: otherPeriod(shop) }) : ''}. ${said('Orders per 100 sessions count every order, so they can pass 100')}`}
      loaded={loaded}
      empty={said('Nobody has visited in this period.')}
      controls={<DimensionChoice {...props} label={said('Ranked')} />}
      {...choosing(props, dimension)}
      sort={sort}
      onMore={onMore}
      span={3}
      height={400}
      columns={[
        ...named,
        ...COLUMNS.map((column) => ({ ...column, bar: column.key === ranked })),
        ...(compare ? COMPARED : []),
      ]}
      rows={answerOf(loaded)?.data ?? []}
      allRows={() => askAll('/v1/breakdowns/{dimension}', query, params)}
    />
  );
}
