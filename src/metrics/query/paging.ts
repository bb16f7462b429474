import { z } from '@hono/zod-openapi';
import { QueryProblem } from './problems.ts';

/** Where a page ended: the sorted value and the id of its last row, so that rows that come and go disturb nothing. */
const cursorSchema = z.tuple([z.union([z.string(), z.number(), z.null()]), z.string()]);
type PageKey = z.infer<typeof cursorSchema>;

export const cursorParam = {
  cursor: z.string().max(2_000).optional().openapi({ description: '`meta.next_cursor` of the page before' }),
};

export function encodeCursor(key: PageKey): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** @throws QueryProblem */
export function decodeCursor(cursor: string): PageKey {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw new QueryProblem('cursor', 'is none that an answer gave');
  }
}

/** Rows in the order of `compare`; the page behind the cursor, and the cursor of the next one where there is more. */
export function pageOf<T>(
  rows: readonly T[],
  keyOf: (row: T) => PageKey,
  compare: (a: PageKey, b: PageKey) => number,
  limit: number,
  cursor: string | undefined,
): { readonly page: T[]; readonly nextCursor: string | undefined } {
  const keyed = rows.map((row) => ({ row, key: keyOf(row) }));
  const behind = cursor === undefined ? undefined : decodeCursor(cursor);
  const rest = behind === undefined ? keyed : keyed.filter(({ key }) => compare(key, behind) > 0);
  const first = firstOf(rest, limit + 1, (a, b) => compare(a.key, b.key));
  const page = first.slice(0, limit);
  const last = page.at(-1);
  const more = last !== undefined && first.length > limit;
  return { page: page.map(({ row }) => row), nextCursor: more ? encodeCursor(last.key) : undefined };
}

/** The first in order: thousands are not sorted for the sake of ten. */
function firstOf<T>(rows: readonly T[], count: number, compare: (a: T, b: T) => number): T[] {
  let first: T[] = [];
  let last: T | undefined;
  for (const row of rows) {
    if (last !== undefined && compare(row, last) >= 0) continue;
    first.push(row);
    if (first.length < 2 * count) continue;
    first = first.sort(compare).slice(0, count);
    last = first.at(-1);
  }
  return first.sort(compare).slice(0, count);
}

/** Order of values with their ids: nulls last, ties by id ascending. */
export function byValue(order: 'asc' | 'desc'): (a: PageKey, b: PageKey) => number {
  const sign = order === 'asc' ? 1 : -1;
  return ([x, a], [y, b]) => {
    if (x !== y) {
      if (x === null) return 1;
      if (y === null) return -1;
      return (x < y ? -1 : 1) * sign;
    }
    return a < b ? -1 : a > b ? 1 : 0;
  };
}
