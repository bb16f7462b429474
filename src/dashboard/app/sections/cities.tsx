import type { Data } from '../api/answers.ts';
import { answerOf, useAnswer } from '../api/ask.ts';
import { Panel } from '../panel/panel.tsx';
import type { Column } from '../panel/table.tsx';
import { CHOICES, oneOf } from '../view.ts';
import type { SectionProps } from './section.ts';

type City = Data<'/v1/cities'>[number];

const RANKED: Readonly<Record<string, string>> = { engagement: 'engagement_score', conversion: 'conversion_rate' };

const COLUMNS: readonly Column<City>[] = [
  { key: 'rank', label: 'Rank', as: 'count' },
  { key: 'city', label: 'City', as: 'text' },
  { key: 'engagement_score', label: 'Engagement', as: 'count' },
  { key: 'users', label: 'Users', as: 'count' },
  { key: 'sessions', label: 'Sessions', as: 'count' },
  { key: 'orders', label: 'Orders', as: 'count' },
  { key: 'revenue', label: 'Revenue', as: 'money' },
  { key: 'conversion_rate', label: 'Conversion', as: 'rate' },
  { key: 'moved', label: 'Moved', as: 'text', of: moved },
];

function moved({ rank, previous_rank: before = null }: City): string {
  if (before === null) return 'new';
  const by = before - rank;
  if (by === 0) return '=';
  return by > 0 ? `▲ ${by}` : `▼ ${-by}`;
}

/** Cities by rank, with where they stood before; one that is chosen is followed by the whole page. */
export function Cities({ view: { from, to, city: chosen, rank_by }, change, currency }: SectionProps) {
  const loaded = useAnswer('/v1/cities', { from, to, compare: 'previous', rank_by, limit: 15 });
  const ranked = RANKED[rank_by] ?? rank_by;
  return (
    <Panel
      title="Cities"
      hint="Against the period before; choose one and the whole page follows"
      loaded={loaded}
      currency={currency}
      empty="No city has been visited in this period."
      onChoose={({ city }) => change({ city: city === chosen ? '' : city })}
      chosen={({ city }) => city === chosen}
      controls={
        <select
          aria-label="Ranked by"
          value={rank_by}
          onChange={(e) => change({ rank_by: oneOf(CHOICES.rank_by, e.currentTarget.value) })}
        >
          {CHOICES.rank_by.map((rank) => (
            <option key={rank} value={rank}>
              by {rank}
            </option>
          ))}
        </select>
      }
      span={2}
      columns={COLUMNS.map((column) => ({ ...column, bar: column.key === ranked }))}
      rows={answerOf(loaded)?.data ?? []}
    />
  );
}
