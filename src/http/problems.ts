import type { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** A refusal as clients see it (RFC 9457). */
interface Problem {
  readonly status: ContentfulStatusCode;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly retryAfterSeconds?: number;
  /** Members beside the standard ones. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** Thrown where a request can't be served; becomes a problem document. */
export class HttpProblem extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

export function sendProblem(context: Context, problem: Problem): Response {
  const { status, code, title, detail, errors, retryAfterSeconds, more } = problem;
  if (retryAfterSeconds !== undefined) context.header('Retry-After', String(retryAfterSeconds));
  if (status === 401) context.header('WWW-Authenticate', 'Bearer');
  const body = { type: `urn:cartpulse:problem:${code}`, title, status, detail, ...(errors && { errors }), ...more };
  return context.body(JSON.stringify(body), status, { 'Content-Type': 'application/problem+json' });
}

export const badRequest = (detail: string, errors: readonly FieldError[] = []): HttpProblem =>
  new HttpProblem({ status: 400, code: 'bad-request', title: 'The request is not valid', detail, errors });

/** The hook behind every schema of a request: a refusal names each parameter. @throws HttpProblem */
export function refuseInvalid(
  result: { readonly success: true } | { readonly success: false; readonly error: z.ZodError },
) {
  if (result.success) return;
  const errors = result.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: key, message: 'is not a parameter of this endpoint' }))
      : [{ path: issue.path.join('.'), message: issue.message }],
  );
  throw badRequest(errors.map(({ path, message }) => `${path}: ${message}`).join('; '), errors);
}

export const notFound = (detail: string): HttpProblem =>
  new HttpProblem({ status: 404, code: 'not-found', title: 'Not found', detail });

export const tooLarge = (detail: string): HttpProblem =>
  new HttpProblem({ status: 413, code: 'too-large', title: 'The request is too large', detail });

export const unsupported = (detail: string): HttpProblem =>
  new HttpProblem({
    status: 415,
    code: 'unsupported-media-type',
    title: 'The body has a form that is not accepted',
    detail,
  });

export const unavailable = (detail: string, more?: Readonly<Record<string, unknown>>): HttpProblem =>
  new HttpProblem({
    status: 503,
    code: 'unavailable',
    title: 'Not possible at the moment',
    detail,
    retryAfterSeconds: 2,
    ...(more && { more }),
  });
