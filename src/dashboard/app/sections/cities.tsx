import { useAnswer } from '../api.ts';
import { num, rowsOf, text } from '../data.ts';
import { Panel } from '../panel.tsx';
import type { Column } from '../table.tsx';
import { periodParams } from '../view.ts';
import type { SectionProps } from './context.ts';

const RANKS = ['engagement', 'users', 'sessions', 'orders', 'revenue', 'conversion'];
const BAR: Readonly<Record<string, string>> = { engagement: 'engagement_score', conversion: 'conversion_rate' };

const COLUMNS: readonly Column[] = [
  { key: 'rank', label: 'Rank', as: 'count' },
  { key: 'moved', label: 'Moved', as: 'text' },
  { key: 'city', label: 'City', as: 'text' },
  { key: 'engagement_score', label: 'Engagement', as: 'count' },
  { key: 'users', label: 'Users', as: 'count' },
  { key: 'sessions', label: 'Sessions', as: 'count' },
  { key: 'orders', label: 'Orders', as: 'count' },
  { key: 'revenue', label: 'Revenue', as: 'money' },
  { key: 'conversion_rate', label: 'Conversion', as: 'rate' },
];

function moved(rank: unknown, before: unknown): string {
  if (typeof before !== 'number') return 'new';
  const by = before - num(rank);
  if (by === 0) return '=';
  return by > 0 ? `▲ ${by}` : `▼ ${-by}`;
}

/** Cities by rank, with where they stood before; one that is chosen is followed by the whole page. */
export function Cities({ view, change, currency }: SectionProps) {
  const loaded = useAnswer('/v1/cities', {
    ...periodParams(view),
    compare: 'previous',
    rank_by: view.rank_by,
    limit: 15,
  });
  const shown = BAR[view.rank_by] ?? view.rank_by;
  // The button stands in the column that names the city.
  const columns = COLUMNS.filter(({ key }) => key !== 'moved').map((column) => ({
    ...column,
    bar: column.key === shown,
  }));
  return (
    <Panel
      title="Cities"
      hint="Against the period before; choose one and the whole page follows"
      loaded={loaded}
      currency={currency}
      empty="No city has been visited in this period."
      onChoose={(row) => change({ city: row['city'] === view.city ? '' : text(row['city']) })}
      chosen={(row) => row['city'] === view.city}
      controls={
        <select
          aria-label="Ranked by"
          value={view.rank_by}
          onChange={(e) => change({ rank_by: e.currentTarget.value })}
        >
          {RANKS.map((rank) => (
            <option key={rank} value={rank}>
              by {rank}
            </option>
          ))}
        </select>
      }
      span={2}
      show={({ data }) => ({
        columns: [...columns, { key: 'moved', label: 'Moved', as: 'text' }],
        rows: rowsOf(data).map((row) => ({ ...row, moved: moved(row['rank'], row['previous_rank']) })),
      })}
    />
  );
}
