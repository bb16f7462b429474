import { z } from '@hono/zod-openapi';
import { cursorParam } from '../../metrics/query/paging.ts';
import { limitParam } from '../../metrics/query/params.ts';
import { type Clock, type Meta, metaOfNow } from '../meta.ts';
import { json, metaSchema, queryOf } from '../schemas.ts';
import { nameOf, openCursor, sealCursor } from './cursors.ts';
import { rowPage } from './row-pages.ts';

/** Parameters of a list that is no question's: it is whole unless less is asked for. */
export const listParams = { limit: limitParam.limit.unwrap().default(1_000), ...cursorParam };
export const listQuery = queryOf(listParams);

/** Parameters of one that goes on and on: ten rows of it, as a question's. */
export const pageQuery = queryOf({ ...limitParam, ...cursorParam });

export interface ListAsked {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** The content of an answer about the present. */
export const answered = <T extends z.ZodType>(data: T) => json(z.object({ data, meta: metaSchema }));

/** A page of a list, of which `read` gives so many rows as it has, from the first one on. */
export async function listPage<T>(
  path: string,
  asked: ListAsked,
  clock: Clock,
  read: (rows: number) => Promise<readonly T[]>,
  nameOfRow: (row: T) => string,
): Promise<{ readonly data: T[]; readonly meta: Meta }> {
  const list = nameOf(path, {});
  const cursor = asked.cursor === undefined ? undefined : openCursor(list, asked.cursor);
  const rows = rowPage(asked.limit, cursor?.end);
  const meta = await metaOfNow(clock);
  const { page, end } = rows.cut(await read(rows.rows), nameOfRow);
  const next = end !== undefined && { next_cursor: sealCursor(list, { from: meta.from, to: meta.to, end }) };
  return { data: [...page], meta: { ...meta, ...next } };
}
