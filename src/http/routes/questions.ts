import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { QueryContext, Question, Route } from '../../analytics/question.ts';
import { type Period, parsePeriod, previousPeriod } from '../../metrics/query/period.ts';
import { trackTruncation } from '../../metrics/query/track-truncation.ts';
import { badRequest } from '../problems.ts';
import { metaSchema, problemResponses } from '../schemas.ts';
import { SharedAnswers } from '../shared-answers.ts';

/** What answers need beside the period. */
export interface ReadParts extends Omit<QueryContext, 'period' | 'nowMs'> {
  readonly now: () => number;
  /** The moment up to which everything is in the answers. */
  readonly asOf: () => Promise<number>;
}

const periodParams = {
  from: z.string().optional().openapi({ description: 'date, or date-time on a whole local hour; today where absent' }),
  to: z.string().optional().openapi({ description: 'date (included) or date-time (excluded)' }),
};

/** Every question's routes, as the slices declare them. */
export function addReadRoutes(app: OpenAPIHono, questions: readonly Question[], parts: ReadParts): void {
  const shared = new SharedAnswers();
  for (const { name, routes } of questions) for (const route of routes) addRoute(app, name, route, parts, shared);
}

function addRoute(app: OpenAPIHono, tag: string, route: Route, parts: ReadParts, shared: SharedAnswers): void {
  const query = z.strictObject({ ...periodParams, ...route.query.shape });
  const params = route.params ?? z.object({});
  const body = z.object({ data: route.data, previous: route.data.optional(), meta: metaSchema });
  const definition = createRoute({
    method: 'get',
    path: route.path,
    summary: route.summary,
    tags: [tag],
    security: [{ key: [] }],
    request: { query, params },
    responses: {
      200: { description: 'The answer', content: { 'application/json': { schema: body } } },
      ...problemResponses(400, 401, 403, 404, 503),
    },
  });
  app.openAPIRegistry.registerPath(definition);
  app.get(definition.getRoutingPath(), async (context) => {
    // The same URL is parsed and refused in the same way, so that is shared as well.
    const text = await shared.get(context.req.url, async () => {
      const asked = parseOrRefuse(query, context.req.query());
      const given = parseOrRefuse(params, context.req.param());
      return JSON.stringify(await answer(route, asked, given, parts));
    });
    return context.body(text, 200, { 'Content-Type': 'application/json' });
  });
}

/** @throws HttpProblem that names each parameter */
export function parseOrRefuse<T extends z.ZodType>(schema: T, input: unknown): z.infer<T> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: key, message: 'is not a parameter of this endpoint' }))
      : [{ path: issue.path.join('.'), message: issue.message }],
  );
  throw badRequest(errors.map(({ path, message }) => `${path}: ${message}`).join('; '), errors);
}

async function answer(route: Route, asked: Record<string, unknown>, params: Record<string, unknown>, parts: ReadParts) {
  const { now, asOf, ...rest } = parts;
  const nowMs = now();
  const { calendar, hourlyDays } = rest;
  const range = { from: optionalText(asked['from']), to: optionalText(asked['to']) };
  const period = parsePeriod(range, { calendar, nowMs, hourlyDays, grain: route.grain ?? 'hour' });
  // Asked before the answer is read: what the answer holds is at least as new.
  const asOfMs = await asOf();
  const { reader, truncated } = trackTruncation(rest.reader);
  const ask = (of: Period, comparedWith?: Period) =>
    route.answer(asked, { ...rest, reader, nowMs, period: of, comparedWith }, params);
  const before = asked['compare'] === 'previous' ? previousPeriod(period, { calendar, nowMs, hourlyDays }) : undefined;
  const [{ data, approximate, nextCursor }, previous] = await Promise.all([ask(period, before), before && ask(before)]);
  const cut = await truncated();
  return {
    data,
    ...(previous && { previous: previous.data }),
    meta: {
      from: period.from,
      to: period.to,
      timezone: calendar.timezone,
      generated_at: new Date(now()).toISOString(),
      as_of: new Date(asOfMs).toISOString(),
      approximate: approximate ?? [],
      ...(nextCursor !== undefined && { next_cursor: nextCursor }),
      ...(cut.length > 0 && { truncated: cut }),
    },
  };
}

function optionalText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
