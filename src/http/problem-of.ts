import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { QueryCancelled, QueryFailed, QueryRefused, QueryTimeout } from '../archive/query-problems.ts';
import { NotFound, QueryProblem } from '../metrics/query/problems.ts';
import { because } from '../metrics/query/reason.ts';
import { TooHeavyRead, TooManyHeavyReads } from '../metrics/read-budget.ts';
import { isRetryable } from '../runtime/errors.ts';
import type { Logger } from '../runtime/logger.ts';
import { requestIdOf } from './entry/request-id.ts';
import { withoutPeople } from './entry/request-path.ts';
import { badRequest, HttpProblem, notFound, unavailable } from './problems.ts';

/** What whoever asked is told of an error, and the log of one that is ours. */
export function problemOf(error: Error, context: Context, logger: Logger): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof QueryProblem)
    return badRequest(`${error.path}: ${error.message}`, [
      { path: error.path, message: error.message, ...error.because },
    ]);
  if (error instanceof NotFound) return notFound(error.message, error.because);
  if (error instanceof TooHeavyRead) return badRequest(`The question ${error.message}`, [], because('too-heavy'));
  if (error instanceof TooManyHeavyReads) {
    const detail = 'As many questions about much data are being answered as may be at once; ask again a little later';
    return unavailable(detail, { ...because('many-at-once') });
  }
  if (error instanceof QueryRefused || error instanceof QueryFailed || error instanceof QueryTimeout)
    return badRequest(error.message);
  // Nobody reads it, and nothing went wrong.
  if (error instanceof QueryCancelled) return unavailable('Whoever asked has left');
  // What validators of bodies throw where there is nothing to validate.
  if (error instanceof HTTPException && error.status === 400) return badRequest('The body is not JSON');
  // What went wrong inside is for the operator; clients learn no host name and no text of a server's.
  const { method } = context.req;
  const path = withoutPeople(context.req.path);
  logger.error(
    { error: error.message, stack: error.stack, method, path, request_id: requestIdOf(context) },
    'a request failed',
  );
  return isRetryable(error)
    ? unavailable('A server that this needs does not answer', { ...because('server-away') })
    : new HttpProblem({ code: 'internal', detail: 'The request could not be answered' });
}
