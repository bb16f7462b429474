import type { Scope } from '../../keys/key.ts';

/** What names people: whoever may see sums need not see these. */
const PERSONAL =
  /^\/v1\/(users\/|abandonment\/carts$|export\/(events|carts\.csv|abandonment-carts\.csv)$|reconciliations\/)/;
const ADMIN = /^\/v1\/(connect|dead-letters|webhooks|keys|audit|explore\/sql|alerts\/value)(\/|$)/;
const IMPORTS = /^\/v1\/(imports\/|reconciliations$)/;

/** What a key must allow for a request; undefined where none is needed. What is not listed here and changes something is the admin's. */
export function accessOf(method: string, path: string): Scope | undefined {
  if (path === '/metrics') return 'metrics';
  if (path === '/mcp') return 'read';
  if (!path.startsWith('/v1/')) return undefined;
  if (ADMIN.test(path)) return 'admin';
  if (method === 'POST' && path === '/v1/events') return 'send';
  if (method === 'POST' && IMPORTS.test(path)) return 'import';
  if (!['GET', 'HEAD', 'OPTIONS'].includes(method)) return 'admin';
  return PERSONAL.test(path) ? 'read-personal' : 'read';
}

/**
 * May whoever asked keep the answer, to ask later whether it still stands? Not what is secret, nor all of a person at once.
 * Also of a path with names in braces.
 */
export function isKept(path: string): boolean {
  const scope = accessOf('GET', path);
  return scope === 'read' || (scope === 'read-personal' && !/^\/v1\/(users\/[^/]+\/)?export(\/|$)/.test(path));
}

/** What leaves with all that is kept of somebody, or of everybody. */
const TAKEN_OUT = /^\/v1\/(users\/[^/]+\/export|export\/(events|carts\.csv|abandonment-carts\.csv))$/;

/** Is this written down for a year? Whatever an admin changes, and who takes out what is kept of people. */
export function isAudited(method: string, path: string, scope: Scope | undefined): boolean {
  if (scope === 'admin') return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
  return TAKEN_OUT.test(path);
}
