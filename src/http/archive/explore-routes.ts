import { createRoute, OpenAPIHono, type RouteConfig, z } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import type { Archive, ArchiveTable } from '../../archive/archive-reader.ts';
import type { Dates } from '../../archive/store.ts';
import { type Period, parsePeriod, wholeDays } from '../../metrics/query/period.ts';
import { NotFound } from '../../metrics/query/problems.ts';
import type { ReadParts } from '../answer.ts';
import { answered } from '../lists/list-page.ts';
import { metaOfNow } from '../meta.ts';
import { problemResponses, queryOf } from '../schemas.ts';

/** Asks the archive about these dates. */
export type Ask = (within: Dates, sql: (table: string) => string) => Promise<ArchiveTable['rows']>;

export interface ExploreContext {
  readonly ask: Ask;
  readonly period: Pick<Period, 'from' | 'to'>;
  readonly parts: ReadParts;
}

/** One GET that the archive answers. */
export interface ExploreRoute<
  Q extends z.ZodObject = z.ZodObject,
  D extends z.ZodType = z.ZodType,
  P extends z.ZodObject = z.ZodObject,
> {
  readonly path: string;
  readonly summary: string;
  readonly params?: P;
  readonly query: Q;
  readonly data: D;
  answer(query: z.infer<Q>, context: ExploreContext, params: z.infer<P>): Promise<z.infer<D>>;
}

/** Keeps a route's own types while it is written, and hands out the general one. */
export function exploreRoute<Q extends z.ZodObject, D extends z.ZodType, P extends z.ZodObject>(
  route: ExploreRoute<Q, D, P>,
): ExploreRoute {
  return route;
}

const period = {
  from: z.string().optional().openapi({ description: 'date; today where absent', example: '2026-11-01' }),
  to: z.string().optional().openapi({ description: 'date, which is included', example: '2026-11-20' }),
};

/** @param alone lets each key ask one thing at a time */
export function exploreRoutes(
  routes: readonly ExploreRoute[],
  alone: MiddlewareHandler,
  archive: Archive,
  parts: ReadParts,
): OpenAPIHono {
  const app = new OpenAPIHono();
  for (const route of routes) addRoute(app, route, alone, archive, parts);
  return app;
}

function addRoute(
  app: OpenAPIHono,
  route: ExploreRoute,
  alone: MiddlewareHandler,
  archive: Archive,
  parts: ReadParts,
): void {
  const responses: RouteConfig['responses'] = {
    200: { description: 'The answer', content: answered(route.data) },
    ...problemResponses(400, 401, 403, 404, 429, 503),
  };
  const definition = {
    method: 'get',
    path: route.path,
    summary: route.summary,
    tags: ['explore'],
    security: [{ key: [] }],
    middleware: alone,
    responses,
  } satisfies Omit<RouteConfig, 'request'>;
  const query = queryOf({ ...period, ...route.query.shape });
  const send = async (context: Context, asked: Readonly<Record<string, unknown>>, params: Record<string, unknown>) =>
    context.json(await answer(route, asked, params, { archive, parts, signal: context.req.raw.signal }), 200);
  if (route.params === undefined)
    app.openapi(createRoute({ ...definition, request: { query } }), (context) =>
      send(context, context.req.valid('query'), {}),
    );
  else
    app.openapi(createRoute({ ...definition, request: { query, params: route.params } }), (context) =>
      send(context, context.req.valid('query'), context.req.valid('param')),
    );
}

async function answer(
  route: ExploreRoute,
  asked: { readonly from?: string | undefined; readonly to?: string | undefined },
  params: Record<string, unknown>,
  { archive, parts, signal }: { readonly archive: Archive; readonly parts: ReadParts; readonly signal: AbortSignal },
) {
  const { calendar, hourlyDays, now } = parts;
  const period = parsePeriod(asked, { calendar, hourlyDays, nowMs: now(), grain: 'hour' });
  wholeDays(period);
  const { from, to } = period;
  if (!(await archive.exists())) throw new NotFound('Nothing is archived yet; the role archive does that');
  const meta = { ...(await metaOfNow(parts)), from, to, source: 'archive' as const };
  const ask: Ask = async (within, sql) => (await archive.query(within, sql, { signal })).rows;
  const data = await route.answer(asked, { ask, period: { from, to }, parts }, params);
  return { data, meta };
}
