import { said } from '../words/said.ts';
import { words } from '../words/words.ts';
import type { Refusal } from './answers.ts';

type Kind = Refusal['type'];

/** What went wrong, in words that say what to do. */
export interface Problem {
  /** Of HTTP; 0 where the server did not answer. */
  readonly status: number;
  readonly type?: Kind;
  /** In the reader's language. */
  readonly message: string;
  /** What the server says of it, in English, where that tells more. */
  readonly detail?: string;
}

/** What the page itself finds wrong, before it asks. */
export const ownProblem = (message: string): Problem => ({ status: 0, message });

/** Of these the kind does not say which part, right, size or limit it is about. */
const TELLS_MORE: ReadonlySet<Kind> = new Set<Kind>([
  '/problems/bad-request',
  '/problems/bad-events',
  '/problems/forbidden',
  '/problems/not-found',
  '/problems/unknown-format',
  '/problems/import-forgotten',
  '/problems/too-large',
  '/problems/unsupported-media-type',
  '/problems/unavailable',
]);

/** What a kind of refusal is called here; nothing of a kind that is not known. */
export const calledRefusal = (type: string): string | undefined =>
  new Map<string, string>(Object.entries(words().refusals)).get(type);

/** What the server refuses, by the text of its answer. @throws SyntaxError where that is none of the server's */
export function problemOf(status: number, text: string): Problem {
  const { type, detail }: Partial<Refusal> = JSON.parse(text);
  const message = type && calledRefusal(type);
  if (!message) return { status, message: said('The server answered {status}.', { status: String(status) }) };
  return { status, type, message, ...(detail && TELLS_MORE.has(type) && { detail }) };
}
