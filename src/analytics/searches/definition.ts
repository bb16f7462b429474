import type { Definition } from '../../metrics/definition.ts';
import type { Fact } from '../../metrics/facts.ts';
import { family } from '../../metrics/family.ts';
import type { Writes } from '../../metrics/writes.ts';

const CAP = 20_000;

const ranking = <const N extends string>(name: N, description: string) =>
  family({ name, kind: 'ranking', windows: ['hour', 'day'], dimensions: [], cap: CAP, description });

export const searchCounts = ranking('searches:count', 'searches by term, case and spaces folded');
export const searchMisses = ranking('searches:none', 'searches without results by term');
export const searchClicks = ranking(
  'searches:clicks',
  'searches that a view_item followed in the session, by term, in the hour of the search',
);

function foldSearches(fact: Fact, writes: Writes): void {
  if (fact.kind !== 'event') return;
  const { event, at, session } = fact;
  for (const { term, at: searchedAt, count } of session.followed) writes.add(searchClicks, searchedAt, term, count);
  if (event.name !== 'search') return;
  const { searchTerm: term } = event;
  if (term === '') return;
  writes.add(searchCounts, at, term);
  if (event.resultsCount === 0) writes.add(searchMisses, at, term);
}

export const searchesDefinition = {
  families: [searchCounts, searchMisses, searchClicks],
  fold: foldSearches,
} satisfies Definition;
