import type { Counting, Definition } from '../../metrics/definition.ts';
import type { EventFact } from '../../metrics/facts.ts';
import { family } from '../../metrics/family.ts';
import { NONE } from '../../metrics/sums/dimension-values.ts';
import type { Sums } from '../../metrics/sums/sums.ts';
import type { MetricId, WindowSums } from '../../metrics/sums/window-sums.ts';

const CAP = 20_000;

const ranking = <const N extends string>(name: N, description: string, dimensions: readonly string[] = []) =>
  family({ name, kind: 'ranking', windows: ['hour', 'day'], dimensions, cap: CAP, description });

export const searchCounts = ranking('searches:count', 'searches by term, case and spaces folded');
export const searchMisses = ranking('searches:none', 'searches without results by term');
export const searchClicks = ranking(
  'searches:clicks',
  'searches that a view_item followed in the session, by term, in the hour of the search',
);

const OF_VALUE = ['dimension', 'value'];
export const valueSearchCounts = ranking('value-searches:count', 'searches by term, for a dimension value', OF_VALUE);
export const valueSearchMisses = ranking(
  'value-searches:none',
  'searches without results by term, for a dimension value',
  OF_VALUE,
);
export const valueSearchClicks = ranking(
  'value-searches:clicks',
  'searches that a view_item followed, by term, for the dimension value that the session has then',
  OF_VALUE,
);

/** One figure of searches: over all, and by dimension value. */
class SearchFigure {
  private readonly sums: Sums;
  private readonly all: MetricId;
  private readonly byValue: MetricId;
  private readonly other: number;

  constructor(sums: Sums, all: typeof searchCounts, byValue: typeof searchCounts) {
    this.sums = sums;
    this.all = sums.members(all, 'terms');
    this.byValue = sums.members(byValue, 'searches');
    this.other = sums.dictionaries.otherOf('terms');
  }

  add(hour: WindowSums, term: number, fact: EventFact, by = 1): void {
    hour.add(this.all, term, by);
    const { values, searches } = this.sums.dictionaries;
    for (let dimension = 0; dimension < values.names.length; dimension++) {
      const value = values.part(fact.dimensions, dimension);
      if (value === NONE) continue;
      const own = searches.of(dimension, value, term);
      const key = fact.admits('searches', own) ? own : searches.of(dimension, value, this.other);
      hour.add(this.byValue, key, by);
    }
  }
}

function countSearches(sums: Sums): Counting {
  const counts = new SearchFigure(sums, searchCounts, valueSearchCounts);
  const misses = new SearchFigure(sums, searchMisses, valueSearchMisses);
  const clicks = new SearchFigure(sums, searchClicks, valueSearchClicks);
  return {
    event(fact) {
      const { name, hour, session, term, resultsCount } = fact;
      for (const followed of session.followed) clicks.add(followed.hour, followed.term, fact, followed.count);
      if (name !== 'search' || term === undefined) return;
      counts.add(hour, term, fact);
      if (resultsCount === 0) misses.add(hour, term, fact);
    },
  };
}

export const searchesDefinition = {
  families: [searchCounts, searchMisses, searchClicks, valueSearchCounts, valueSearchMisses, valueSearchClicks],
  count: countSearches,
} satisfies Definition;
