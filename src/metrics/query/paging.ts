import { z } from '@hono/zod-openapi';
import { QueryProblem } from './problems.ts';
import type { Pause } from './totals.ts';

/** Where a page ended: the sorted value and the id of its last row, so that rows that come and go disturb nothing. */
const cursorSchema = z.tuple([z.union([z.string(), z.number(), z.null()]), z.string()]);
export type PageKey = z.infer<typeof cursorSchema>;

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

/** So many rows are looked at in one go. */
const AT_ONCE = 5_000;

export interface Paging<T> {
  readonly keyOf: (row: T) => PageKey;
  readonly compare: (a: PageKey, b: PageKey) => number;
  readonly limit: number;
  readonly cursor: string | undefined;
  /** Hundreds of thousands of rows are looked at with pauses. */
  readonly pause: Pause;
}

/**
 * Rows in the order of `compare`; the page behind the cursor, and the cursor of the next one where there is more. Thousands are not
 * sorted for the sake of ten.
 */
export async function pageOf<T>(
  rows: Iterable<T>,
  { keyOf, compare, limit, cursor, pause }: Paging<T>,
): Promise<{ readonly page: T[]; readonly nextCursor: string | undefined }> {
  const behind = cursor === undefined ? undefined : decodeCursor(cursor);
  const inOrder = (a: Keyed<T>, b: Keyed<T>): number => compare(a.key, b.key);
  let first: Keyed<T>[] = [];
  let end: PageKey | undefined;
  let looked = 0;
  for (const row of rows) {
    if (++looked % AT_ONCE === 0) await pause();
    const key = keyOf(row);
    if (behind !== undefined && compare(key, behind) <= 0) continue;
    if (end !== undefined && compare(key, end) >= 0) continue;
    first.push({ row, key });
    if (first.length < 2 * (limit + 1)) continue;
    first = first.sort(inOrder).slice(0, limit + 1);
    end = first.at(-1)?.key;
  }
  first = first.sort(inOrder).slice(0, limit + 1);
  const page = first.slice(0, limit);
  const last = page.at(-1);
  const more = last !== undefined && first.length > limit;
  return { page: page.map(({ row }) => row), nextCursor: more ? encodeCursor(last.key) : undefined };
}

interface Keyed<T> {
  readonly row: T;
  readonly key: PageKey;
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
