import type { RankingFamily } from '../../metrics/family.ts';
import { byDimension } from '../../metrics/fields.ts';
import { ratio } from '../../metrics/query/params.ts';
import { windowsOf } from '../../metrics/query/period.ts';
import { byValueOf, type Filter, rowOf, topValues } from '../../metrics/query/selection.ts';
import type { Counts, WindowSet } from '../../metrics/reader.ts';
import { frequencies } from '../event-frequencies/definition.ts';
import type { QueryContext } from '../question.ts';
import {
  searchClicks,
  searchCounts,
  searchMisses,
  valueSearchClicks,
  valueSearchCounts,
  valueSearchMisses,
} from './definition.ts';

const BY = { count: searchCounts, no_results: searchMisses, clicks: searchClicks };
const BY_VALUE = { count: valueSearchCounts, no_results: valueSearchMisses, clicks: valueSearchClicks };
const FIGURES = ['count', 'no_results', 'clicks'] as const;

interface SearchesQuery {
  readonly by: keyof typeof BY;
  readonly limit: number;
}

type Figures = Readonly<Record<keyof typeof BY, number>> & { readonly click_through_rate: number | null };
type ByTerm = (term: string) => Figures;

export async function querySearches({ by, limit }: SearchesQuery, context: QueryContext) {
  const { reader, calendar, period, filter, breakdown } = context;
  const windows = windowsOf(period, calendar);
  const { of, dimensions } = placeOf(by, filter);
  const top = await reader.ranking(of, windows, limit, dimensions);
  const terms = top.map(({ member }) => member);
  const [figures, byValue] = await Promise.all([
    figuresOf(terms, filter, windows, context),
    breakdown === undefined ? undefined : figuresByValue(breakdown, terms, windows, context),
  ]);
  const data = terms.map((term) => ({
    search_term: term,
    ...figures(term),
    ...(breakdown !== undefined && { breakdown: brokenDown(breakdown, by, limit, term, byValue ?? new Map()) }),
  }));
  return { data };
}

/** Where a figure is kept: over all, or for one value. */
function placeOf(by: keyof typeof BY, filter: Filter | undefined): { of: RankingFamily; dimensions: string } {
  if (filter === undefined) return { of: BY[by], dimensions: '' };
  return { of: BY_VALUE[by], dimensions: `${filter.dimension}:${filter.value}` };
}

async function figuresOf(
  terms: readonly string[],
  filter: Filter | undefined,
  windows: WindowSet,
  { reader }: QueryContext,
): Promise<ByTerm> {
  const [counts, misses, clicks] = await Promise.all(
    FIGURES.map((figure): Promise<Counts> => {
      const { of, dimensions } = placeOf(figure, filter);
      return reader.sums(of, windows, terms, dimensions);
    }),
  );
  return (term) => {
    const [count, clicked] = [counts?.get(term) ?? 0, clicks?.get(term) ?? 0];
    return { count, no_results: misses?.get(term) ?? 0, clicks: clicked, click_through_rate: ratio(clicked, count) };
  };
}

/** Of every value with which anything may have been searched for, or followed a search. */
async function figuresByValue(dimension: string, terms: readonly string[], windows: WindowSet, context: QueryContext) {
  const { reader, filter } = context;
  const named = await reader.totals(frequencies, windows, undefined, byDimension('', dimension));
  const values = await byValueOf(named, reader.pause, filter);
  const searched = [...values]
    .filter(([, names]) => names.has('search') || names.has('view_item'))
    .map(([value]) => value);
  const figures = searched.map(
    async (value) => [value, await figuresOf(terms, { dimension, value }, windows, context)] as const,
  );
  return new Map(await Promise.all(figures));
}

function brokenDown(
  dimension: string,
  by: keyof typeof BY,
  limit: number,
  term: string,
  byValue: ReadonlyMap<string, ByTerm>,
) {
  const all = [...byValue].map(([value, figures]) => [value, figures(term)] as const);
  const some = new Map(all.filter(([, { count, clicks }]) => count > 0 || clicks > 0));
  return topValues(some, (of) => of[by], limit).map(([value, of]) => rowOf(dimension, value, of));
}
