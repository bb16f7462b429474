import { z } from '@hono/zod-openapi';
import { QueryProblem } from '../../metrics/query/problems.ts';

/** Where a page of rows ended: how many came before, and what the last row is called. */
const endSchema = z.tuple([z.int().min(0).max(1_000_000), z.string()]);

/** A row of a list, by its fields. */
export type Row = Readonly<Record<string, unknown>>;

export interface RowPage {
  /** How many rows have to be known, from the first one on. */
  readonly rows: number;
  /** The page out of the rows, and where it ended if there is more. */
  cut<T>(rows: readonly T[], nameOf: (row: T) => string): { readonly page: readonly T[]; readonly end?: string };
  /** The rows that stand at the same ranks in another list. */
  cutAtSameRanks(rows: readonly Row[]): readonly Row[];
}

/**
 * Pages of a list that is put in order whenever it is asked for. The next page goes on behind the last row of the one before,
 * wherever that stands by now; where it has gone, behind as many rows as were shown.
 */
export function rowPage(limit: number, end: string | undefined): RowPage {
  const [shown, last] = end === undefined ? [0, ''] : parseEnd(end);
  // A row may have moved down by as much as a page, and one more tells whether there is another page.
  const rows = shown === 0 ? limit + 1 : shown + 2 * limit + 1;
  return {
    rows,
    cut(all, nameOf) {
      const at = shown === 0 ? -1 : all.findLastIndex((row) => nameOf(row) === last);
      const first = at === -1 ? shown : at + 1;
      const page = all.slice(first, first + limit);
      const lastShown = page.at(-1);
      if (lastShown === undefined || all.length <= first + limit) return { page };
      return { page, end: JSON.stringify([first + page.length, nameOf(lastShown)]) };
    },
    cutAtSameRanks: (all) => all.slice(shown, shown + limit),
  };
}

/** @throws QueryProblem */
function parseEnd(end: string): z.infer<typeof endSchema> {
  try {
    return endSchema.parse(JSON.parse(end));
  } catch {
    throw new QueryProblem('cursor', 'is none that an answer gave');
  }
}

/** A list's rows, of which the type is known elsewhere. */
export function rowsOf(data: unknown): readonly Row[] {
  if (Array.isArray(data)) return data;
  throw new TypeError('an answer that is paged is no list');
}

export const namedBy =
  (fields: readonly string[]) =>
  (row: Row): string =>
    fields.map((field) => String(row[field])).join(' ');
