import { hash } from 'node:crypto';
import type { Context } from 'hono';
import { OF_ANSWERS } from './entry/answer-headers.ts';
import { isPacking } from './entry/packing.ts';
import { REQUEST_ID, takeId } from './entry/request-id.ts';

/** An answer as it is sent, with the tag by which a client tells whether it has it already. */
export interface Tagged {
  readonly text: string;
  readonly etag: string;
}

/** Whoever holds an answer asks whether it still stands; nobody shares it, since keys may have been asked for. */
const CACHE_CONTROL = 'private, no-cache';

/** The tag is of all but the moments at the end of `meta`: two answers that say the same are the same answer. */
export function tagged(answer: { readonly meta: { readonly generated_at: string } }): Tagged {
  const text = JSON.stringify(answer);
  return { text, etag: etagOf(text.slice(0, text.lastIndexOf('"generated_at":'))) };
}

/** An answer that says the same as long as the process runs. */
export const taggedText = (text: string): Tagged => ({ text, etag: etagOf(text) });

const etagOf = (facts: string): string => `W/"${hash('sha1', facts, 'base64url')}"`;

/** Where they stand in the text of an answer; in the text of a value the quotes would be escaped. */
const MOMENTS = /"(?:generated_at|as_of)":"[^"]*"/g;

/** Gives an answer that was built as it is sent a tag as well, and its length. */
export async function tagBuilt(context: Context): Promise<void> {
  const { res } = context;
  const isBuilt = res.status === 200 && res.headers.get('Content-Type') === 'application/json';
  if (!isBuilt || res.headers.has('ETag')) return;
  const text = await res.text();
  const etag = etagOf(text.replaceAll(MOMENTS, ''));
  const isKnown = isAmong(context.req.header('If-None-Match') ?? '', etag);
  context.res = isKnown
    ? new Response(null, { status: 304 })
    : new Response(text, { headers: { 'Content-Type': 'application/json' } });
  const { headers } = context.res;
  headers.set('ETag', etag);
  headers.set('Cache-Control', CACHE_CONTROL);
  if (!isKnown) headers.set('Content-Length', String(Buffer.byteLength(text)));
}

/** Plain headers, in a response of its own: the context's would be built twice. */
export function sendTagged(context: Context, { text, etag }: Tagged): Response {
  const known = context.req.header('If-None-Match');
  const headers: Record<string, string> = {
    ...OF_ANSWERS,
    'Content-Type': 'application/json',
    'Cache-Control': CACHE_CONTROL,
    ETag: etag,
    [REQUEST_ID]: takeId(context),
  };
  if (known !== undefined && isAmong(known, etag)) return new Response(null, { status: 304, headers });
  // Its length decides whether it is compressed; where it is not, the server knows it by itself.
  if (isPacking(context)) headers['Content-Length'] = String(Buffer.byteLength(text));
  return new Response(text, { headers });
}

function isAmong(known: string, etag: string): boolean {
  return known.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^(W\/)?/, 'W/') === etag);
}
