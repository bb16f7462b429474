import type { Counting, Definition } from '../../metrics/definition.ts';
import { family } from '../../metrics/family.ts';
import type { Sums } from '../../metrics/sums/sums.ts';

const CAP = 20_000;

const ranking = <const N extends string>(name: N, description: string) =>
  family({ name, kind: 'ranking', windows: ['hour', 'day'], dimensions: [], cap: CAP, description });

export const searchCounts = ranking('searches:count', 'searches by term, case and spaces folded');
export const searchMisses = ranking('searches:none', 'searches without results by term');
export const searchClicks = ranking(
  'searches:clicks',
  'searches that a view_item followed in the session, by term, in the hour of the search',
);

function countSearches(sums: Sums): Counting {
  const [counts, misses, clicks] = [
    sums.members(searchCounts, 'terms'),
    sums.members(searchMisses, 'terms'),
    sums.members(searchClicks, 'terms'),
  ];
  return {
    event({ name, hour, session, term, resultsCount }) {
      for (const followed of session.followed) followed.hour.add(clicks, followed.term, followed.count);
      if (name !== 'search' || term === undefined) return;
      hour.add(counts, term);
      if (resultsCount === 0) hour.add(misses, term);
    },
  };
}

export const searchesDefinition = {
  families: [searchCounts, searchMisses, searchClicks],
  count: countSearches,
} satisfies Definition;
