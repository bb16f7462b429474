import type { Fact } from '../facts.ts';
import type { Writes } from '../writes.ts';
import { searchClicks, searchCounts, searchMisses } from './keys.ts';

export function foldSearches(fact: Fact, writes: Writes): void {
  if (fact.kind !== 'event') return;
  const { event, at, session } = fact;
  for (const { term, at: searchedAt, count } of session.followed) writes.add(searchClicks, searchedAt, term, count);
  if (event.name !== 'search') return;
  const { searchTerm: term } = event;
  if (term === '') return;
  writes.add(searchCounts, at, term);
  if (event.resultsCount === 0) writes.add(searchMisses, at, term);
}
