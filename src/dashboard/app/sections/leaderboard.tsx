import { answerOf, useAnswer } from '../api/use-answer.ts';
import { Panel } from '../panel/panel.tsx';
import { calledInShop } from '../text/events.ts';
import { formatCount } from '../text/format.ts';
import { said } from '../words/said.ts';
import { sumOf } from './section.ts';

/** Actions in windows of five seconds, newest first. */
export function Leaderboard() {
  const loaded = useAnswer('/v1/leaderboard', { limit: 12 }, { everyMs: 10_000 });
  return (
    <Panel
      title={said('Leaderboard')}
      name="leaderboard"
      isUnfiltered
      hint={said('What happened in the last minute, five seconds at a time')}
      loaded={loaded}
      empty={said('Nothing has happened yet.')}
      height={400}
      columns={[
        { key: 'start', label: said('From'), as: 'second' },
        {
          key: 'all',
          label: said('Actions'),
          as: 'count',
          bar: true,
          of: ({ counts }) => sumOf(Object.values(counts)),
        },
        { key: 'most', label: said('Most frequent'), as: 'text', of: ({ counts }) => mostFrequent(counts) },
      ]}
      rows={answerOf(loaded)?.data.windows ?? []}
    />
  );
}

const mostFrequent = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .slice(0, 3)
    .map(([name, n]) => `${formatCount(n)} × ${calledInShop(name)}`)
    .join(', ') || '–';
