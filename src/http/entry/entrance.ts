import type { Context, MiddlewareHandler } from 'hono';
import { compress } from 'hono/compress';
import { secureHeaders } from 'hono/secure-headers';
import { type KeyRing, requireKey } from '../auth.ts';
import { identify } from './request-id.ts';

/** Smaller answers fit into a packet or two as they are. */
const COMPRESSED_FROM_BYTES = 2_048;

/** What every request passes: one step, since each step more takes a twentieth of a short answer's time. */
export function entrance(keys: KeyRing): MiddlewareHandler {
  const [write, read, admin] = [requireKey(keys, 'write'), requireKey(keys, 'read'), requireKey(keys, 'admin')];
  // Its headers speak of pages; setting them would take a tenth of the time of an answer in JSON.
  const ofPages = secureHeaders();
  const packed = compress({ threshold: COMPRESSED_FROM_BYTES });
  const guard: MiddlewareHandler = (context, next) => {
    const { path, method } = context.req;
    if (!path.startsWith('/v1/')) return path === '/metrics' ? read(context, next) : ofPages(context, next);
    if (path === '/v1/dead-letters' || path.startsWith('/v1/webhooks') || method === 'DELETE')
      return admin(context, next);
    return method === 'POST' ? write(context, next) : read(context, next);
  };
  return (context, next) => {
    identify(context);
    if (!isToBePacked(context)) return guard(context, next);
    return packed(context, async () => {
      await guard(context, next);
    });
  };
}

function isToBePacked(context: Context): boolean {
  return context.req.method === 'GET' && context.req.header('Accept-Encoding') !== undefined;
}
