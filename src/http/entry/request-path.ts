import { IncomingMessage } from 'node:http';
import { getPathNoStrict } from 'hono/utils/url';

/** `.` or `..` of which a dot at least is encoded: who writes it so means an id. Bare dots lead upwards, as in every URL. */
const DOTS = /^(?:\.?%2e|%2e\.|%2e%2e)$/i;
const LEADS_UPWARDS = /\/\.{1,2}(?:\/|$)/;

/**
 * The path of a request, by which it is routed and let in; a slash at its end makes no difference.
 * URLs take encoded dots for bare ones, so ids such as `..` are looked for in what was really sent. Files have no such names.
 */
export function pathOf(request: Request, { env }: { readonly env?: unknown } = {}): string {
  const sent = sentPath(env);
  if (!sent?.startsWith('/v1/') || LEADS_UPWARDS.test(sent)) return getPathNoStrict(request);
  const segments = sent.replace(/\/$/, '').split('/');
  if (!segments.some((segment) => DOTS.test(segment))) return getPathNoStrict(request);
  return segments.map((segment) => (DOTS.test(segment) ? decodeURIComponent(segment) : decoded(segment))).join('/');
}

/** Undefined where nothing in it is encoded, or where the request came by no server of Node's. */
function sentPath(env: unknown): string | undefined {
  if (typeof env !== 'object' || env === null || !('incoming' in env)) return undefined;
  const { incoming } = env;
  if (!(incoming instanceof IncomingMessage) || !incoming.url?.includes('%')) return undefined;
  return incoming.url.replace(/[?#].*$/, '');
}

/** As paths without such ids are decoded. */
function decoded(segment: string): string {
  return getPathNoStrict(new Request(`http://localhost/${segment}`)).slice(1);
}

/** A path as it may be written down: whom it names stays out of logs, and out of what is kept for a year. */
export function withoutPeople(path: string): string {
  return path.replace(/^(\/v1\/+users\/+)[^/]+/, '$1{user_id}');
}
