import type { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { because, type Reason } from '../metrics/query/reason.ts';
import { REQUEST_ID, requestIdOf } from './entry/request-id.ts';
import { PROBLEM_TYPES, type ProblemCode, problemUri } from './problem-types.ts';
import { reasonOf } from './reason-of.ts';

interface FieldError extends Partial<Reason> {
  readonly path: string;
  readonly message: string;
}

/** A refusal as clients see it (RFC 9457); status and title are those of its kind. */
interface Problem {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly retryAfterSeconds?: number;
  /** The methods that a path takes, where it does not take the one that was used. */
  readonly allow?: string;
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

export const PROBLEM_JSON = 'application/problem+json';

export function problemText({ code, detail, errors, more }: Problem, requestId: string): string {
  const { title, status } = PROBLEM_TYPES[code];
  const standard = { type: problemUri(code), title, status, detail };
  return JSON.stringify({ ...standard, ...(errors && { errors }), ...more, request_id: requestId });
}

export function sendProblem(context: Context, problem: Problem): Response {
  const { status } = PROBLEM_TYPES[problem.code];
  if (problem.retryAfterSeconds !== undefined) context.header('Retry-After', String(problem.retryAfterSeconds));
  if (problem.allow !== undefined) context.header('Allow', problem.allow);
  const requestId = requestIdOf(context);
  context.header(REQUEST_ID, requestId);
  if (status === 401) context.header('WWW-Authenticate', 'Bearer');
  return context.body(problemText(problem, requestId), status, {
    'Content-Type': PROBLEM_JSON,
    'Cache-Control': 'no-store',
  });
}

export const badRequest = (detail: string, errors: readonly FieldError[] = [], reason?: Reason): HttpProblem =>
  new HttpProblem({ code: 'bad-request', detail, errors, ...(reason && { more: { ...reason } }) });

const MOST_ERRORS = 20;
const MOST_PATH = 200;

/** The hook behind every schema of a request: a refusal names each parameter. @throws HttpProblem */
export function refuseInvalid(
  result: { readonly success: true } | { readonly success: false; readonly error: z.ZodError },
) {
  if (result.success) return;
  const errors = fieldErrorsOf(result.error);
  // Names that a sender has made up are not all told back.
  const said = errors.slice(0, MOST_ERRORS).map((error) => ({ ...error, path: error.path.slice(0, MOST_PATH) }));
  throw badRequest(said.map(({ path, message }) => `${path}: ${message}`).join('; '), said);
}

/** All that a schema refuses, by where it stands. */
export const fieldErrorsOf = ({ issues }: z.ZodError): readonly FieldError[] =>
  issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          path: [...issue.path, key].join('.'),
          message: issue.message,
          ...because('unknown-parameter'),
        }))
      : [{ path: issue.path.join('.'), message: issue.message, ...reasonOf(issue) }],
  );

export const notFound = (detail: string, reason?: Reason): HttpProblem =>
  new HttpProblem({ code: 'not-found', detail, ...(reason && { more: { ...reason } }) });

export const tooLarge = (detail: string): HttpProblem => new HttpProblem({ code: 'too-large', detail });

export const unsupported = (detail: string): HttpProblem => new HttpProblem({ code: 'unsupported-media-type', detail });

export const unavailable = (detail: string, more?: Readonly<Record<string, unknown>>): HttpProblem =>
  new HttpProblem({ code: 'unavailable', detail, retryAfterSeconds: 2, ...(more && { more }) });
