import type { Data } from '../api/answers.ts';
import { askAll } from '../api/ask.ts';
import { answerOf, useAnswer } from '../api/use-answer.ts';
import type { Column } from '../panel/columns.ts';
import { Panel } from '../panel/panel.tsx';
import { useRoom } from '../panel/use-room.ts';
import { useShop } from '../shop.ts';
import { CHOICES } from '../view.ts';
import type { SectionProps } from './section.ts';

type City = Data<'/v1/cities'>[number];

const RANKED: Readonly<Record<string, string>> = { engagement: 'engagement_score', conversion: 'orders_per_session' };

const COLUMNS: readonly Column<City>[] = [
  { key: 'rank', label: 'Rank', as: 'count' },
  { key: 'city', label: 'City', as: 'text' },
  { key: 'engagement_score', label: 'Engagement', as: 'count' },
  { key: 'users', label: 'Users', as: 'count' },
  { key: 'sessions', label: 'Sessions', as: 'count' },
  { key: 'orders', label: 'Orders', as: 'count' },
  { key: 'revenue', label: 'Revenue', as: 'money' },
  {
    key: 'orders_per_session',
    label: 'Orders per 100 sessions',
    as: 'decimal',
    of: ({ conversion_rate: rate }) => rate && rate * 100,
  },
  { key: 'moved', label: 'Moved', as: 'text', of: moved },
];

function moved({ rank, previous_rank: before = null }: City): string {
  if (before === null) return 'new';
  const by = before - rank;
  if (by === 0) return '=';
  return by > 0 ? `▲ ${by}` : `▼ ${-by}`;
}

/** Cities by rank, with where they stood before; one that is chosen is followed by the whole page. */
export function Cities({ view: { city: chosen, rank_by }, change }: SectionProps) {
  const { from, to, currency, refreshMs } = useShop();
  const query = { from, to, currency, compare: 'previous', rank_by } as const;
  const { limit, onMore } = useRoom(15);
  const loaded = useAnswer('/v1/cities', { ...query, limit }, { everyMs: refreshMs });
  const ranked = RANKED[rank_by] ?? rank_by;
  const sort = {
    by: ranked,
    keys: CHOICES.rank_by.map((rank) => RANKED[rank] ?? rank),
    onSort: (key: string) =>
      change({ rank_by: CHOICES.rank_by.find((rank) => (RANKED[rank] ?? rank) === key) ?? rank_by }),
  };
  return (
    <Panel
      title="Cities"
      hint="Choose one and the whole page follows. Ranks moved against the whole period before; orders per 100 sessions count every order, so they can pass 100"
      loaded={loaded}
      empty="No city has been visited in this period."
      onChoose={({ city }) => change({ city: city === chosen ? '' : city })}
      chosen={({ city }) => city === chosen}
      sort={sort}
      onMore={onMore}
      span={3}
      height={400}
      columns={COLUMNS.map((column) => ({ ...column, bar: column.key === ranked }))}
      rows={answerOf(loaded)?.data ?? []}
      allRows={() => askAll('/v1/cities', query)}
    />
  );
}
