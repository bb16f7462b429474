import type { CounterFamily, RankingFamily, UniquesFamily } from '../../../src/metrics/family.ts';
import { NO_VALUE } from '../../../src/metrics/sums/dictionaries.ts';
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
      const numbers = Array.from({ length: column?.size ?? 0 }, (_, i) => column?.number(i) ?? 0);
      const { family, dimensions } = metric;
      const values = numbers.map((number) => ({ number, n: column?.sum(number) ?? 0 }));
      return fieldsOf(metric, values, sums).map(({ field, n }) => ({
        family,
        dimensions,
        time: window.time,
        field,
        n,
      }));
    }),
  );
}

function fieldsOf(
  { text, over, hasTotal }: Metric,
  values: readonly { readonly number: number; readonly n: number }[],
  { dictionaries }: Sums,
): { readonly field: string; readonly n: number }[] {
  if (text === undefined) return values.map(({ number, n }) => ({ field: dictionaries[over].text(number), n }));
  const ofValues = values
    .filter(({ number }) => number !== NO_VALUE)
    .map(({ number, n }) => ({ field: `${text}|${dictionaries[over].text(number)}`, n }));
  const total = { field: text, n: values.reduce((all, { n }) => all + n, 0) };
  return hasTotal && values.length > 0 ? [...ofValues, total] : ofValues;
}

/** What was added up for one family, over all windows; what came to nothing is not there. */
export function sumsOf(sums: Sums, of: CounterFamily | RankingFamily, under = ''): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { family, dimensions, field, n } of allSums(sums))
    if (family === of && dimensions === under) found[field] = (found[field] ?? 0) + n;
  return Object.fromEntries(Object.entries(found).filter(([, n]) => n !== 0));
}

export interface Marks {
  readonly family: UniquesFamily;
  readonly dimensions: string;
  /** What comes before the dimension value in them. */
  readonly text: string;
  readonly time: LocalTime;
  readonly users: readonly string[];
}

/** Users that were seen, for each name and dimension value. */
export function allMarks(sums: Sums): Marks[] {
  const { values, users } = sums.dictionaries;
  const found: Marks[] = [];
  for (const window of sums.windows())
    window.eachSeen((id, value, seen) => {
      const uniques = sums.uniqueUsers[id];
      if (uniques === undefined) throw new Error('users were seen under no name');
      const { family, text } = uniques;
      const dimensions = value === NO_VALUE ? text : `${text}:${values.text(value)}`;
      const names = Array.from({ length: seen.size }, (_, i) => users.text(seen.at(i)));
      found.push({ family, dimensions, text, time: window.time, users: [...new Set(names)] });
    });
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
