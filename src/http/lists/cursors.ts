import { z } from '@hono/zod-openapi';
import { shortHash } from '../../events/ids/short-hash.ts';
import { QueryProblem } from '../../metrics/query/problems.ts';

/** A cursor as clients hold it: to which question it belongs, of which period, and where the page before ended. */
const sealed = z.tuple([z.string(), z.string(), z.string(), z.string()]);

export interface Cursor {
  readonly from: string;
  readonly to: string;
  /** What the question itself needs to go on. */
  readonly end: string;
}

/** What may differ from page to page. */
const OF_A_PAGE: ReadonlySet<string> = new Set(['cursor', 'limit']);

/** Names a question by its path and parameters, so that the cursor of another one is told from its own. */
export function nameOf(path: string, asked: Readonly<Record<string, unknown>>): string {
  const params = Object.entries(asked).filter(([name, value]) => !OF_A_PAGE.has(name) && value !== undefined);
  const text = JSON.stringify([path, params.sort(([a], [b]) => (a < b ? -1 : 1))]);
  return shortHash([text]);
}

export function sealCursor(question: string, { from, to, end }: Cursor): string {
  return Buffer.from(JSON.stringify([question, from, to, end])).toString('base64url');
}

/** @throws QueryProblem where an answer to another question gave it, or none */
export function openCursor(question: string, cursor: string): Cursor {
  const [name, from, to, end] = parse(cursor);
  if (name !== question)
    throw new QueryProblem('cursor', 'belongs to another list: repeat the path and the parameters that gave it');
  return { from, to, end };
}

function parse(cursor: string): z.infer<typeof sealed> {
  try {
    return sealed.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw new QueryProblem('cursor', 'is none that an answer gave');
  }
}
