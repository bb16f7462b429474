import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { mediaType } from './body.ts';
import { tooLarge, unsupported } from './problems.ts';

/** What somebody configures is small; it is read whole before it is looked at. */
const MAX_BODY_BYTES = 256 * 1_024;
const bounded = bodyLimit({
  maxSize: MAX_BODY_BYTES,
  onError: () => {
    throw tooLarge(`The body has more than ${MAX_BODY_BYTES} bytes`);
  },
});

/** For what changes something: forms of other origins can send any body, but not as JSON. */
export const wantsJson: MiddlewareHandler = (context, next) => {
  const type = mediaType(context);
  const isEmpty = type === '' && context.req.raw.body === null;
  if (type !== 'application/json' && !isEmpty)
    throw unsupported(`Content-Type ${type === '' ? '(none)' : type} is not accepted; use application/json`);
  return bounded(context, next);
};
