import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';

export const REQUEST_ID = 'X-Request-Id';
const NAME = 'requestId';
/** What proxies and clients use; anything else could forge lines of a log. */
const WELL_FORMED = /^[\w.:/+=@-]{1,128}$/;

/** The id that came with the request where it is well-formed, else a new one. */
export function requestIdFrom(given: string | undefined): string {
  return given !== undefined && WELL_FORMED.test(given) ? given : randomUUID();
}

/** Gives the request its id, which stands in the answer and in every line of the log about it. */
export function identify(context: Context): void {
  const id = requestIdFrom(context.req.header(REQUEST_ID));
  context.set(NAME, id);
  context.header(REQUEST_ID, id);
}

export function requestIdOf(context: Context): string {
  return String(context.get(NAME));
}
