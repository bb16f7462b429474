import { ratio } from '../../metrics/query/params.ts';
import { windowsOf } from '../../metrics/query/period.ts';
import type { QueryContext } from '../question.ts';
import { searchClicks, searchCounts, searchMisses } from './definition.ts';

const BY = { count: searchCounts, no_results: searchMisses, clicks: searchClicks };

interface SearchesQuery {
  readonly by: keyof typeof BY;
  readonly limit: number;
}

export async function querySearches({ by, limit }: SearchesQuery, { reader, calendar, period }: QueryContext) {
  const windows = windowsOf(period, calendar);
  const top = await reader.ranking(BY[by], windows, limit);
  const terms = top.map(({ member }) => member);
  const [counts, misses, clicks] = await Promise.all(
    [searchCounts, searchMisses, searchClicks].map((of) => reader.sums(of, windows, terms)),
  );
  const data = terms.map((term) => {
    const count = counts?.get(term) ?? 0;
    const clicked = clicks?.get(term) ?? 0;
    return {
      search_term: term,
      count,
      no_results: misses?.get(term) ?? 0,
      clicks: clicked,
      click_through_rate: ratio(clicked, count),
    };
  });
  return { data };
}
