import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { type Endpoint, endpointId, endpointInput } from '../../webhooks/endpoint.ts';
import type { EndpointStore } from '../../webhooks/notifier.ts';
import { newSecret } from '../../webhooks/signature.ts';
import { badRequest, notFound } from '../problems.ts';
import { problemResponses } from '../schemas.ts';
import { parseOrRefuse } from './questions.ts';

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
const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { 'application/json': { schema: z.object({ data: schema }) } },
});
const idParam = z.object({ id: z.string().min(1).max(200) });

const routes = {
  make: createRoute({
    method: 'post',
    path: '/v1/webhooks',
    summary: 'Have carts sent to a URL of yours (admin)',
    ...common,
    request: { body: { content: { 'application/json': { schema: endpointInput } } } },
    responses: { 201: json(made, 'The endpoint, with its secret'), ...problemResponses(400, 401, 403, 503) },
  }),
  list: createRoute({
    method: 'get',
    path: '/v1/webhooks',
    summary: 'Endpoints, without their secrets (admin)',
    ...common,
    responses: { 200: json(z.array(shown), 'Endpoints'), ...problemResponses(401, 403, 503) },
  }),
  remove: createRoute({
    method: 'delete',
    path: '/v1/webhooks/{id}',
    summary: 'Send nothing to an endpoint any more (admin)',
    ...common,
    request: { params: idParam },
    responses: { 204: { description: 'Removed' }, ...problemResponses(401, 403, 404, 503) },
  }),
  dead: createRoute({
    method: 'get',
    path: '/v1/webhooks/deliveries',
    summary: 'Deliveries that were given up, newest first (admin)',
    ...common,
    responses: { 200: json(z.array(deadSchema), 'Deliveries'), ...problemResponses(401, 403, 503) },
  }),
  retry: createRoute({
    method: 'post',
    path: '/v1/webhooks/deliveries/{id}/retry',
    summary: 'Send a delivery that was given up again (admin)',
    ...common,
    request: { params: idParam },
    responses: { 202: { description: 'It is on its way again' }, ...problemResponses(401, 403, 404, 503) },
  }),
};

export function addWebhookRoutes(app: OpenAPIHono, endpoints: EndpointStore, deliveries: DeadDeliveries): void {
  for (const route of Object.values(routes)) app.openAPIRegistry.registerPath(route);
  app.post('/v1/webhooks', async (context) => {
    const body: unknown = await context.req.json().catch(() => {
      throw badRequest('The body is not JSON');
    });
    const input = parseOrRefuse(endpointInput, body);
    const endpoint: Endpoint = { ...input, id: endpointId(input), secret: input.secret ?? newSecret() };
    await endpoints.add(endpoint);
    return context.json({ data: { ...toShown(endpoint), secret: endpoint.secret } }, 201);
  });
  app.get('/v1/webhooks', async (context) => context.json({ data: (await endpoints.list()).map(toShown) }));
  app.get('/v1/webhooks/deliveries', async (context) => context.json({ data: await deliveries.dead(1_000) }));
  app.post('/v1/webhooks/deliveries/:id/retry', async (context) => {
    const { id } = parseOrRefuse(idParam, context.req.param());
    if (!(await deliveries.retry(id))) throw notFound('There is no such delivery that was given up');
    return context.body(null, 202);
  });
  app.delete('/v1/webhooks/:id', async (context) => {
    const { id } = parseOrRefuse(idParam, context.req.param());
    if (!(await endpoints.remove(id)))
      throw notFound('There is no such endpoint; those of WEBHOOKS are removed from the settings');
    return context.body(null, 204);
  });
}

function toShown({ secret: _, disabledAt, ...endpoint }: Endpoint): z.infer<typeof shown> {
  return { ...endpoint, ...(disabledAt !== undefined && { disabled_at: disabledAt }) };
}
