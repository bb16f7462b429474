import type { CounterFamily, RankingFamily, UniquesFamily } from '../../../src/metrics/family.ts';
import { NO_VALUE, NONE } from '../../../src/metrics/sums/dimension-values.ts';
import type { Metric, Sums } from '../../../src/metrics/sums/sums.ts';
import type { LocalTime } from '../../../src/time/windows.ts';

export interface Sum {
  readonly family: CounterFamily | RankingFamily;
  readonly dimensions: string;
  readonly time: LocalTime;
  /** As it stands in the store. */
  readonly field: string;
  readonly n: number;
}

/** Everything that was added up, field by field and window by window; what came to nothing as well. */
export function allSums(sums: Sums): Sum[] {
  return [...sums.windows()].flatMap((window) =>
    sums.metrics.flatMap((metric) => {
      const column = window.column(metric.id);
      // Nearly all of them, in each of a hundred windows.
      if (column === undefined) return [];
      const numbers = Array.from({ length: column.size }, (_, i) => column.number(i));
      const values = numbers.map((number) => ({ number, n: column.sum(number) }));
      const { family } = metric;
      return fieldsOf(metric, values, sums).map((field) => ({ family, time: window.time, ...field }));
    }),
  );
}

type Field = Pick<Sum, 'dimensions' | 'field' | 'n'>;

function fieldsOf(
  { text, over, hasTotal, dimensions }: Metric,
  values: readonly { readonly number: number; readonly n: number }[],
  { dictionaries }: Sums,
): Field[] {
  const prefix = text === undefined ? '' : `${text}|`;
  if (over === 'searches') return values.map(({ number, n }) => ofSearch(number, n, dictionaries));
  if (over !== 'values')
    return values.map(({ number, n }) => ({ dimensions, field: prefix + dictionaries[over].text(number), n }));
  const { names } = dictionaries.values;
  const byValue = names.flatMap((name, i) =>
    values
      .filter(({ number }) => dictionaries.values.text(number, i) !== '')
      .map(({ number, n }) => ({
        dimensions: dimensions === '' ? `by-${name}` : `${dimensions}:by-${name}`,
        field: prefix + dictionaries.values.text(number, i),
        n,
      })),
  );
  const total = { dimensions, field: text ?? '', n: values.reduce((all, { n }) => all + n, 0) };
  return hasTotal && values.length > 0 ? [...byValue, total] : byValue;
}

function ofSearch(number: number, n: number, { searches, values, terms }: Sums['dictionaries']): Field {
  const dimension = searches.dimension(number);
  const value = values.texts[dimension]?.text(searches.value(number));
  return { dimensions: `${values.names[dimension]}:${value}`, field: terms.text(searches.term(number)), n };
}

/** What was added up for one family and by its cities, over all windows; what came to nothing is not there. */
export function sumsOf(sums: Sums, of: CounterFamily | RankingFamily, under = ''): Record<string, number> {
  const found: Record<string, number> = {};
  const keys = [under, under === '' ? 'by-city' : `${under}:by-city`];
  for (const { family, dimensions, field, n } of allSums(sums))
    if (family === of && keys.includes(dimensions)) found[field] = (found[field] ?? 0) + n;
  return Object.fromEntries(Object.entries(found).filter(([, n]) => n !== 0));
}

export interface Marks {
  readonly family: UniquesFamily;
  readonly dimensions: string;
  readonly time: LocalTime;
  readonly users: readonly string[];
}

/** Users that were seen, for each name and dimension value. */
export function allMarks(sums: Sums): Marks[] {
  const { values, users } = sums.dictionaries;
  const found: Marks[] = [];
  for (const window of sums.windows())
    for (const [id, byCombination] of window.seen) {
      const uniques = sums.uniqueUsers[id];
      if (uniques === undefined) throw new Error('users were seen under no name');
      const { family, text } = uniques;
      for (const [combination, seen] of byCombination) {
        const names = Array.from({ length: seen.size }, (_, i) => users.text(seen.at(i)));
        const ofValues = values.names.flatMap((name, i) =>
          values.part(combination, i) === NONE ? [] : [`${text}:${name}:${values.text(combination, i)}`],
        );
        for (const dimensions of combination === NO_VALUE ? [text] : ofValues)
          found.push({ family, dimensions, time: window.time, users: [...new Set(names)] });
      }
    }
  return found;
}

/** What joins histories of users. */
export function allMembers({ histories, dictionaries: { users } }: Sums) {
  return [...histories].flatMap(([family, column]) =>
    column.owners.map((owner) => {
      const members: { readonly atMs: number; readonly member: string }[] = [];
      column.each(owner, (atMs, from, to) =>
        members.push({ atMs, member: column.texts.bytes.toString('utf8', from, to) }),
      );
      return { family, owner: users.text(owner), members, renew: column.isRenewed(owner) };
    }),
  );
}

/** The newest titles of items. */
export function allTitles({ latest, dictionaries: { items } }: Sums) {
  return [...latest].flatMap(([family, column]) =>
    column.members.map((member) => ({
      family,
      field: items.text(member),
      kept: { atMs: column.atMs(member), value: column.text(member) },
    })),
  );
}
