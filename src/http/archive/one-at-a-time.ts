import type { MiddlewareHandler } from 'hono';
import { bearerOf } from '../auth.ts';
import { HttpProblem } from '../problems.ts';

/** Lets each key ask one thing at a time; without keys all are one. */
export function oneAtATime(): MiddlewareHandler {
  const asking = new Set<string>();
  return async (context, next) => {
    const key = bearerOf(context) ?? '';
    if (asking.has(key))
      throw new HttpProblem({
        code: 'busy',
        detail: 'A question to the archive is being answered for this key; one at a time',
        retryAfterSeconds: 2,
      });
    asking.add(key);
    try {
      await next();
    } finally {
      asking.delete(key);
    }
  };
}
