import type { MiddlewareHandler } from 'hono';
import { mediaType } from './body.ts';
import { unsupported } from './problems.ts';

/** For what changes something: forms of other origins can send any body, but not as JSON. */
export const wantsJson: MiddlewareHandler = (context, next) => {
  const type = mediaType(context);
  const isEmpty = type === '' && context.req.raw.body === null;
  if (type !== 'application/json' && !isEmpty)
    throw unsupported(`Content-Type ${type === '' ? '(none)' : type} is not accepted; use application/json`);
  return next();
};
