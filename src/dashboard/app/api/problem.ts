import { formatCount } from '../text/format.ts';
import { filled, said } from '../words/said.ts';
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
  /** What exactly, in the reader's language, where the server names its reason. */
  readonly exactly?: string;
  /** Else what the server says of it, in English, where that tells more. */
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
  const refusal: Partial<Refusal> = JSON.parse(text);
  const { type, detail } = refusal;
  const message = type && calledRefusal(type);
  if (!message) return { status, message: said('The server answered {status}.', { status: String(status) }) };
  if (!TELLS_MORE.has(type)) return { status, type, message };
  const exactly = exactlyOf(refusal);
  return { status, type, message, ...(exactly ? { exactly } : detail && { detail }) };
}

/** Each part that is refused, in the reader's language; nothing where the server names no reason of one of them. */
function exactlyOf(refusal: Partial<Refusal>): string | undefined {
  const { errors = [] } = refusal;
  const parts = errors.length > 0 ? errors : [{ ...refusal, path: '' }];
  const texts = parts.map(sayReason);
  return texts.includes(undefined) ? undefined : texts.join(' ');
}

interface Part extends Pick<Partial<Refusal>, 'reason' | 'values'> {
  readonly path: string;
}

function sayReason({ path, reason, values = {} }: Part): string | undefined {
  const { of, fields, scopes } = words().reasons;
  // A server that is newer has others.
  const text = reason && new Map<string, string>(Object.entries(of)).get(reason);
  if (text === undefined) return undefined;
  const texts = Object.entries(values).map(([name, value]): [string, string] => [
    name,
    typeof value === 'number' ? formatCount(value) : name === 'scope' ? (scopes[value] ?? value) : value,
  ]);
  return filled(text, { field: fields[path] ?? path, ...Object.fromEntries(texts) });
}
