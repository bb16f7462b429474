import { levelsOf } from '../../events/details/category-path.ts';
import type { LatestFamily } from '../../metrics/family.ts';
import { byValue, type PageKey } from '../../metrics/query/paging.ts';
import { windowsOf } from '../../metrics/query/period.ts';
import type { Counts } from '../../metrics/reader.ts';
import type { QueryContext } from '../question.ts';
import { type AskedItems, categoryTest, NO_GROUP } from '../shared/item-filter.ts';
import { itemBrands, itemCategories } from '../shared/items.ts';
import { COLUMNS, type Column, type Figures, figuresOf, rankedBy } from './columns.ts';

interface GroupsQuery {
  readonly sort: 'name' | keyof Figures;
  readonly order?: 'asc' | 'desc' | undefined;
  readonly currency?: string | undefined;
  readonly limit: number;
}

/** So many groups are looked at in one go. */
const AT_ONCE = 10_000;

interface NamedRow {
  readonly name: string;
  readonly row: Figures;
}

/** Items by one level of their newest category. */
export function queryCategories(
  query: GroupsQuery & AskedItems & { readonly level: number },
  context: QueryContext,
): Promise<NamedRow[]> {
  const isWanted = categoryTest(query);
  const nameOf = (path: string): string | undefined =>
    isWanted?.(path) === false ? undefined : (levelsOf(path)[query.level - 1] ?? NO_GROUP);
  return queryGroups(query, itemCategories, nameOf, context);
}

/** Items by their newest brand. */
export function queryBrands(query: GroupsQuery, context: QueryContext): Promise<NamedRow[]> {
  return queryGroups(query, itemBrands, (brand) => brand || NO_GROUP, context);
}

async function queryGroups(
  query: GroupsQuery,
  of: LatestFamily,
  nameOf: (group: string) => string | undefined,
  { reader, calendar, period, storeCurrency }: QueryContext,
): Promise<NamedRow[]> {
  const currency = query.currency ?? storeCurrency;
  const by = COLUMNS.map((column) => rankedBy(column, currency));
  const sums = await reader.groupedSums(by, windowsOf(period, calendar), of);
  const totals = new Map<Column, Counts>();
  for (const [i, column] of COLUMNS.entries())
    totals.set(column, await named(sums[i] ?? new Map(), nameOf, reader.pause));
  const names = new Set([...totals.values()].flatMap((counts) => [...counts.keys()]));
  const compare = byValue(query.order ?? (query.sort === 'name' ? 'asc' : 'desc'));
  const keyOf = ({ name, row }: NamedRow): PageKey => [query.sort === 'name' ? name : row[query.sort], name];
  return [...names]
    .map((name): NamedRow => ({ name, row: figuresOf(name, totals, currency) }))
    .sort((a, b) => compare(keyOf(a), keyOf(b)))
    .slice(0, query.limit);
}

/** Sums under the groups' names; groups without a name are left out. */
async function named(
  sums: Counts,
  nameOf: (group: string) => string | undefined,
  pause: () => Promise<void>,
): Promise<Counts> {
  const found = new Map<string, number>();
  let looked = 0;
  for (const [group, sum] of sums) {
    if (++looked % AT_ONCE === 0) await pause();
    const name = nameOf(group);
    if (name !== undefined) found.set(name, (found.get(name) ?? 0) + sum);
  }
  return found;
}
