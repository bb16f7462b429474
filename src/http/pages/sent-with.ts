import type { MiddlewareHandler } from 'hono';

/** Sends a static file with these headers; a file that is not there gets none of them. */
export function sentWith(headers: Readonly<Record<string, string>>): MiddlewareHandler {
  return async (context, next) => {
    await next();
    if (!context.res.ok) return;
    for (const [name, value] of Object.entries(headers)) context.res.headers.set(name, value);
    // Also where a file was sent as it is: another client may get the compressed one.
    context.res.headers.set('Vary', 'Accept-Encoding');
  };
}
