import { z } from '@hono/zod-openapi';
import { plainError } from '../events/plain-error.ts';
import { REASONS } from '../metrics/query/reason.ts';
import { problemTypes, problemUri } from './problem-types.ts';

z.config({ customError: plainError });

/** One event that was not taken. */
export const rejectedEvent = z.object({
  index: z.int(),
  event_id: z.string().nullable(),
  path: z.string(),
  message: z.string(),
  retryable: z.boolean(),
  errors: z
    .array(z.object({ path: z.string(), message: z.string() }))
    .readonly()
    .optional()
    .openapi({ description: 'all that is wrong with the event, where that is more than one thing' }),
});

const PROBLEM_EXAMPLE = {
  type: '/problems/bad-request',
  title: 'The request is not valid',
  status: 400,
  detail: 'limit: must be a number',
  errors: [{ path: 'limit', message: 'must be a number', reason: 'wrong-kind' }],
  request_id: '6f1c7a52-5d0a-4a5e-9f57-0c1f6a1f2f10',
};

/** Why, for those who say it in words of their own. */
const reason = {
  reason: z.enum(REASONS).optional().openapi({ description: 'why, where that has a name' }),
  values: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .optional()
    .openapi({ description: 'what belongs to the reason, such as `most`' }),
};

const problemSchema = z
  .object({
    type: z.enum(problemTypes.map(({ code }) => problemUri(code))),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string(), ...reason })).optional(),
    ...reason,
    accepted: z.literal(0).optional(),
    rejected: z.array(rejectedEvent).optional(),
    import_id: z.string().optional(),
    request_id: z.string().openapi({ description: 'the id of the request, as in its header `X-Request-Id`' }),
  })
  .openapi('Problem', { example: PROBLEM_EXAMPLE });

const STATUSES: Readonly<Record<number, string>> = {
  400: 'Bad input',
  401: 'No key, or an unknown one',
  403: 'The key does not allow this',
  404: 'Not found',
  409: 'Done before',
  413: 'Too large',
  415: 'Media type not accepted',
  429: 'Slow down; see Retry-After',
  503: 'Not possible at the moment; see Retry-After',
};

/** The refusals that a route may answer with. */
export function problemResponses(...statuses: readonly number[]) {
  const content = { 'application/problem+json': { schema: problemSchema } };
  return Object.fromEntries(
    statuses.map((status) => [status, { description: STATUSES[status] ?? 'Refused', content }]),
  );
}

export const metaSchema = z
  .object({
    from: z.string(),
    to: z.string(),
    timezone: z.string(),
    approximate: z.array(z.string()),
    compared_from: z.string().optional().openapi({ description: 'where what stands in `previous` begins' }),
    compared_until: z.string().optional().openapi({
      description:
        'where it ends: where the period is not over, at the same quarter of an hour (hour, of what is kept by hours), or day where its hours are not kept',
    }),
    next_cursor: z.string().optional(),
    truncated: z.array(z.string()).optional(),
    source: z.literal('archive').optional().openapi({ description: 'where the answer is not from the counters' }),
    kept_from: z.string().optional().openapi({
      description:
        'where the period begins before it: days before this date are kept for DAILY_DAYS after they were counted, and 0 may mean gone',
    }),
    generated_at: z.string(),
    as_of: z.string(),
  })
  .openapi('Meta');

/** The parameters of a query: others are refused, and so is one that is repeated with another value, since one of both would be passed over. */
export function queryOf<T extends z.ZodRawShape>(shape: T) {
  const known: z.ZodType<z.output<z.ZodObject<T, z.core.$strict>>, unknown> = z.strictObject(shape);
  return z.preprocess(oneOfEach, known);
}

function oneOfEach(query: unknown, context: z.RefinementCtx): unknown {
  const values = Object.entries(query ?? {});
  if (!values.some(([, value]) => Array.isArray(value))) return query;
  const each = values.map(([name, value]) => [name, [...new Set([value].flat())]] as const);
  for (const [name, { length }] of each)
    if (length > 1) context.addIssue({ code: 'custom', path: [name], message: 'has more than one value' });
  return Object.fromEntries(each.map(([name, [value]]) => [name, value]));
}

/** Content of a response, or of a request that is parsed by this schema. */
export const json = <T extends z.ZodType>(schema: T) => ({ 'application/json': { schema } });
