import { createRoute, OpenAPIHono, type RouteConfig, z } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import type { Question, Route } from '../../analytics/question.ts';
import { idSchema } from '../../events/schema.ts';
import type { Dimension } from '../../metrics/dimension.ts';
import { cursorParam } from '../../metrics/query/paging.ts';
import { type Asked, answer, type ReadParts } from '../answer.ts';
import { metaSchema, problemResponses, queryOf } from '../schemas.ts';
import { SharedAnswers } from '../shared-answers.ts';
import { sendTagged, type Tagged, tagged } from '../tagged-answers.ts';

export const period = {
  from: z.string().optional().openapi({ description: 'date, or date-time on a whole local hour; today where absent' }),
  to: z.string().optional().openapi({ description: 'date (included) or date-time (excluded)' }),
};

/** Every question's routes, as the questions declare them. */
export function questionRoutes(questions: readonly Question[], parts: ReadParts): OpenAPIHono {
  const app = new OpenAPIHono();
  const shared = new SharedAnswers<Tagged>();
  const all = questions.flatMap(({ name, routes }) => routes.map((route) => ({ name, route })));
  for (const { name, route } of all.sort(literalFirst))
    if (route.stream === undefined) addQuestion(app, name, route, parts, shared);
  return app;
}

/** `/v1/products/rising` is no item called rising. */
function literalFirst(a: { readonly route: Route }, b: { readonly route: Route }): number {
  return Number(a.route.path.includes('{')) - Number(b.route.path.includes('{'));
}

function addQuestion(
  app: OpenAPIHono,
  tag: string,
  route: Route,
  parts: ReadParts,
  shared: SharedAnswers<Tagged>,
): void {
  const body = z.object({ data: route.data, previous: route.data.optional(), meta: metaSchema });
  // Answers are shared as text, which is typed by the route's own `answer`.
  const responses: RouteConfig['responses'] = {
    200: { description: 'The answer', content: { 'application/json': { schema: body } } },
    ...problemResponses(400, 401, 403, 404, 503),
  };
  const definition = {
    method: 'get',
    path: route.path,
    summary: route.summary,
    tags: [tag],
    security: [{ key: [] }],
    middleware: joinWaiting(shared),
    responses,
  } satisfies Omit<RouteConfig, 'request'>;
  const query = queryOf({
    ...period,
    ...route.query.shape,
    ...dimensionParams(route, parts.dimensions),
    ...(route.pagedBy && cursorParam),
  });
  const send = async (context: Context, asked: Asked, params: Record<string, unknown>): Promise<Response> => {
    const read = async (): Promise<Tagged> => tagged(await answer(route, asked, params, parts));
    return sendTagged(context, await shared.get(askedBy(context), read));
  };
  // Parsing takes time also where there is nothing to parse.
  if (route.params === undefined)
    app.openapi(createRoute({ ...definition, request: { query } }), (context) =>
      send(context, context.req.valid('query'), {}),
    );
  else
    app.openapi(createRoute({ ...definition, request: { query, params: route.params } }), (context) =>
      send(context, context.req.valid('query'), context.req.valid('param')),
    );
}

/** `<dimension>=<value>` and `breakdown=<dimension>`, of the dimensions that this installation has. */
export function dimensionParams({ by = [], filters: known }: Route, dimensions: readonly Dimension[]) {
  const names = dimensions.map(({ name }) => name);
  const filters = names
    .filter((name) => known?.includes(name) ?? true)
    .map((name) => [name, idSchema.optional().openapi({ description: `only this ${name}` })]);
  return {
    ...(by.includes('filter') && Object.fromEntries(filters)),
    ...(by.includes('breakdown') && {
      breakdown: z.enum(names).optional().openapi({ description: 'adds the same for each value of the dimension' }),
    }),
  };
}

/** Path and query of a request. Not its URL: in that, ids of dots have led elsewhere. */
function askedBy({ req: { path, url } }: Context): string {
  const query = url.indexOf('?');
  return query === -1 ? path : path + url.slice(query);
}

/**
 * Who asks what others wait for already waits with them, before
 * anything is parsed: the same question is refused in the same way.
 */
function joinWaiting(shared: SharedAnswers<Tagged>): MiddlewareHandler {
  return (context, next) => {
    const waiting = shared.waiting(askedBy(context));
    return waiting === undefined ? next() : waiting.then((answered) => sendTagged(context, answered));
  };
}
