import type { Refusal } from './answers.ts';
import { headers, refused } from './key.ts';

type Sent<A> = { readonly answer: A | undefined } | { readonly problem: string };

/** Asks the server to do something. @returns what came of it, or why it can't be done, in words */
export async function send<A>(method: 'POST' | 'DELETE', path: string, body?: object): Promise<Sent<A>> {
  try {
    const response = await fetch(path, {
      method,
      headers: { ...headers(), ...(body && { 'Content-Type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.ok) {
      const answer: A | undefined = text === '' ? undefined : JSON.parse(text);
      return { answer };
    }
    refused(response.status);
    const { detail }: Partial<Refusal> = JSON.parse(text);
    const why = response.status === 403 ? 'An admin key is needed for this.' : detail;
    return { problem: why || `The server answered ${response.status}.` };
  } catch {
    return { problem: 'The server does not answer.' };
  }
}
