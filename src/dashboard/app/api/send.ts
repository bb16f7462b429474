import { said } from '../words/said.ts';
import type { Refusal } from './answers.ts';
import type { Problem } from './ask.ts';
import { headers, refused } from './key.ts';

type Sent<A> = { readonly answer: A | undefined } | { readonly problem: string };

/** Asks the server to do something. @returns what came of it, or why it can't be done, in words */
export async function send<A>(method: 'POST' | 'DELETE', path: string, body?: object): Promise<Sent<A>> {
  const sent = await post<A | undefined>(path, {
    method,
    ...(body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return 'problem' in sent ? { problem: sent.problem.message } : sent;
}

/** Sends a table as it is. */
export function sendFile<A>(path: string, body: File) {
  return post<A>(path, { method: 'POST', headers: { 'Content-Type': 'text/csv' }, body });
}

async function post<A>(
  path: string,
  init: RequestInit & { readonly headers?: Record<string, string> },
): Promise<{ readonly answer: A } | { readonly problem: Problem }> {
  try {
    const response = await fetch(path, { ...init, headers: { ...headers(), ...init.headers } });
    const { ok, status } = response;
    const text = await response.text();
    if (ok) {
      const answer: A = text === '' ? undefined : JSON.parse(text);
      return { answer };
    }
    refused(status);
    const { detail }: Partial<Refusal> = JSON.parse(text);
    const why = status === 403 ? said('An admin key is needed for this.') : detail;
    return { problem: { status, message: why || said('The server answered {status}.', { status: String(status) }) } };
  } catch {
    return { problem: { status: 0, message: said('The server does not answer.') } };
  }
}
