import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';

export const REQUEST_ID = 'X-Request-Id';
/** What proxies and clients use; anything else could forge lines of a log. */
const WELL_FORMED = /^[\w.:/+=@-]{1,128}$/;

/** The id that came with the request where it is well-formed, else a new one. */
export function requestIdFrom(given: string | undefined): string {
  return given !== undefined && WELL_FORMED.test(given) ? given : randomUUID();
}

/** The id of a request, which stands in its answer and in every line of the log about it. */
export function requestIdOf(context: Context): string {
  const known: unknown = context.get('requestId');
  if (typeof known === 'string') return known;
  const id = requestIdFrom(context.req.header(REQUEST_ID));
  context.set('requestId', id);
  return id;
}

/** Gives an answer the id of its request, unless it carries it already: to set a header afterwards takes a tenth of a short answer's time. */
export function nameAnswer(context: Context): void {
  if (context.get('isNamed') !== true) context.res.headers.set(REQUEST_ID, requestIdOf(context));
}

/** The id, for an answer that carries it from the beginning. */
export function takeId(context: Context): string {
  context.set('isNamed', true);
  return requestIdOf(context);
}
