import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { shortHash } from '../../events/ids/short-hash.ts';
import { MAX_VIEWS, type SavedView, type SavedViews } from '../../runtime/saved-views.ts';
import { answered, listPage, listQuery } from '../lists/list-page.ts';
import { type Clock, inStoreTime, metaOfNow } from '../meta.ts';
import { HttpProblem, notFound } from '../problems.ts';
import { json, problemResponses, queryOf } from '../schemas.ts';
import { wantsJson } from '../wants-json.ts';

/** What a view of the page may say. Whose way through the shop is shown is no part of it: it would name a person to all who read. */
export const VIEW_PARAMETERS: ReadonlySet<string> = new Set([
  ...['tab', 'from', 'to', 'compare', 'filter', 'breakdown', 'currency', 'interval', 'kpi', 'theme', 'screen'],
  ...['funnel', 'mode', 'stage', 'by', 'rank_by', 'product', 'cart_status', 'check', 'reconciliation'],
  ...['group', 'category', 'category2', 'category3', 'category4', 'category5', 'brand'],
  ...['explore', 'cohort', 'cohort_by', 'counted', 'window', 'item', 'first', 'steps', 'cut'],
]);

const viewQuery = z
  .string()
  .max(8_000, { abort: true })
  .superRefine((query, context) => {
    // One is enough to say: a sender may have made up thousands.
    const unknown = [...new URLSearchParams(query).keys()].find((name) => !VIEW_PARAMETERS.has(name));
    if (unknown === undefined) return;
    context.addIssue({ code: 'custom', message: `${unknown.slice(0, 40)} is no parameter of a view`, input: query });
  })
  .openapi({ description: 'what stands behind `?` in the page’s address', example: 'tab=sales&compare=week' });

const viewInput = z
  .strictObject({
    name: z.string().trim().min(1).max(60).openapi({ description: 'one that is taken is replaced', example: 'Monday' }),
    query: viewQuery,
  })
  .openapi('ViewInput');

const shown = z
  .object({ id: z.string(), name: z.string(), query: z.string(), saved_at: z.string() })
  .openapi('SavedView', {
    example: { id: 'Zk3yJ0aX_p1Q9w', name: 'Monday', query: 'tab=sales', saved_at: '2026-11-20T09:00:00+00:00' },
  });

const common = { tags: ['views'], security: [{ key: [] }] };

const routes = {
  save: createRoute({
    method: 'post',
    path: '/v1/views',
    summary: 'Keep a view of the page under a name, for all who may read (admin)',
    ...common,
    middleware: wantsJson,
    request: { query: queryOf({}), body: { content: json(viewInput), required: true } },
    responses: {
      201: { description: 'The view', content: answered(shown) },
      ...problemResponses(400, 401, 403, 409, 413, 415, 503),
    },
  }),
  list: createRoute({
    method: 'get',
    path: '/v1/views',
    summary: 'Views of the page that the shop has kept, by name',
    ...common,
    request: { query: listQuery },
    responses: {
      200: { description: 'Views', content: answered(z.array(shown)) },
      ...problemResponses(400, 401, 403, 503),
    },
  }),
  remove: createRoute({
    method: 'delete',
    path: '/v1/views/{id}',
    summary: 'Keep a view no more (admin)',
    ...common,
    request: { params: z.object({ id: z.string().min(1).max(200) }), query: queryOf({}) },
    responses: { 204: { description: 'Removed' }, ...problemResponses(400, 401, 403, 404, 503) },
  }),
};

export function viewRoutes(views: SavedViews, clock: Clock): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(routes.save, async (context) => {
    const { name, query } = context.req.valid('json');
    // Of the name, so that a view is replaced by one that is called the same.
    const id = shortHash([name]);
    const meta = await metaOfNow(clock);
    const view = { id, name, query, savedAt: new Date(clock.now()).toISOString() };
    if ((await views.put(view)) === 'full') throw tooMany();
    return context.json({ data: toShown(view, clock), meta }, 201);
  });
  app.openapi(routes.list, async (context) => {
    const read = async () => (await views.list()).map((view) => toShown(view, clock));
    return context.json(await listPage('/v1/views', context.req.valid('query'), clock, read, ({ id }) => id), 200);
  });
  app.openapi(routes.remove, async (context) => {
    if (!(await views.remove(context.req.valid('param').id))) throw notFound('There is no such view');
    return context.body(null, 204);
  });
  return app;
}

function toShown({ id, name, query, savedAt }: SavedView, clock: Clock): z.infer<typeof shown> {
  return { id, name, query, saved_at: inStoreTime(clock, savedAt) };
}

function tooMany(): HttpProblem {
  const detail = `There are ${MAX_VIEWS} views already; remove one first`;
  return new HttpProblem({ code: 'too-many-views', detail });
}
