import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { because } from '../../metrics/query/reason.ts';
import { type Endpoint, endpointId, endpointInput, MAX_ENDPOINTS } from '../../webhooks/endpoint.ts';
import type { EndpointStore } from '../../webhooks/notifier.ts';
import { newSecret } from '../../webhooks/signature.ts';
import { TARGET_FAULTS, targetFault } from '../../webhooks/targets.ts';
import { answered, listPage, listQuery } from '../lists/list-page.ts';
import { type Clock, inStoreTime, metaOfNow } from '../meta.ts';
import { badRequest, HttpProblem, notFound } from '../problems.ts';
import { json, problemResponses, queryOf } from '../schemas.ts';
import { wantsJson } from '../wants-json.ts';

/** Deliveries that were given up. */
export interface DeadDeliveries {
  dead(limit: number): Promise<z.infer<typeof deadSchema>[]>;
  retry(id: string): Promise<boolean>;
}

const shown = endpointInput.omit({ secret: true }).extend({ id: z.string(), disabled_at: z.string().optional() });
const made = shown.extend({ secret: z.string().openapi({ description: 'shown this once' }) });
const deadSchema = z.object({
  id: z.string(),
  endpoint_id: z.string(),
  event_id: z.string(),
  type: z.string(),
  cart_id: z.string(),
  attempts: z.int(),
  reason: z.string(),
  failed_at: z.string(),
});

const common = { tags: ['webhooks'], security: [{ key: [] }] };
const idParam = z.object({ id: z.string().min(1).max(200) });

const routes = {
  make: createRoute({
    method: 'post',
    path: '/v1/webhooks',
    summary: 'Have carts sent to a URL of yours (admin)',
    ...common,
    middleware: wantsJson,
    request: { query: queryOf({}), body: { content: json(endpointInput) } },
    responses: {
      201: { description: 'The endpoint, with its secret', content: answered(made) },
      ...problemResponses(400, 401, 403, 409, 413, 415, 503),
    },
  }),
  list: createRoute({
    method: 'get',
    path: '/v1/webhooks',
    summary: 'Endpoints, without their secrets (admin)',
    ...common,
    request: { query: listQuery },
    responses: {
      200: { description: 'Endpoints', content: answered(z.array(shown)) },
      ...problemResponses(400, 401, 403, 503),
    },
  }),
  remove: createRoute({
    method: 'delete',
    path: '/v1/webhooks/{id}',
    summary: 'Send nothing to an endpoint any more (admin)',
    ...common,
    request: { params: idParam, query: queryOf({}) },
    responses: { 204: { description: 'Removed' }, ...problemResponses(400, 401, 403, 404, 503) },
  }),
  dead: createRoute({
    method: 'get',
    path: '/v1/webhooks/deliveries',
    summary: 'Deliveries that were given up, newest first (admin)',
    ...common,
    request: { query: listQuery },
    responses: {
      200: { description: 'Deliveries', content: answered(z.array(deadSchema)) },
      ...problemResponses(400, 401, 403, 503),
    },
  }),
  retry: createRoute({
    method: 'post',
    path: '/v1/webhooks/deliveries/{id}/retry',
    summary: 'Send a delivery that was given up again (admin)',
    ...common,
    middleware: wantsJson,
    request: { params: idParam, query: queryOf({}) },
    responses: {
      202: { description: 'It is on its way again' },
      ...problemResponses(400, 401, 403, 404, 413, 415, 503),
    },
  }),
};

export interface WebhookLimits {
  /** May endpoints be on this machine? */
  readonly allowsLoopback: boolean;
}

export function webhookRoutes(
  endpoints: EndpointStore,
  deliveries: DeadDeliveries,
  { allowsLoopback }: WebhookLimits,
  clock: Clock,
): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(routes.make, async (context) => {
    const input = context.req.valid('json');
    const fault = targetFault(input.url, allowsLoopback);
    if (fault !== undefined) {
      const message = TARGET_FAULTS[fault];
      throw badRequest(`url: ${message}`, [{ path: 'url', message, ...because(fault) }]);
    }
    const endpoint: Endpoint = { ...input, id: endpointId(input), secret: input.secret ?? newSecret() };
    const meta = await metaOfNow(clock);
    if ((await endpoints.add(endpoint)) === 'full') throw tooMany();
    const data = { ...toShown(endpoint, clock), secret: endpoint.secret };
    return context.json({ data, meta }, 201);
  });
  const named = ({ id }: { readonly id: string }): string => id;
  app.openapi(routes.list, async (context) => {
    const read = async () => (await endpoints.list()).map((endpoint) => toShown(endpoint, clock));
    return context.json(await listPage('/v1/webhooks', context.req.valid('query'), clock, read, named), 200);
  });
  app.openapi(routes.dead, async (context) => {
    const read = async (rows: number) =>
      (await deliveries.dead(rows)).map((one) => ({ ...one, failed_at: inStoreTime(clock, one.failed_at) }));
    return context.json(await listPage('/v1/webhooks/deliveries', context.req.valid('query'), clock, read, named), 200);
  });
  app.openapi(routes.retry, async (context) => {
    if (!(await deliveries.retry(context.req.valid('param').id)))
      throw notFound('There is no such delivery that was given up');
    return context.body(null, 202);
  });
  app.openapi(routes.remove, async (context) => {
    if (!(await endpoints.remove(context.req.valid('param').id)))
      throw notFound('There is no such endpoint; those of WEBHOOKS are removed from the settings');
    return context.body(null, 204);
  });
  return app;
}

function tooMany(): HttpProblem {
  const detail = `There are ${MAX_ENDPOINTS} endpoints already; remove one first`;
  return new HttpProblem({ code: 'too-many-endpoints', detail });
}

function toShown({ secret: _, disabledAt, ...endpoint }: Endpoint, clock: Clock): z.infer<typeof shown> {
  return { ...endpoint, ...(disabledAt !== undefined && { disabled_at: inStoreTime(clock, disabledAt) }) };
}
