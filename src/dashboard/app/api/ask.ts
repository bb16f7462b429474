import { said } from '../words/said.ts';
import type { Answer, ListPath, Path, PathParams, Query, Row } from './answers.ts';
import { headers, refused } from './key.ts';
import { type Problem, problemOf } from './problem.ts';

export interface Received<A> {
  readonly answer: A;
  /** The text of all but `meta`: where it is the same as before, so is what it says. */
  readonly facts: string;
}

export type Outcome<A> = Received<A> | { readonly problem: Problem };

export function urlOf<P extends Path>(path: P, query: Query<P>, params: Partial<PathParams<P>> = {}): string {
  const filled = Object.entries(params).reduce<string>(
    (url, [name, value]) => url.replace(`{${name}}`, encodeURIComponent(String(value))),
    path,
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== '') search.set(name, String(value));
  return search.size === 0 ? filled : `${filled}?${search}`;
}

export async function ask<A>(url: string, signal?: AbortSignal): Promise<Outcome<A>> {
  try {
    const response = await fetch(url, { headers: headers(), ...(signal && { signal }) });
    const text = await response.text();
    if (response.ok) {
      // The page comes from the server that answers, and is built with the types of its document.
      const answer: A = JSON.parse(text);
      return { answer, facts: text.slice(0, text.lastIndexOf('"meta":')) };
    }
    refused(response.status);
    return { problem: problemOf(response.status, text) };
  } catch {
    return { problem: { status: 0, message: said('The server does not answer; trying again') } };
  }
}

/** @throws Error that says why there is no answer */
export async function askWhole<P extends Path>(path: P, query: Query<P>): Promise<Answer<P>> {
  const outcome = await ask<Answer<P>>(urlOf(path, query));
  if ('problem' in outcome) throw new Error(outcome.problem.message);
  return outcome.answer;
}

interface Page<R> {
  readonly data: readonly R[];
  readonly meta: { readonly next_cursor?: string };
}

const PAGE_ROWS = 1_000;
const MAX_PAGES = 100;

/** All rows of a list, page by page. @throws Error that says why they can't be had */
export async function askAll<P extends ListPath>(
  path: P,
  query: Query<P>,
  params: Partial<PathParams<P>> = {},
): Promise<readonly Row<P>[]> {
  const rows: Row<P>[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const url = urlOf(path, { ...query, limit: PAGE_ROWS, ...(cursor && { cursor }) }, params);
    const outcome = await ask<Page<Row<P>>>(url);
    if ('problem' in outcome) throw new Error(outcome.problem.message);
    rows.push(...outcome.answer.data);
    cursor = outcome.answer.meta.next_cursor;
    if (cursor === undefined) break;
  }
  return rows;
}
