import { said } from '../words/said.ts';
import { headers, refused } from './key.ts';
import { ownProblem, type Problem, problemOf } from './problem.ts';

type Sent<A> = { readonly answer: A } | { readonly problem: Problem };

/** Asks the server to do something. @returns what came of it, or why it can't be done, in words */
export const send = <A>(method: 'POST' | 'DELETE', path: string, body?: object): Promise<Sent<A | undefined>> =>
  post(path, {
    method,
    ...(body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  });

/** Sends a table as it is. */
export function sendFile<A>(path: string, body: File) {
  return post<A>(path, { method: 'POST', headers: { 'Content-Type': 'text/csv' }, body });
}

async function post<A>(
  path: string,
  init: RequestInit & { readonly headers?: Record<string, string> },
): Promise<Sent<A>> {
  try {
    const response = await fetch(path, { ...init, headers: { ...headers(), ...init.headers } });
    const { ok, status } = response;
    const text = await response.text();
    if (ok) {
      const answer: A = text === '' ? undefined : JSON.parse(text);
      return { answer };
    }
    refused(status);
    const problem = problemOf(status, text);
    // Whatever the page does, not only asks, is for admins.
    const isForAdmins = problem.type === '/problems/forbidden';
    return { problem: isForAdmins ? ownProblem(said('An admin key is needed for this.')) : problem };
  } catch {
    return { problem: ownProblem(said('The server does not answer.')) };
  }
}
